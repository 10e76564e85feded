// The guided tour in the side panel. It notices by itself what was done, can be left, and is taken up where it was.
import * as api from "./api.js";
import { announce, toast } from "./dialogs.js";
import { $, h, icon, iconButton } from "./dom.js";
import { emit, on } from "./news.js";
import { people } from "./store.js";
import { STEPS } from "./tour_steps.js";
import { ring } from "./tour_ring.js";
import { language, t } from "./words.js";

const DONE_MILLISECONDS = 1600;
const KEY = "tour";
const OFFERED = "offered";
const panel = $("#tour");
const narrow = matchMedia("(max-width: 760px)");
let at = null;
let play = null;

// `show(person, place)` shows somebody in the first or second pane. Who comes for the first time is asked kindly.
export function begin(show, { isFirst }) {
  play = show;
  at = taken();
  $("#tour-button").addEventListener("click", () => toggle(panel.hidden));
  narrow.addEventListener("change", draw);
  on("*", hear);
  $("#offer-yes").addEventListener("click", () => toggle(true));
  $("#offer-no").addEventListener("click", asked);
  $("#offer").hidden = !isFirst || Boolean(at) || localStorage.getItem(OFFERED) !== null;
  if (at && !at.hidden) toggle(true);
}

function asked() {
  localStorage.setItem(OFFERED, "yes");
  $("#offer").hidden = true;
}

// Where it was left; of another run of the sandbox, whose people are others, nothing remains.
function taken() {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
  const resident = kept && people.get(kept.stage.resident);
  return resident?.name === kept?.stage.name ? kept : null;
}

function keep() {
  if (at) localStorage.setItem(KEY, JSON.stringify(at));
  else localStorage.removeItem(KEY);
}

function toggle(isShown) {
  panel.hidden = !isShown;
  document.body.classList.toggle("touring", isShown);
  $("#tour-button").setAttribute("aria-expanded", String(isShown));
  if (isShown) asked();
  if (at) at.hidden = !isShown;
  keep();
  draw();
}

async function start() {
  try {
    const stage = await api.stage();
    if (!stage.task) return toast(t("tour.nothing"));
    const resident = await api.newPerson(t("tour.name"), language);
    people.set(resident.id, resident);
    Object.assign(stage, { resident: resident.id, name: resident.name, topic: t("tour.topic_text"), announcement: t("tour.announce_text") });
    at = { step: 0, stage, done: false, hidden: false };
    await play(resident.id, 0);
    await play(stage.leader, 1);
    await play(resident.id, 0);
    return moved();
  } catch (error) {
    return toast(error.message);
  }
}

function moved() {
  keep();
  draw();
  $("h3", panel)?.focus();
}

async function goTo(step) {
  at.step = Math.max(0, Math.min(STEPS.length, step));
  at.done = false;
  const pane = STEPS[at.step]?.pane;
  if (pane) await play(at.stage[pane], 1);
  // Where one chat is seen at a time, it is that of whoever acts.
  else if (STEPS[at.step] && narrow.matches) await play(at.stage.resident, 0);
  moved();
}

function hear(kind, content) {
  const step = at && !at.done && STEPS[at.step];
  if (step && content) step.meanwhile?.(kind, content, at.stage);
  if (!step || !content || !step.done(kind, content, at.stage)) return;
  at.done = true;
  keep();
  draw();
  announce(t("tour.done"));
  const { step: number } = at;
  setTimeout(() => at?.step === number && at.done && goTo(number + 1), DONE_MILLISECONDS);
}

async function act(step) {
  try {
    const state = await step.act(at.stage);
    if (state?.bot) emit("machine", state);
  } catch (error) {
    toast(error.message);
  }
}

function values() {
  const { stage } = at;
  const { name } = stage;
  const leader = people.get(stage.leader)?.name ?? "";
  return {
    ...stage,
    leader,
    admin: people.get(stage.admin)?.name ?? "",
    // Where one chat is seen at a time, nothing is on the left.
    left: narrow.matches ? t("tour.in_chat", { who: name }) : t("tour.left"),
    right: narrow.matches ? t("tour.in_chat", { who: leader }) : t("tour.right"),
    phones: narrow.matches ? t("tour.phone", { name }) : t("tour.phones", { name, leader }),
    register: language === "zh" ? "是我，开始吧" : "Yes, that is me",
    signup: language === "zh" ? "报名" : "Sign up",
  };
}

function draw() {
  const step = at && !at.done && STEPS[at.step];
  ring(step && !panel.hidden ? { keys: step.press?.(at.stage), ...step } : {});
  if (panel.hidden) return;
  const head = h("header", { class: "tour-head" }, icon("tour"), h("h2", {}, t("tour.title")), iconButton("close", t("tour.leave"), () => toggle(false)));
  panel.replaceChildren(head, ...(at ? (STEPS[at.step] ? steps() : finished()) : welcome()));
}

const button = (words, onclick, style = "") => h("button", { type: "button", class: style, onclick }, words);

function welcome() {
  return [h("div", { class: "tour-card" }, h("p", {}, t("tour.intro")), button(t("tour.start"), start, "primary large"))];
}

function finished() {
  return [h("div", { class: "tour-card finished" }, h("h3", { tabIndex: -1 }, t("tour.finished")), h("p", {}, t("tour.finished_words")), button(t("tour.again"), again, "primary large"))];
}

function again() {
  at = null;
  keep();
  draw();
}

function steps() {
  const list = STEPS.map((step, place) => {
    const state = place < at.step ? "past" : place === at.step ? "now" : "ahead";
    const label = h("span", { class: "tour-name" }, t(`tour.${step.name}`));
    return h("li", { class: state, "aria-current": state === "now" ? "step" : null }, h("span", { class: "tour-dot" }, state === "past" ? icon("check") : String(place + 1)), state === "now" ? current(step) : label);
  });
  // Pressed twice it leads to the same step.
  const { step: here } = at;
  const foot = h("div", { class: "tour-foot" }, here ? button(t("tour.back"), () => goTo(here - 1)) : null, button(t("tour.again"), again), button(t(at.done ? "tour.next" : "tour.skip"), () => goTo(here + 1)));
  return [h("p", { class: "tour-count" }, t("tour.step", { n: here + 1, of: STEPS.length })), h("ol", { class: "tour-steps" }, list), foot];
}

function current(step) {
  const given = values();
  const name = `tour.${step.name}`;
  const look = h("div", { class: "tour-look" }, h("strong", {}, t(at.done ? "tour.done" : "tour.look")), h("span", {}, t(`${name}_look`, given)));
  const deed = step.act && !at.done ? button(t(`${name}_do`, given), () => act(step), "primary") : null;
  return h("div", { class: `tour-card${at.done ? " done" : ""}` }, h("h3", { tabIndex: -1 }, t(name)), step.name === "poster" ? poster(given) : null, h("p", {}, t(`${name}_words`, given)), deed, look);
}

function poster(given) {
  return h("div", { class: "poster" }, h("strong", {}, given.title), h("span", {}, `📍 ${given.place}`, h("br"), `⭐ ${given.points}`), h("img", { src: `/page/poster/${given.payload}`, alt: `t.me/county_bot?start=${given.payload}`, width: 96, height: 96 }));
}
