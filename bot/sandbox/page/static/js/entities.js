// A message's text with its entities, as nodes: bold, links, spoilers, code, quotes, one inside the other.
import { h } from "./dom.js";
import { dateAndClock } from "./when.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

// `hands.follow(url)` is called for links, `hands.say(text)` for commands.
export function richText(text, entities, hands) {
  return piece(text, 0, text.length, sorted(entities ?? []), hands);
}

function sorted(entities) {
  return [...entities].sort((one, other) => one.offset - other.offset || other.length - one.length);
}

function piece(text, start, end, entities, hands) {
  const nodes = [];
  let place = start;
  for (let at = 0; at < entities.length; at += 1) {
    const entity = entities[at];
    const from = Math.max(entity.offset, place);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    if (from > place) nodes.push(text.slice(place, from));
    const inner = entities.slice(at + 1).filter((other) => other.offset < to && other.offset + other.length > from);
    nodes.push(marked(entity, text.slice(from, to), piece(text, from, to, inner, hands), hands));
    place = to;
  }
  if (place < end) nodes.push(text.slice(place, end));
  return nodes;
}

function marked(entity, raw, content, hands) {
  if (entity.type in PLAIN) return h(PLAIN[entity.type], {}, content);
  const draw = DRAWN[entity.type];
  return draw ? draw(entity, raw, content, hands) : h("span", {}, content);
}

function link(address, content, hands) {
  return h("a", { href: address, rel: "noopener noreferrer", onclick: (event) => follow(event, address, hands) }, content);
}

function follow(event, address, hands) {
  event.preventDefault();
  hands.follow(address);
}

// An address that is no web page or Telegram's is shown, and leads nowhere.
function safe(address) {
  return /^(https?|tg):\/\//i.test(address) ? address : `https://${address.replace(/^[a-z][a-z0-9+.-]*:/i, "")}`;
}

function spoiler(entity, raw, content) {
  const node = h("button", { type: "button", class: "spoiler", "aria-pressed": "false" }, content);
  node.addEventListener("click", () => node.setAttribute("aria-pressed", "true"));
  return node;
}

function quote(entity, raw, content) {
  return h("blockquote", {}, content);
}

function longQuote(entity, raw, content) {
  const node = h("blockquote", { class: "folded", tabIndex: 0, role: "button" }, content);
  const unfold = () => node.classList.toggle("folded");
  node.addEventListener("click", unfold);
  node.addEventListener("keydown", (event) => event.key === "Enter" && unfold());
  return node;
}

function command(entity, raw, content, hands) {
  return h("button", { type: "button", class: "command-link", onclick: () => hands.say(raw) }, content);
}

const DRAWN = {
  text_link: (entity, raw, content, hands) => link(safe(entity.url), content, hands),
  url: (entity, raw, content, hands) => link(safe(raw), content, hands),
  mention: (entity, raw, content, hands) => link(`https://t.me/${raw.slice(1)}`, content, hands),
  bot_command: command,
  spoiler,
  blockquote: quote,
  expandable_blockquote: longQuote,
  pre: (entity, raw, content) => h("pre", {}, h("code", {}, content)),
  hashtag: (entity, raw, content) => h("span", { class: "hashtag" }, content),
  text_mention: (entity, raw, content) => h("span", { class: "hashtag" }, content),
  date_time: (entity, raw, content) => h("time", { title: dateAndClock(entity.unix_time) }, content),
};
