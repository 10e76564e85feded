// The page's own words, in the language that the server chose.
import { $ } from "./dom.js";

const words = JSON.parse($("#words").textContent);
export const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

// t("chat.members", { n: 3 }): the words under that name, with each {n} filled in.
export function t(name, values = {}) {
  const found = name.split(".").reduce((part, key) => part?.[key], words);
  if (typeof found !== "string") return name;
  return found.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export const known = (name) => t(name) !== name;
