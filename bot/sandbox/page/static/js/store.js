// Who there is, as the server said it; what is new is put in as it comes.
import * as api from "./api.js";
import { emit, on } from "./news.js";

export const people = new Map();
export const county = { bot: null, at: "", file_bytes_max: 0, machine: null };

export async function load() {
  const found = await api.everybody();
  Object.assign(county, { bot: found.bot, at: found.at, file_bytes_max: found.file_bytes_max });
  people.clear();
  for (const person of found.people) people.set(person.id, person);
  emit("people", {});
}

// Whoever opens the page in its first second is there before the county.
export async function somebody() {
  while (!people.size) await new Promise((came) => { const off = on("people", () => (off(), came())); });
}

let waiting = null;

// Several news in a row make one question.
export function reloadSoon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    load().catch(() => null);
  }, 250);
}

on("person", (person) => {
  people.set(person.id, person);
  emit("people", {});
});
on("menu", reloadSoon);
on("standing", reloadSoon);
on("reload", reloadSoon);
on("message", ({ chat, content }) => {
  if (chat < 0) return;
  const person = people.get(chat);
  if (!person) return reloadSoon();
  if (content.from?.id !== person.id) person.unread += 1;
  else if (person.role === "stranger") reloadSoon();
  emit("people", {});
});
on("read", ({ person, chat }) => {
  if (person !== chat || !people.has(person)) return;
  people.get(person).unread = 0;
  emit("people", {});
});
