// One chat as one person sees it. Two of them may stand side by side.
import * as api from "./api.js";
import { Composer } from "./composer.js";
import { alertBox, announce, lightbox, sure, toast } from "./dialogs.js";
import { bubble, authorName, inBrief } from "./bubble.js";
import { h, iconButton } from "./dom.js";
import { drawHead, drawTopics } from "./head.js";
import { History } from "./history.js";
import { follow, linksOf } from "./links.js";
import { messageMenu } from "./message_menu.js";
import { emit } from "./news.js";
import { people } from "./store.js";
import { t } from "./words.js";

const TYPING_MILLISECONDS = 5000;

export class Pane {
  // `wants(pane, where)` is called when the pane would show something else; `touched(pane)` when somebody uses it.
  constructor({ wants, touched }) {
    Object.assign(this, { wants, touched });
    this.where = null;
    this.chat = null;
    this.pressed = new Map();
    this.history = new History({
      draw: (message) => bubble(message, this),
      fetch: (asked) => api.messages(this.where.person, this.where.chat, { ...asked, topic: this.where.topic }),
      atEnd: () => this.read(),
    });
    this.composer = new Composer(this);
    this.head = h("header", { class: "pane-head" });
    this.under = h("div", { class: "pane-under" });
    this.toEnd = iconButton("down", t("chat.to_end"), () => this.refresh(), { class: "icon-button to-end" });
    this.history.node.addEventListener("scroll", () => this.toEnd.classList.toggle("shown", !this.history.isAtEnd), { passive: true });
    // From any of its buttons back to where one writes.
    this.history.node.addEventListener("keydown", (event) => event.key === "Escape" && this.composer.area.focus());
    this.node = h("section", { class: "pane" }, this.head, this.under, h("div", { class: "pane-chat" }, this.history.node, this.toEnd), this.composer.node);
    this.node.addEventListener("pointerdown", () => this.touched(this));
    this.node.addEventListener("focusin", () => this.touched(this));
  }

  get person() {
    return people.get(this.where.person);
  }

  get isGroup() {
    return this.chat?.type !== "private";
  }

  go(person, chat, topic = 0) {
    this.wants(this, { person, chat, topic });
  }

  async show(where) {
    this.where = where;
    this.pressed.clear();
    this.composer.begin(where);
    await this.refresh();
  }

  // Everything anew from the server; what happens meanwhile is put in afterwards.
  async refresh() {
    const where = this.where;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.meanwhile ??= [];
    this.node.setAttribute("aria-busy", "true");
    try {
      const chat = await api.openChat(where.person, where.chat, where.topic);
      if (turn !== this.turn) return;
      this.take(chat);
    } catch (error) {
      this.fail(error);
    } finally {
      if (turn === this.turn) this.node.setAttribute("aria-busy", "false");
    }
    // A later question takes what happens with it.
    if (turn !== this.turn) return;
    const missed = this.meanwhile ?? [];
    this.meanwhile = null;
    for (const [kind, content] of missed) this.hear(kind, content);
  }

  take(chat) {
    this.chat = chat;
    this.pressed = new Map((chat.pressed ?? []).map((press) => [press.press_id, press]));
    for (const id of this.pressed.keys()) this.forgetLater(id);
    const empty = !chat.is_in ? t("chat.not_in") : chat.is_started === false && !this.isGroup ? t("chat.not_started") : t("chat.empty");
    this.history.show(chat.messages, { older: chat.more, read: chat.read, own: this.where.person, empty });
    this.drawAround();
    this.read();
  }

  drawAround() {
    drawHead(this);
    drawTopics(this);
    this.composer.show(this.chat);
  }

  fail(error) {
    if (!(error instanceof api.Refusal)) throw error;
    toast(error.message, this.node);
    announce(error.message);
  }

