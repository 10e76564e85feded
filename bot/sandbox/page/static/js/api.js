// What is asked of the sandbox. A refusal is thrown with the words that the reader is to see.
import { known, t } from "./words.js";

export class Refusal extends Error {}

async function ask(address, options = {}) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Refusal(t("no.away"));
  }
  const answer = await response.json().catch(() => ({ error: "wrong", detail: `${response.status}` }));
  if (!response.ok) throw new Refusal(inWords(answer));
  return answer;
}

function inWords(answer) {
  const name = `no.${answer.error}`;
  return t(known(name) ? name : "no.other", { detail: answer.detail || answer.error });
}

const post = (address, body) =>
  ask(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const chatAddress = (person, chat) => `/page/people/${person}/chats/${chat}`;

export const everybody = () => ask("/page/people");
export const newPerson = (name, language) => post("/page/people", { name, language });
export const chatsOf = (person) => ask(`/page/people/${person}/chats`);
export const openChat = (person, chat, topic) => ask(`${chatAddress(person, chat)}?topic=${topic}`);
export const markRead = (person, chat) => post(`${chatAddress(person, chat)}/read`, {});
export const does = (person, deed, given = {}) => post(`/page/people/${person}/deeds/${deed}`, given);
export const stage = () => ask("/page/stage");
export const machine = () => ask("/sandbox/machine");
export const steer = (what, given) => post(`/sandbox/machine/${what}`, given);

export function messages(person, chat, asked) {
  return ask(`${chatAddress(person, chat)}/messages?${new URLSearchParams(asked)}`);
}

export const fileAddress = (id) => `/page/files/${encodeURIComponent(id)}`;
