// One message as its reader sees it: who said it, what, when, and the buttons below.
import { avatar, colour, nameOf, sign } from "./avatar.js";
import { h, icon } from "./dom.js";
import { richText } from "./entities.js";
import { inlineKeyboard } from "./keyboard.js";
import { media } from "./media.js";
import { clock, fullDate } from "./when.js";
import { t } from "./words.js";

const author = (message) => message.sender_chat ?? message.from;
export const authorName = (message) => message.sender_chat?.title ?? nameOf(message.from);

// Where nothing can come near a message, a tap on it opens its menu, but for what does something of its own.
const NO_POINTER = matchMedia("(hover: none)");
const ACTS = "a, button, label, blockquote";

function face(message) {
  const drawn = message.sender_chat || message.from?.is_bot ? sign : avatar;
  return drawn(author(message).id, authorName(message), "small");
}

// What a message says in one line, for lists, replies and pinned bars.
export function inBrief(message) {
  const service = serviceWords(message);
  if (service) return service;
  const said = message.text ?? message.caption;
  if (said) return said.replace(/\s+/g, " ");
  if (message.poll) return `📊 ${message.poll.question}`;
  const kind = ["photo", "document", "location", "contact", "sticker"].find((name) => name in message);
  if (kind === "document") return `📎 ${message.document.file_name}`;
  return kind ? t(`kinds.${kind}`) : "";
}

export function serviceWords(message) {
  if (message.new_chat_members) {
    const names = message.new_chat_members.map(nameOf).join("、");
    const by_himself = message.new_chat_members[0].id === message.from?.id;
    return t(by_himself ? "service.joined" : "service.added", { names, by: nameOf(message.from) });
  }
  if (message.left_chat_member) {
    const by_himself = message.left_chat_member.id === message.from?.id;
    return t(by_himself ? "service.left" : "service.removed", { name: nameOf(message.left_chat_member), by: nameOf(message.from) });
  }
  if (message.pinned_message) return t("service.pinned", { name: authorName(message), words: inBrief(message.pinned_message).slice(0, 40) });
  if (message.new_chat_title) return t("service.title", { title: message.new_chat_title });
  for (const deed of ["created", "edited", "closed", "reopened"]) {
    const topic = message[`forum_topic_${deed}`];
    if (topic) return t(`topic.${deed}`, { name: authorName(message), topic: topic.name ?? "" });
  }
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("service.migrated");
  return "";
}

// `hands` is what the chat does for a message: follow, say, press, vote, menu, jump, look.
export function bubble(message, hands) {
  const service = serviceWords(message);
  if (service) return h("div", { class: "service" }, h("span", {}, service));
  const isMine = message.from?.id === hands.person.id && !message.sender_chat;
  const node = h(
    "div",
    { class: `message ${isMine ? "mine" : "theirs"}`, data: { id: message.message_id } },
    !isMine && hands.isGroup ? face(message) : null,
    h("div", { class: "said" }, body(message, hands, isMine), inlineKeyboard(message, hands)),
  );
  node.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a")) return;
    event.preventDefault();
    hands.menu(message, event);
  });
  node.addEventListener("click", (event) => {
    if (NO_POINTER.matches && event.target.closest(".bubble") && !event.target.closest(ACTS)) hands.menu(message, event);
  });
  return node;
}

function body(message, hands, isMine) {
  const text = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities;
  const shown = media(message, hands);
  const only = shown && !text && (message.photo || message.sticker || message.location);
  return h(
    "div",
    { class: `bubble${shown && message.photo ? " with-photo" : ""}${only ? " only-media" : ""}${isLarge(message) ? " large-emoji" : ""}` },
    !isMine && hands.isGroup ? h("div", { class: `author ink-${colour(author(message).id)}` }, authorName(message)) : null,
    forwarded(message),
    reply(message, hands),
    shown,
    text ? h("div", { class: "text", dir: "auto" }, richText(text, entities, hands)) : null,
    foot(message, isMine, hands),
  );
}

const isLarge = (message) => message.text && !message.entities && /^\p{Extended_Pictographic}(\uFE0F|\u200D|\p{Extended_Pictographic}|\p{Emoji_Modifier})*$/u.test(message.text);

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = origin.sender_chat?.title ?? nameOf(origin.sender_user);
  return h("div", { class: "forwarded" }, t("chat.forwarded", { name }));
}

function reply(message, hands) {
  const to = message.reply_to_message;
  if (!to) return null;
  return h(
    "button",
    { type: "button", class: `reply edge-${colour(author(to)?.id ?? 0)}`, onclick: () => hands.jump(to.message_id) },
    h("strong", {}, authorName(to)),
    h("span", {}, inBrief(to)),
  );
}

function foot(message, isMine, hands) {
  const edited = message.edit_date ? h("span", { class: "edited" }, t("chat.edited")) : null;
  return h(
    "div",
    { class: "foot" },
    edited,
    h("time", { title: fullDate(message.date) }, clock(message.date)),
    isMine ? icon("ticks") : null,
    h("button", { type: "button", class: "more", "aria-label": t("chat.more"), title: t("chat.more"), onclick: (event) => hands.menu(message, event) }, icon("more")),
  );
}
