// Round pictures with initials, always in the same colour for the same person or group.
import { h } from "./dom.js";

const COLOURS = 7;

function initials(name, isPlace) {
  const letters = [...name.trim()];
  if (!letters.length) return "?";
  // The last characters of a Chinese name are what people call each other, the first ones what they call a group.
  const han = letters.filter((letter) => /\p{Script=Han}/u.test(letter));
  if (han.length) return (isPlace ? han.slice(0, 2) : han.slice(-2)).join("");
  const words = name.trim().split(/\s+/);
  return (words.length > 1 ? [...words[0]][0] + [...words.at(-1)][0] : letters[0]).toUpperCase();
}

export const nameOf = (user) => [user?.first_name, user?.last_name].filter(Boolean).join(" ");

export const colour = (id) => Math.abs(Number(id)) % COLOURS;

export function avatar(id, name, more = "") {
  return picture(id, initials(name, false), more);
}

// Of a group, and of the bot, which bears its county's name.
export function sign(id, title, more = "") {
  return picture(id, initials(title, true), more);
}

function picture(id, letters, more) {
  return h("span", { class: `avatar colour-${colour(id)} ${more}`, "aria-hidden": "true" }, letters);
}
