// Round pictures with initials, always in the same colour for the same person or group.
import { h } from "./dom.js";

const COLOURS = 7;

function initials(name) {
  const letters = [...name.trim()];
  if (!letters.length) return "?";
  // Of a Chinese name the last characters are what people call each other.
  const han = letters.filter((letter) => /\p{Script=Han}/u.test(letter));
  if (han.length) return han.slice(-2).join("");
  const words = name.trim().split(/\s+/);
  return (words.length > 1 ? [...words[0]][0] + [...words.at(-1)][0] : letters[0]).toUpperCase();
}

export const nameOf = (user) => [user?.first_name, user?.last_name].filter(Boolean).join(" ");

export const colour = (id) => Math.abs(Number(id)) % COLOURS;

export function avatar(id, name, more = "") {
  return h("span", { class: `avatar colour-${colour(id)} ${more}`, "aria-hidden": "true" }, initials(name));
}
