// What stands above a chat: whose it is, its name, who waits to come in, what is pinned, its topics.
import { avatar, nameOf, sign } from "./avatar.js";
import { inBrief } from "./bubble.js";
import { menu, sure } from "./dialogs.js";
import { h, icon, iconButton } from "./dom.js";
import { county } from "./store.js";
import { t } from "./words.js";

export function drawHead(pane) {
  const { chat, person } = pane;
  const about = pane.isGroup ? t("chat.members", { n: chat.members }) : chat.is_blocking ? t("chat.blocked") : t("chat.bot");
  const photo = pane.isGroup ? sign(chat.id, chat.title) : sign(county.bot.id, chat.title, "bot");
  pane.node.setAttribute("aria-label", t("chat.as", { title: chat.title, name: person.name }));
  pane.head.replaceChildren(
    iconButton("back", t("chat.back"), () => document.body.setAttribute("data-view", "chats"), { class: "icon-button phone-only" }),
    photo,
    h(
      "div",
      { class: "pane-words" },
      h("h2", {}, chat.title),
      h("span", { class: "pane-about" }, about),
      h("span", { class: "pane-typing" }, t("chat.typing")),
    ),
    h("span", { class: "seen-by", title: t("chat.seen_by", { name: person.name }) }, avatar(person.id, person.name, "tiny"), h("span", {}, person.name), h("small", {}, t(`roles.${person.role}`))),
    iconButton("more", t("chat.more"), (event) => chatMenu(pane, event)),
  );
}

function chatMenu(pane, event) {
  const { chat } = pane;
  const blocks = { sign: "block", label: t(chat.is_blocking ? "chat.unblock" : "chat.block"), deed: () => pane.blocks(!chat.is_blocking), danger: !chat.is_blocking };
  const start = { sign: "play", label: "/start", deed: () => pane.does("starts") };
  const leave = { sign: "leave", label: t("chat.leave"), deed: () => leaves(pane), danger: true };
  menu(pane.isGroup ? [...adminsEntries(pane), leave] : [start, blocks], event);
}

// What an admin does with a group in Telegram's apps, and the bot has to follow.
function adminsEntries(pane) {
  const { chat } = pane;
  if (!chat.is_admin) return [];
  const bot = chat.has_bot
    ? { sign: "bot", label: t("chat.remove_bot"), deed: () => pane.does("removes"), danger: true }
    : { sign: "bot", label: t("chat.add_bot"), deed: () => pane.does("adds") };
  const upgrade = { sign: "out", label: t("chat.upgrade"), deed: () => pane.does("upgrades") };
  const unban = (user) => ({ sign: "check", label: t("chat.unban", { name: nameOf(user) }), deed: () => pane.does("unbans", { person: user.id }) });
  return [bot, ...(chat.type === "group" ? [upgrade] : []), ...(chat.banned ?? []).map(unban)];
}

async function leaves(pane) {
  if (await sure(t("chat.leave"), t("chat.leave_words", { title: pane.chat.title }), t("chat.leave"))) await pane.does("leaves");
}

export function drawTopics(pane) {
  const { chat } = pane;
  pane.under.replaceChildren(
    ...[chat.topics.length ? topics(pane) : null, pinned(pane), ...(chat.requests ?? []).map((user) => request(pane, user))].filter(Boolean),
  );
}

function topics(pane) {
  const all = [{ id: 0, name: t("chat.general") }, ...pane.chat.topics];
  const tabs = all.map((topic) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(topic.id === pane.where.topic),
        tabindex: topic.id === pane.where.topic ? "0" : "-1",
        onclick: () => pane.go(pane.where.person, pane.where.chat, topic.id),
      },
      topic.name,
    ),
  );
  const bar = h("div", { class: "topics", role: "tablist", "aria-label": t("chat.topics") }, tabs);
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length].focus();
  });
  return bar;
}

function pinned(pane) {
  const last = pane.chat.pinned?.findLast((message) => pane.isOfTopic(message));
  if (!last) return null;
  const jump = h("button", { type: "button", class: "pinned-words", onclick: () => pane.jump(last.message_id) }, h("strong", {}, t("chat.pinned")), h("span", {}, inBrief(last)));
  const unpin = iconButton("close", t("chat.unpin"), () => pane.does("unpins", { message_id: last.message_id }));
  return h("div", { class: "pinned" }, icon("pushpin"), jump, !pane.isGroup || pane.chat.is_admin ? unpin : null);
}

function request(pane, user) {
  const decide = (deed, words, style) => h("button", { type: "button", class: style, onclick: () => pane.does(deed, { person: user.id }) }, words);
  return h(
    "div",
    { class: "request" },
    avatar(user.id, nameOf(user), "small"),
    h("span", {}, t("chat.request", { name: nameOf(user) })),
    decide("approves", t("chat.approve"), "primary"),
    decide("declines", t("chat.decline"), ""),
  );
}
