// The line in which one writes: words, commands with completion, files, places, the bot's keys.
import { h, icon, iconButton } from "./dom.js";
import { attachments, sendFile } from "./attach.js";
import { inBrief } from "./bubble.js";
import { Completion } from "./commands.js";
import { replyKeyboard } from "./keyboard.js";
import { menu } from "./dialogs.js";
import { t } from "./words.js";

export class Composer {
  constructor(pane) {
    this.pane = pane;
    this.area = h("textarea", { rows: "1", placeholder: t("write.here"), "aria-label": t("write.here"), maxlength: "20000", enterkeyhint: "send", dir: "auto" });
    this.completion = new Completion(this.area, (command) => this.send(`/${command}`));
    this.banner = h("div", { class: "banner", hidden: true });
    this.keys = h("div", { class: "keys" });
    this.keysButton = iconButton("keys", t("write.keys"), () => this.toggleKeys(), { hidden: true });
    this.commandsButton = h("button", { type: "button", class: "commands-button", "aria-label": t("write.commands"), title: t("write.commands"), onclick: () => this.completion.all() }, icon("slash"));
    this.sendButton = iconButton("send", t("write.send"), () => this.send(), { class: "icon-button send" });
    this.line = h(
      "div",
      { class: "write" },
      this.commandsButton,
      this.area,
      this.keysButton,
      iconButton("clip", t("write.attach"), (event) => menu(attachments(pane), event, t("write.attach"))),
      this.sendButton,
    );
    this.instead = h("div", { class: "write-instead" });
    this.node = h("footer", { class: "composer" }, this.completion.node, this.banner, this.line, this.instead, this.keys);
    this.area.addEventListener("input", () => this.grow());
    this.area.addEventListener("keydown", (event) => this.onKey(event));
    this.area.addEventListener("paste", (event) => this.onFiles(event, event.clipboardData.files));
  }

  // In another place: what was typed there before, also before the page was loaded again.
  begin({ person, chat, topic }) {
    this.draft = `draft:${person}.${chat}.${topic}`;
    this.reset(sessionStorage.getItem(this.draft) ?? "");
  }

  reset(text = "") {
    this.replying = this.editing = null;
    this.area.value = text;
    this.grow();
    this.drawBanner();
    this.completion.hide();
  }

  show(chat) {
    const offers = this.offers(chat);
    this.line.hidden = Boolean(offers);
    this.instead.hidden = !offers;
    this.instead.replaceChildren(...(offers ? [offers].flat() : []));
    this.completion.commands = chat.commands ?? [];
    this.commandsButton.hidden = !chat.commands?.length;
    const keys = offers ? null : replyKeyboard(chat.keyboard, (key) => this.strike(key));
    this.keys.replaceChildren(...(keys ? [keys] : []));
    this.keysButton.hidden = !keys;
  }

  // What stands in the line's place where one can't write, or not yet.
  offers(chat) {
    const large = (words, deed, given) => h("button", { type: "button", class: "primary large", onclick: () => this.pane.does(deed, given) }, words);
    if (!chat.is_in && chat.asked) return h("p", {}, t("chat.asked"));
    if (!chat.is_in) return large(t(chat.by_request ? "chat.ask" : "chat.join"), "joins");
    if (chat.is_blocking && !this.pane.isGroup) return large(t("chat.unblock"), "unblocks");
    if (!this.pane.isGroup && !chat.is_started) return large(t("chat.start"), "starts");
    return chat.may_write ? null : h("p", {}, t("chat.may_not_write"));
  }

  strike(key) {
    if (key.request_contact) return this.pane.does("shares", { phone: "+86 138 0000 0000" });
    if (key.request_location) return this.pane.does("locates", { latitude: 30.27, longitude: 120.15 });
    return this.pane.say(key.text);
  }

  toggleKeys() {
    this.keys.hidden = !this.keys.hidden;
  }

  grow() {
    this.area.style.height = "auto";
    // What is not seen has no height of its own.
    if (this.area.scrollHeight) this.area.style.height = `${Math.min(this.area.scrollHeight, 180)}px`;
    this.sendButton.classList.toggle("ready", this.area.value.trim() !== "");
    this.completion.follow();
    if (!this.editing) sessionStorage.setItem(this.draft, this.area.value);
  }

  onKey(event) {
    // While a Chinese input method is open, Enter is its own.
    if (event.isComposing || event.keyCode === 229) return;
    if (this.completion.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && (this.replying || this.editing)) {
      this.reset();
    } else if (event.key === "ArrowUp" && !this.area.value) {
      this.editLast(event);
    }
  }

  editLast(event) {
    const own = [...this.pane.history.loaded.values()].map((one) => one.message).filter((message) => message.from?.id === this.pane.where.person && message.text);
    if (!own.length) return;
    event.preventDefault();
    this.edit(own.at(-1));
  }

  onFiles(event, files) {
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) sendFile(this.pane, file, file.type.startsWith("image/"));
  }

  async send(words = this.area.value) {
    const text = words.trim();
    if (!text) return;
    const { replying, editing, pane } = this;
    this.reset();
    const done = editing
      ? await pane.does("edits", { message_id: editing.message_id, text })
      : await pane.does("says", { text, reply_to: replying?.message_id });
    // What could not be sent is not lost.
    if (!done && !this.area.value) this.area.value = text;
    this.grow();
  }

  replyTo(message) {
    this.replying = message;
    this.editing = null;
    this.drawBanner();
    this.area.focus();
  }

  edit(message) {
    this.editing = message;
    this.replying = null;
    this.area.value = message.text;
    this.grow();
    this.drawBanner();
    this.area.focus();
  }

  drawBanner() {
    const about = this.replying ?? this.editing;
    this.banner.hidden = !about;
    if (!about) return;
    const title = t(this.editing ? "write.editing" : "write.replying");
    this.banner.replaceChildren(
      icon(this.editing ? "edit" : "reply"),
      h("span", { class: "banner-words" }, h("strong", {}, title), h("span", {}, inBrief(about))),
      iconButton("close", t("dialog.cancel"), () => this.reset()),
    );
  }
}
