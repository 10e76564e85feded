// The messages of a chat, of which only a window is in the page: older and newer ones come when scrolled to.
import { h } from "./dom.js";
import { day } from "./when.js";
import { t } from "./words.js";

// What was fetched at once and the nearest beyond the edge, and beside them what a window of any height can show.
const DRAWN_MIN = 70;
const LINE = 24;
const NEAR = 700;
const TOGETHER_SECONDS = 300;

export class History {
  // `draw(message)` gives a message's node; `fetch({before|after|around})` gives { messages, more }.
  constructor({ draw, fetch, atEnd }) {
    Object.assign(this, { draw, fetch, atEnd });
    this.list = h("div", { class: "messages-list" });
    this.empty = h("div", { class: "service empty" });
    this.node = h("div", { class: "messages", tabIndex: 0, role: "log", "aria-label": t("chat.messages"), "aria-live": "off" }, this.list);
    this.node.addEventListener("scroll", () => this.onScroll(), { passive: true });
    this.node.addEventListener("keydown", (event) => this.onKey(event));
    this.watch = new ResizeObserver(() => this.wasAtEnd && !this.isHeld && this.toEnd());
    this.watch.observe(this.node);
    this.watch.observe(this.list);
    this.hearPresses();
    this.clear();
  }

  // From a press's beginning to its end nothing moves or is drawn anew, or the browser would see no press at all.
  hearPresses() {
    this.list.addEventListener("pointerdown", (event) => (this.isHeld = event.button === 0));
    this.list.addEventListener("keydown", (event) => (this.isHeld ||= event.key === " "));
    for (const end of ["pointerup", "pointercancel", "keyup", "blur"]) addEventListener(end, () => this.isHeld && setTimeout(() => this.letGo()));
  }

  letGo() {
    this.isHeld = false;
    for (const change of this.later.splice(0)) change();
    if (this.wasAtEnd) this.toEnd();
  }

  calmly(change) {
    if (this.isHeld) this.later.push(change);
    else change();
  }

  clear() {
    this.isHeld = false;
    this.later = [];
    this.loaded = new Map();
    this.older = this.newer = false;
    this.busy = false;
    this.wasAtEnd = true;
    this.unreadFrom = Infinity;
    this.list.replaceChildren();
  }

  show(messages, { older, newer = false, read = Infinity, own = 0, empty = "" }) {
    this.clear();
    this.older = older;
    this.newer = newer;
    this.empty.replaceChildren(h("span", {}, empty));
    const unread = messages.find((message) => message.message_id > read && message.from?.id !== own);
    this.unreadFrom = unread && messages[0] !== unread ? unread.message_id : Infinity;
    for (const message of messages) this.loaded.set(message.message_id, { message, node: this.made(message) });
    this.list.replaceChildren(...this.nodes());
    this.decorate();
    if (this.unreadFrom < Infinity) this.reveal(this.unreadFrom, "start");
    else this.toEnd();
    this.fill();
  }

  // A window may be so tall that there is nothing to scroll yet.
  fill() {
    if (this.older && this.node.scrollHeight <= this.node.clientHeight) this.more("before");
  }

  made(message) {
    return h("div", { class: "item", data: { id: message.message_id } }, this.draw(message));
  }

  nodes() {
    return [...this.loaded.values()].map((one) => one.node);
  }

  get isAtEnd() {
    return !this.newer && this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 60;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.wasAtEnd = true;
  }

  // A new message, or another version of one.
  put(message, { isMine = false } = {}) {
    this.calmly(() => (this.loaded.has(message.message_id) ? this.change(message) : this.add(message, isMine)));
  }

  add(message, isMine) {
    const [last] = [...this.loaded.keys()].slice(-1);
    if (this.newer || (last !== undefined && message.message_id < last)) return;
    const stay = this.wasAtEnd || isMine;
    const node = this.made(message);
    node.classList.add("fresh");
    this.loaded.set(message.message_id, { message, node });
    this.list.append(node);
    if (stay) this.drop("oldest");
    this.decorate();
    if (stay) this.toEnd();
  }

  again(message) {
    this.calmly(() => this.change(message));
  }

  change(message) {
    const known = this.loaded.get(message.message_id);
    if (!known) return;
    const held = this.node.contains(document.activeElement) && known.node.contains(document.activeElement);
    const place = held ? [...known.node.querySelectorAll("button")].indexOf(document.activeElement) : -1;
    known.message = message;
    known.node.replaceChildren(this.draw(message));
    this.decorate();
    // Whoever presses by keyboard goes on from where he was.
    if (held) (known.node.querySelectorAll("button")[place] ?? known.node.querySelector(".key") ?? this.node).focus({ preventScroll: true });
    if (this.wasAtEnd) this.toEnd();
  }

