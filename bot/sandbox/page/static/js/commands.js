// The menu of commands: those that the bot offers to this person here, narrowed down while one types.
import { h } from "./dom.js";
import { announce } from "./dialogs.js";
import { t } from "./words.js";

export class Completion {
  constructor(area, send) {
    Object.assign(this, { area, send, commands: [], shown: [], at: 0 });
    this.node = h("div", { class: "completion", role: "listbox", "aria-label": t("write.commands"), tabIndex: 0, hidden: true, id: `commands-${Math.random().toString(36).slice(2)}` });
    // It may be longer than its room, so that it can be reached and understands the same keys.
    this.node.addEventListener("keydown", (event) => this.onKey(event) && area.focus());
    area.setAttribute("aria-controls", this.node.id);
  }

  hide() {
    this.node.hidden = true;
    this.shown = [];
    this.area.removeAttribute("aria-activedescendant");
  }

  all() {
    if (!this.node.hidden) return this.hide();
    this.list(this.commands);
    return this.area.focus();
  }

  follow() {
    const typed = /^\/(\w*)$/.exec(this.area.value);
    if (!typed) return this.hide();
    return this.list(this.commands.filter(({ command }) => command.startsWith(typed[1].toLowerCase())));
  }

  list(commands) {
    if (!commands.length) return this.hide();
    this.shown = commands;
    this.at = 0;
    this.draw();
    return announce(t("write.found", { n: commands.length }));
  }

  draw() {
    this.node.hidden = false;
    this.node.replaceChildren(...this.shown.map((command, place) => this.option(command, place)));
    const active = this.node.children[this.at];
    this.area.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  }

  option({ command, description }, place) {
    return h(
      "div",
      {
        role: "option",
        id: `${this.node.id}-${place}`,
        class: "command",
        "aria-selected": String(place === this.at),
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => this.send(command),
      },
      h("strong", {}, `/${command}`),
      h("span", {}, description),
    );
  }

  // Whether the key was for the menu.
  onKey(event) {
    if (this.node.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.shown.length) % this.shown.length;
      this.draw();
    } else if (event.key === "Tab") {
      this.area.value = `/${this.shown[this.at].command} `;
      this.hide();
    } else if (event.key === "Enter") {
      this.send(this.shown[this.at].command);
    } else if (event.key === "Escape") {
      this.hide();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }
}
