// Links as a person follows them: into the bot, into a group; what leads out of the sandbox is asked about first.
import * as api from "./api.js";
import { askBox, sure, toast } from "./dialogs.js";
import { t } from "./words.js";

// `pane` is where the link was tapped; its person is who follows it.
export async function follow(url, pane) {
  const led = await api.does(pane.person.id, "opens", { url });
  if (led.kind === "outside") return leave(led.payload);
  if (led.kind === "share") return share(led.payload, pane);
  if (led.kind === "add") return addToGroup(led.payload, pane);
  return pane.go(pane.person.id, led.chat);
}

async function leave(url) {
  if (!/^https?:\/\//.test(url)) return toast(t("links.nowhere", { url }));
  if (await sure(t("links.outside"), url, t("links.open"))) window.open(url, "_blank", "noopener,noreferrer");
  return null;
}

async function share(words, pane) {
  await navigator.clipboard?.writeText(words).catch(() => null);
  toast(t("links.copied"), pane.node);
}

async function addToGroup(payload, pane) {
  const { chats } = await api.chatsOf(pane.person.id);
  const own = chats.filter((chat) => chat.type !== "private" && chat.is_admin && !chat.has_bot);
  const options = [["", t("links.new_group")], ...own.map((chat) => [String(chat.id), chat.title])];
  const fields = [
    { name: "chat", label: t("links.which"), options, value: "" },
    { name: "title", label: t("links.title"), value: t("links.title_given", { name: pane.person.name }), max: "60" },
  ];
  const given = await askBox(t("links.add"), fields, { ok: t("links.add_ok"), words: t("links.add_words") });
  if (!given) return;
  const where = given.chat ? { chat: Number(given.chat) } : { title: given.title };
  const added = await api.does(pane.person.id, "adds", { ...where, payload });
  pane.go(pane.person.id, added.chat);
}

// The addresses that stand with a picture: in its caption and on its buttons.
export function linksOf(message) {
  const text = message.caption ?? "";
  const written = (message.caption_entities ?? []).filter((one) => one.type === "url" || one.type === "text_link");
  const found = written.map((one) => one.url ?? text.slice(one.offset, one.offset + one.length));
  const pressed = (message.reply_markup?.inline_keyboard ?? []).flat().map((button) => button.url ?? button.copy_text?.text);
  return [...new Set([...found, ...pressed])].filter((url) => /^https?:\/\/(t|telegram)\.me\//.test(url ?? ""));
}
