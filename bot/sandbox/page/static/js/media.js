// What a message holds beside words: pictures, files, places, contacts, polls.
import { fileAddress } from "./api.js";
import { avatar, nameOf } from "./avatar.js";
import { h, icon } from "./dom.js";
import { language, t } from "./words.js";

export function media(message, hands) {
  const kind = Object.keys(DRAWN).find((name) => name in message);
  return kind ? DRAWN[kind](message[kind], message, hands) : null;
}

function photo(sizes, message, hands) {
  const largest = sizes.at(-1);
  const picture = h("img", { src: fileAddress(largest.file_id), alt: message.caption ?? t("kinds.photo"), width: largest.width, height: largest.height, loading: "lazy", decoding: "async" });
  return h("button", { type: "button", class: "photo", "aria-label": t("chat.enlarge"), onclick: () => hands.look(message) }, picture);
}

function inBytes(bytes) {
  const units = ["B", "KB", "MB"];
  let at = 0;
  for (; bytes >= 1024 && at < units.length - 1; at += 1) bytes /= 1024;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: at ? 1 : 0 }).format(bytes)} ${units[at]}`;
}

function file(sent) {
  const ending = sent.file_name?.match(/\.(\w{1,5})$/)?.[1] ?? "";
  return h(
    "a",
    { class: "file", href: fileAddress(sent.file_id), download: sent.file_name ?? "file" },
    h("span", { class: "file-kind" }, ending.toUpperCase() || icon("file")),
    h("span", { class: "file-words" }, h("strong", {}, sent.file_name ?? t("kinds.document")), h("span", {}, `${inBytes(sent.file_size)} · ${t("chat.download")}`)),
  );
}

const shortened = (degrees) => degrees.toFixed(4).replace(/\.?0+$/, "");

function location(place) {
  const words = `${shortened(place.latitude)}, ${shortened(place.longitude)}`;
  return h("div", { class: "place", role: "img", "aria-label": `${t("kinds.location")} ${words}` }, icon("pin"), h("span", {}, words));
}

function contact(person) {
  return h(
    "div",
    { class: "contact" },
    avatar(person.user_id ?? 0, nameOf(person)),
    h("span", { class: "file-words" }, h("strong", {}, nameOf(person)), h("span", {}, person.phone_number)),
  );
}

const sticker = (sent) => h("div", { class: "sticker" }, sent.emoji ?? "🙂");

function poll(asked, message, hands) {
  const chosen = asked.chosen ?? [];
  const shows = (chosen.length > 0 || asked.is_closed) && !asked.hides;
  const state = asked.is_closed ? "closed" : asked.type === "quiz" ? "quiz" : asked.is_anonymous ? "anonymous" : "open";
  const picked = new Set(chosen);
  const send = h("button", { type: "button", class: "poll-send", onclick: () => hands.vote(message, [...picked]) }, t("poll.vote"));
  const toggle = (place) => {
    if (!asked.allows_multiple_answers) return hands.vote(message, [place]);
    if (!picked.delete(place)) picked.add(place);
    return null;
  };
  const options = asked.options.map((option, place) => pollOption(option, place, { asked, chosen, shows, toggle }));
  const canTakeBack = chosen.length > 0 && !asked.is_closed && asked.allows_revoting;
  return h(
    "div",
    { class: "poll" },
    h("strong", {}, asked.question),
    h("span", { class: "poll-kind" }, t(`poll.${state}`)),
    options,
    asked.allows_multiple_answers && !chosen.length && !asked.is_closed ? send : null,
    h("span", { class: "poll-count" }, t("poll.votes", { n: asked.total_voter_count })),
    canTakeBack ? h("button", { type: "button", class: "poll-back", onclick: () => hands.vote(message, []) }, t("poll.back")) : null,
  );
}

function pollOption(option, place, { asked, chosen, shows, toggle }) {
  const share = asked.total_voter_count ? Math.round((100 * option.voter_count) / asked.total_voter_count) : 0;
  const isMine = chosen.includes(place);
  if (!shows && !chosen.length) {
    const kind = asked.allows_multiple_answers ? "checkbox" : "radio";
    const mark = h("input", { type: kind, name: `poll-${asked.id}`, onchange: () => toggle(place) });
    return h("label", { class: "poll-option" }, mark, h("span", {}, option.text));
  }
  const bar = h("span", { class: "poll-bar" });
  bar.style.width = `${shows ? Math.max(2, share) : 0}%`;
  return h(
    "div",
    { class: `poll-result${isMine ? " own" : ""}` },
    h("span", { class: "poll-share" }, shows ? `${share}%` : isMine ? "✓" : ""),
    h("span", { class: "poll-words" }, option.text, isMine ? " ✓" : ""),
    bar,
  );
}

const DRAWN = { photo, document: file, location, contact, sticker, poll };
