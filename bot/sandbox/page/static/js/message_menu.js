// What can be done with a message: answer, change, pass on, pin, copy, remove.
import * as api from "./api.js";
import { nameOf } from "./avatar.js";
import { inBrief, serviceWords } from "./bubble.js";
import { askBox, menu } from "./dialogs.js";
import { people } from "./store.js";
import { t } from "./words.js";

export function messageMenu(pane, message, event) {
  const isMine = message.from?.id === pane.where.person && !message.forward_origin;
  const mayRemove = !pane.isGroup || isMine || pane.chat.is_admin;
  const mayPin = !pane.isGroup || pane.chat.is_admin;
  const isPinned = pane.chat.pinned?.some((one) => one.message_id === message.message_id);
  const number = { message_id: message.message_id };
  const entries = [
    { sign: "reply", label: t("message.reply"), deed: () => pane.composer.replyTo(message) },
    isMine && message.text && { sign: "edit", label: t("message.edit"), deed: () => pane.composer.edit(message) },
    { sign: "copy", label: t("message.copy"), deed: () => pane.copy(message.text ?? message.caption ?? inBrief(message)) },
    { sign: "forward", label: t("message.forward"), deed: () => forward(pane, message) },
    mayPin && { sign: "pushpin", label: t(isPinned ? "message.unpin" : "message.pin"), deed: () => pane.does(isPinned ? "unpins" : "pins", number) },
    mayBan(pane, message) && { sign: "block", label: t("message.ban", { name: nameOf(message.from) }), deed: () => pane.does("bans", { person: message.from.id }), danger: true },
    mayRemove && { sign: "trash", label: t("message.delete"), deed: () => pane.does("deletes", number), danger: true },
  ];
  if (!serviceWords(message)) menu(entries.filter(Boolean), event, t("chat.more"));
}

function mayBan(pane, message) {
  return pane.isGroup && pane.chat.is_admin && people.has(message.from?.id) && message.from.id !== pane.where.person;
}

async function forward(pane, message) {
  const { chats } = await api.chatsOf(pane.where.person);
  const options = chats.filter((chat) => chat.is_in && chat.may_write).map((chat) => [String(chat.id), chat.title]);
  const given = await askBox(t("message.forward"), [{ name: "to", label: t("message.where"), options, value: options[0]?.[0] }], { ok: t("message.forward"), words: inBrief(message).slice(0, 200) });
  if (!given) return;
  const to = Number(given.to);
  await pane.does("forwards", { message_id: message.message_id, to: to === pane.where.person ? null : to });
  pane.go(pane.where.person, to);
}