  redraw(message_id) {
    this.calmly(() => this.loaded.has(message_id) && this.change(this.loaded.get(message_id).message));
  }

  remove(message_id) {
    this.calmly(() => {
      this.loaded.get(message_id)?.node.remove();
      this.loaded.delete(message_id);
      this.decorate();
    });
  }

  drop(which) {
    const ids = [...this.loaded.keys()];
    const spare = ids.length - DRAWN_MIN - Math.ceil(innerHeight / LINE);
    if (spare <= 0) return;
    for (const id of which === "oldest" ? ids.slice(0, spare) : ids.slice(-spare)) {
      this.loaded.get(id).node.remove();
      this.loaded.delete(id);
    }
    if (which === "oldest") this.older = true;
    else this.newer = true;
  }

  async onScroll() {
    this.wasAtEnd = this.isAtEnd;
    if (this.wasAtEnd) this.atEnd?.();
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    if (scrollTop < NEAR && this.older) await this.more("before");
    else if (scrollHeight - scrollTop - clientHeight < NEAR && this.newer) await this.more("after");
  }

  async more(side) {
    if (this.busy || !this.loaded.size) return;
    this.busy = true;
    const ids = [...this.loaded.keys()];
    const loaded = this.loaded;
    try {
      const { messages, more } = await this.fetch({ [side]: side === "before" ? ids[0] : ids.at(-1) });
      if (loaded !== this.loaded) return;
      this.keepPlace(side === "before" ? ids[0] : ids.at(-1), () => this.join(messages, side, more));
    } finally {
      this.busy = false;
    }
    this.fill();
  }

  join(messages, side, more) {
    const fresh = messages.filter((message) => !this.loaded.has(message.message_id)).map((message) => [message.message_id, { message, node: this.made(message) }]);
    this.loaded = new Map(side === "before" ? [...fresh, ...this.loaded] : [...this.loaded, ...fresh]);
    if (side === "before") this.list.prepend(...fresh.map(([, one]) => one.node));
    else this.list.append(...fresh.map(([, one]) => one.node));
    if (side === "before") this.older = more;
    else this.newer = more;
    this.drop(side === "before" ? "newest" : "oldest");
    this.decorate();
  }

  // What is looked at stays where it is on the screen, whatever comes above it.
  keepPlace(id, change) {
    const node = this.loaded.get(id).node;
    const before = node.getBoundingClientRect().top;
    change();
    this.node.scrollTop += node.getBoundingClientRect().top - before;
  }

  // Whether it was still there.
  async jump(message_id) {
    if (!this.loaded.has(message_id)) {
      const { messages, more } = await this.fetch({ around: message_id });
      if (!messages.some((message) => message.message_id === message_id)) return false;
      this.show(messages, { older: more, newer: true });
    }
    this.reveal(message_id, "center");
    const node = this.loaded.get(message_id)?.node;
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1600);
    return true;
  }

  reveal(message_id, block) {
    this.loaded.get(message_id)?.node.scrollIntoView({ block });
    this.wasAtEnd = this.isAtEnd;
  }

  // Days between messages, and messages of the same person close together.
  decorate() {
    this.empty.remove();
    if (!this.loaded.size) this.list.append(this.empty);
    let before = null;
    let last = null;
    for (const { message, node } of this.loaded.values()) {
      const isNewDay = !before || day(before.message.date) !== day(message.date);
      this.chip(node, "day", isNewDay ? day(message.date) : "");
      this.chip(node, "unread", message.message_id === this.unreadFrom ? t("chat.unread") : "");
      const goesOn = !isNewDay && isTogether(before.message, message);
      node.classList.toggle("follows", goesOn);
      before?.node.classList.toggle("ends", !goesOn);
      before = last = { message, node };
    }
    last?.node.classList.add("ends");
  }

  chip(node, kind, words) {
    const there = node.querySelector(`:scope > .${kind}`);
    if (there?.textContent === words || (!there && !words)) return;
    there?.remove();
    if (words) node.prepend(h("div", { class: `service ${kind}` }, h("span", {}, words)));
  }

  onKey(event) {
    if (event.target !== this.node) return;
    if (event.key === "Home") this.node.scrollTop = 0;
    else if (event.key === "End") this.toEnd();
    else return;
    event.preventDefault();
  }
}

function isTogether(one, other) {
  const isSame = (one.sender_chat ?? one.from)?.id === (other.sender_chat ?? other.from)?.id;
  return isSame && other.date - one.date < TOGETHER_SECONDS && !one.new_chat_members && !other.new_chat_members;
}
