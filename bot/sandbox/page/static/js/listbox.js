// A list of which only what is seen is drawn. Arrows move, Enter chooses, a click does both.
import { h } from "./dom.js";

const SPARE = 4;
let lists = 0;

export class ListBox {
  // `draw(item)` gives a row's content, `key(item)` what it is known by, `choose(item)` is called for the chosen one.
  constructor(node, { height, draw, key, choose }) {
    Object.assign(this, { node, height, draw, key, choose });
    this.items = [];
    this.chosen = null;
    this.active = 0;
    this.name = `list${(lists += 1)}`;
    this.rows = h("div", { class: "listbox-rows", role: "presentation" });
    node.append(this.rows);
    node.setAttribute("role", "listbox");
    node.tabIndex = 0;
    node.addEventListener("scroll", () => this.drawSoon());
    node.addEventListener("keydown", (event) => this.onKey(event));
    node.addEventListener("focus", () => node.matches(":focus-visible") && this.reveal());
    this.hearPointer();
    new ResizeObserver(() => this.drawSoon()).observe(node);
  }

  show(items, chosen) {
    this.items = items;
    this.chosen = chosen;
    const place = items.findIndex((item) => this.key(item) === chosen);
    if (place >= 0 && document.activeElement !== this.node) this.active = place;
    this.active = Math.min(this.active, Math.max(0, items.length - 1));
    this.drawSoon();
  }

  drawSoon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.drawNow();
    });
  }

  drawNow() {
    const first = Math.max(0, Math.floor(this.node.scrollTop / this.height) - SPARE);
    const last = Math.min(this.items.length, Math.ceil((this.node.scrollTop + this.node.clientHeight) / this.height) + SPARE);
    this.rows.style.height = `${this.items.length * this.height}px`;
    this.rows.replaceChildren(...this.items.slice(first, last).map((item, place) => this.row(item, first + place)));
    if (this.active >= first && this.active < last) this.node.setAttribute("aria-activedescendant", `${this.name}-${this.active}`);
    else this.node.removeAttribute("aria-activedescendant");
  }

  row(item, place) {
    const isChosen = this.key(item) === this.chosen;
    const row = h(
      "div",
      {
        class: `row${isChosen ? " chosen" : ""}${place === this.active ? " active" : ""}`,
        role: "option",
        id: `${this.name}-${place}`,
        "aria-selected": String(isChosen),
        "aria-setsize": String(this.items.length),
        "aria-posinset": String(place + 1),
        data: { key: this.key(item) },
        // A pointer is heard below; this one is for whoever presses without one.
        onclick: (event) => event.detail === 0 && this.pick(place),
      },
      this.draw(item),
    );
    row.style.transform = `translateY(${place * this.height}px)`;
    row.style.height = `${this.height}px`;
    return row;
  }

  // By the place alone, for a row may be drawn anew between the pointer's coming down and its going up.
  hearPointer() {
    let down = null;
    const place = (event) => Math.floor((event.clientY - this.rows.getBoundingClientRect().top) / this.height);
    this.node.addEventListener("pointerdown", (event) => (down = event.button === 0 ? place(event) : null));
    this.node.addEventListener("pointercancel", () => (down = null));
    this.node.addEventListener("pointerup", (event) => {
      if (down !== null && place(event) === down && this.items[down]) this.pick(down);
      down = null;
    });
  }

  pick(place) {
    this.active = place;
    if (this.items[place]) this.choose(this.items[place]);
    this.drawSoon();
  }

  onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -this.items.length, End: this.items.length };
    if (event.key === "Enter" || event.key === " ") this.pick(this.active);
    else if (event.key in steps) this.active = Math.max(0, Math.min(this.items.length - 1, this.active + steps[event.key]));
    else return;
    event.preventDefault();
    this.reveal();
  }

  reveal() {
    const top = this.active * this.height;
    if (top < this.node.scrollTop) this.node.scrollTop = top;
    else if (top + this.height > this.node.scrollTop + this.node.clientHeight) this.node.scrollTop = top + this.height - this.node.clientHeight;
    this.drawSoon();
  }
}
