// The county's people: each can be played. Searched by name, narrowed by role, and one can add to them.
import * as api from "./api.js";
import { avatar } from "./avatar.js";
import { askBox, toast } from "./dialogs.js";
import { $, h } from "./dom.js";
import { ListBox } from "./listbox.js";
import { on } from "./news.js";
import { people } from "./store.js";
import { language, t } from "./words.js";

const ROLES = ["admin", "auditor", "leader", "resident", "stranger"];
const BADGE_MAX = 99;

export const badge = (n) => (n ? h("span", { class: "badge", "aria-label": t("lists.unread", { n }) }, n > BADGE_MAX ? `${BADGE_MAX}+` : n) : null);

export class PeopleList {
  constructor(choose) {
    this.choose = choose;
    this.chosen = null;
    this.role = "";
    this.list = new ListBox($("#people"), { height: 60, draw: row, key: (person) => person.id, choose: (person) => choose(person.id) });
    this.search = $("#search");
    this.search.addEventListener("input", () => this.draw());
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "Enter") return;
      event.preventDefault();
      this.list.node.focus();
    });
    $("#add-person").addEventListener("click", () => this.add());
    this.chips = $("#roles");
    on("people", () => this.drawSoon());
  }

  drawSoon() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.draw();
    });
  }

  draw() {
    const wanted = this.search.value.trim().toLowerCase();
    const fits = (person) => (!this.role || person.role === this.role) && `${person.name} ${person.key} ${about(person)}`.toLowerCase().includes(wanted);
    const shown = [...people.values()].filter(fits);
    shown.sort((one, other) => ROLES.indexOf(one.role) - ROLES.indexOf(other.role));
    this.list.show(shown, this.chosen);
    $("#no-people").hidden = shown.length > 0;
    this.drawChips();
  }

  drawChips() {
    const there = ROLES.filter((role) => [...people.values()].some((person) => person.role === role));
    const names = ["", ...there].join();
    if (this.chips.dataset.names === `${names}:${this.role}`) return;
    this.chips.dataset.names = `${names}:${this.role}`;
    const chip = (role) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(role === this.role),
          onclick: () => {
            this.role = role;
            this.draw();
          },
        },
        role ? t(`roles.${role}`) : t("lists.all"),
      );
    this.chips.replaceChildren(...["", ...there].map(chip));
  }

  show(id) {
    this.chosen = id;
    this.draw();
  }

  async add() {
    const fields = [
      { name: "name", label: t("lists.name"), value: "", max: "32" },
      { name: "language", label: t("lists.language"), options: [["zh", "中文"], ["en", "English"]], value: language },
    ];
    const given = await askBox(t("lists.add"), fields, { ok: t("lists.add_ok"), words: t("lists.add_words") });
    if (!given?.name.trim()) return;
    try {
      const person = await api.newPerson(given.name, given.language);
      people.set(person.id, person);
      this.choose(person.id);
    } catch (error) {
      toast(error.message);
    }
  }
}

// Who somebody is in a word, as far as the county says; what he may do is told by the colour as well.
const about = (person) => person.about?.[language] ?? t(`roles.${person.role}`);

function row(person) {
  return [
    avatar(person.id, person.name, `role-${person.role}`),
    h("span", { class: "row-words" }, h("strong", {}, person.name), h("span", { class: `role role-${person.role}`, title: about(person) }, about(person))),
    badge(person.unread),
  ];
}