  // A deed of this person in this chat. What is refused is shown, and gives null.
  async does(deed, given = {}) {
    try {
      return await api.does(this.where.person, deed, { chat: this.where.chat, topic: this.where.topic, ...given });
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  read() {
    if (!this.chat?.is_in || document.hidden || !this.history.isAtEnd || !this.chat.unread) return;
    this.chat.unread = 0;
    api.markRead(this.where.person, this.where.chat).catch(() => null);
  }

  // What happens

  hear(kind, { chat, content }) {
    if (this.meanwhile) return this.meanwhile.push([kind, { chat, content }]);
    if (!this.chat || chat !== this.where.chat) return null;
    return HEARD[kind]?.call(this, content);
  }

  isOfTopic(message) {
    return !this.chat.topics.length || (message.message_thread_id ?? 0) === this.where.topic;
  }

  said(message) {
    const isMine = message.from?.id === this.where.person;
    if (!isMine) this.chat.unread += 1;
    if (isMine && !this.isGroup && !this.chat.is_started) this.refreshSoon();
    if (message.pinned_message || message.new_chat_members || message.left_chat_member) this.refreshSoon();
    if (!this.isOfTopic(message)) return;
    this.types(false);
    if (message.poll) return this.again(message);
    this.history.put(message, { isMine });
    if (!isMine) announce(`${authorName(message)}: ${inBrief(message)}`);
    this.read();
  }

  edited(message) {
    if (message.poll) this.again(message);
    else this.history.again(message);
  }

  // Polls look different to each voter, so that the server is asked.
  async again(message) {
    const found = await api.messages(this.where.person, this.where.chat, { after: message.message_id - 1, topic: this.where.topic });
    const fresh = found.messages.find((one) => one.message_id === message.message_id);
    if (fresh) this.history.put(fresh);
  }

  refreshSoon() {
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(async () => {
      const chat = await api.openChat(this.where.person, this.where.chat, this.where.topic).catch(() => null);
      if (chat?.id !== this.where.chat) return;
      this.chat = { ...chat, unread: this.chat.unread };
      this.drawAround();
    }, 60);
  }

  types(isTyping) {
    clearTimeout(this.typing);
    if (isTyping) this.typing = setTimeout(() => this.types(false), TYPING_MILLISECONDS);
    this.node.classList.toggle("typing", isTyping);
  }

  answered({ user_id, press_id, message_id, text, show_alert, url }) {
    if (user_id !== this.where.person) return;
    this.pressed.delete(press_id);
    this.answeredEarly = press_id;
    this.history.redraw(message_id);
    if (text) announce(text);
    if (text && show_alert) alertBox(this.person.name, text);
    else if (text) toast(text, this.node);
    if (url) this.follow(url);
  }

  forgetLater(press_id) {
    setTimeout(() => {
      const press = this.pressed.get(press_id);
      if (!press) return;
      this.pressed.delete(press_id);
      this.history.redraw(press.message_id);
    }, 10000);
  }

  // What a message's reader does

  isPressed(message_id, data) {
    return [...this.pressed.values()].some((press) => press.message_id === message_id && press.data === data);
  }

  async press(message, button) {
    if (button.copy_text) return this.copy(button.copy_text.text);
    if (button.url) return this.follow(button.url);
    const waiting = { message_id: message.message_id, data: button.callback_data };
    this.pressed.set("now", waiting);
    this.history.redraw(message.message_id);
    const done = await this.does("presses", waiting);
    this.pressed.delete("now");
    if (done && this.answeredEarly !== done.press_id) {
      this.pressed.set(done.press_id, waiting);
      this.forgetLater(done.press_id);
    }
    this.history.redraw(message.message_id);
    return emit("pressed", { person: this.where.person, chat: this.where.chat, label: button.text, data: button.callback_data });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("chat.copied"), this.node);
    } catch {
      alertBox(t("chat.copy_yourself"), text);
    }
  }

  async follow(url) {
    try {
      emit("followed", { person: this.where.person, url });
      await follow(url, this);
    } catch (error) {
      this.fail(error);
    }
  }

  say(text) {
    return this.does("says", { text });
  }

  vote(message, options) {
    return this.does("votes", { message_id: message.message_id, options });
  }

  menu(message, event) {
    messageMenu(this, message, event);
  }

  async jump(message_id) {
    try {
      if (!(await this.history.jump(message_id))) this.fail(new api.Refusal(t("chat.gone")));
    } catch (error) {
      this.fail(error);
    }
  }

  look(message) {
    const links = linksOf(message).map((url) => ({ label: t("qr.open", { name: this.person.name }), deed: () => this.follow(url) }));
    lightbox(api.fileAddress(message.photo.at(-1).file_id), message.caption ?? t("kinds.photo"), links);
  }

  async blocks(isBlocking) {
    if (isBlocking && !(await sure(t("chat.block"), t("chat.block_words"), t("chat.block")))) return;
    await this.does(isBlocking ? "blocks" : "unblocks");
  }
}

const HEARD = {
  message: Pane.prototype.said,
  edited: Pane.prototype.edited,
  answered: Pane.prototype.answered,
  deleted(message) {
    this.history.remove(message.message_id);
    if (this.chat.pinned?.some((one) => one.message_id === message.message_id)) this.refreshSoon();
  },
  action() {
    this.types(true);
  },
  keyboard(markup) {
    this.chat.keyboard = markup;
    this.composer.show(this.chat);
  },
  read() {
    this.chat.unread = 0;
  },
  migrated({ migrate_to_chat_id }) {
    this.go(this.where.person, migrate_to_chat_id);
  },
  member: Pane.prototype.refreshSoon,
  join_request: Pane.prototype.refreshSoon,
  declined: Pane.prototype.refreshSoon,
  unpinned: Pane.prototype.refreshSoon,
  menu: Pane.prototype.refreshSoon,
  standing: Pane.prototype.refreshSoon,
};
export const KINDS = Object.keys(HEARD);
