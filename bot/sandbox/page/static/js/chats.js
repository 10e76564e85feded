// A person's chats: the private one with the bot, the groups he is in, and those he may join.
import * as api from "./api.js";
import { nameOf, sign } from "./avatar.js";
import { inBrief } from "./bubble.js";
import { $, h, icon } from "./dom.js";
import { ListBox } from "./listbox.js";
import { on } from "./news.js";
import { badge } from "./people.js";
import { county, people } from "./store.js";
import { listed } from "./when.js";
import { t } from "./words.js";

const CHANGING = ["member", "join_request", "declined", "migrated", "reload", "standing"];

export class ChatList {
  constructor(choose) {
    this.person = null;
    this.chosen = null;
    this.chats = [];
    this.list = new ListBox($("#chats"), { height: 72, draw: (chat) => this.row(chat), key: (chat) => chat.id, choose: (chat) => choose(chat.id) });
    for (const kind of CHANGING) on(kind, () => this.reloadSoon());
    for (const kind of ["message", "edited"]) on(kind, (news) => this.hear(news));
    on("read", ({ person, chat }) => person === this.person && this.change(chat, { unread: 0 }));
  }

  async show(person, chat) {
    this.chosen = chat;
    if (this.person !== person) {
      this.person = person;
      this.chats = [];
    }
    this.draw();
    await this.reload();
  }

  // What is heard meanwhile may not stand in the answer yet.
  async reload() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.meanwhile = [];
    const { chats } = await api.chatsOf(this.person).catch(() => ({ chats: this.chats }));
    if (turn !== this.turn) return;
    this.chats = chats;
    this.draw();
    const missed = this.meanwhile;
    this.meanwhile = null;
    for (const news of missed) this.hear(news);
  }

  reloadSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.person && this.reload(), 80);
  }

  hear({ chat, content }) {
    this.meanwhile?.push({ chat, content });
    const known = this.chats.find((one) => one.id === chat);
    if (!known) return;
    const isNew = !known.last || content.message_id > known.last.message_id;
    if (!isNew && content.message_id !== known.last.message_id) return;
    const counts = isNew && content.from?.id !== this.person && known.is_in;
    this.change(chat, { last: content, unread: known.unread + (counts ? 1 : 0) });
  }

  change(id, what) {
    const known = this.chats.find((one) => one.id === id);
    if (known) Object.assign(known, what);
    this.draw();
  }

  draw() {
    const person = people.get(this.person);
    $("#chats-of").textContent = person ? t("lists.chats_of", { name: person.name }) : "";
    const mine = this.chats.filter((chat) => chat.is_in);
    const others = this.chats.filter((chat) => !chat.is_in);
    this.list.show([...mine, ...others], this.chosen);
  }

  row(chat) {
    const photo = chat.type === "private" ? sign(county.bot.id, chat.title, "bot") : sign(chat.id, chat.title);
    return [
      photo,
      h(
        "span",
        { class: "row-words" },
        h("span", { class: "row-top" }, h("strong", {}, chat.title), chat.type === "private" ? icon("bot") : null, chat.last ? h("time", {}, listed(chat.last.date)) : null),
        h("span", { class: "row-bottom" }, h("span", { class: "preview" }, this.preview(chat)), badge(chat.unread)),
      ),
    ];
  }

  preview(chat) {
    if (!chat.is_in) return h("em", {}, t(chat.asked ? "chat.asked_short" : "lists.may_join", { n: chat.members }));
    if (!chat.last) return h("em", {}, t("lists.silent"));
    const by = chat.type !== "private" && chat.last.from ? `${nameOf(chat.last.from)}: ` : "";
    return `${by}${inBrief(chat.last)}`;
  }
}
