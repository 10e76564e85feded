// The steps of the guided tour: what one does, and by which news it is seen that it was done.
import * as api from "./api.js";

const data = (message) => (message.reply_markup?.inline_keyboard ?? []).flat().map((button) => button.callback_data ?? "");
const has = (message, start) => data(message).some((one) => one.startsWith(start));
const isSaid = (kind) => kind === "message" || kind === "edited";
const words = (message) => message.text ?? message.caption ?? "";

// Somebody's screen in his chat with the bot shows a button whose data begins so.
const shows = (who, start) => (kind, { chat, content }, stage) => isSaid(kind) && chat === stage[who] && has(content, typeof start === "function" ? start(stage) : start);
const tells = (who, what) => (kind, { chat, content }, stage) => kind === "message" && chat === stage[who] && content.from?.id !== chat && words(content).includes(what(stage));
const says = (who, text) => (stage) => api.does(stage[who], "says", { text: typeof text === "function" ? text(stage) : text });
const MORNING = '[data-time="morning"]';
const moves = () => api.steer("time", { to: "morning" });

// { name, pane: who is seen in the second pane, press: how the data of the buttons to press begins, types: whether one writes, by: in which pane (0 or 1), control: what is pressed above, act: what the button does, meanwhile: what hears all news, done: whether this one does it }
export const STEPS = [
  { name: "poster", act: (stage) => api.does(stage.resident, "starts", { payload: stage.payload }), done: shows("resident", "people.register") },
  { name: "register", press: () => ["people.register"], done: shows("resident", (stage) => `activities.join:${stage.task}`) },
  { name: "signup", press: (stage) => [`activities.join:${stage.task}`], done: shows("resident", (stage) => `activities.leave:${stage.task}`) },
  { name: "arrive", pane: "leader", press: (stage) => [`activities.roll:${stage.task}`], by: 1, act: (stage) => api.does(stage.leader, "starts", { payload: stage.payload }), done: lists },
  { name: "join", types: true, act: says("resident", (stage) => `/join ${stage.group}`), done: shows("resident", "groups.leave") },
  { name: "remind", control: MORNING, act: moves, done: tells("resident", (stage) => stage.title) },
  { name: "over", pane: "leader", control: MORNING, act: moves, done: asksWhoCame },
  { name: "confirm", pane: "leader", press: confirming, by: 1, done: shows("resident", "hours.dispute") },
  { name: "points", press: () => ["points.why"], types: true, act: says("resident", "/points"), done: (kind, pressed, stage) => kind === "pressed" && pressed.person === stage.resident && pressed.data?.startsWith("points.why") },
  { name: "topic", types: true, act: says("resident", (stage) => `/topic ${stage.topic}`), done: shows("resident", "council.topic") },
  { name: "announce", pane: "admin", press: () => ["calls.send", "calls.to", "form.skip", "form.done"], by: 1, act: says("admin", (stage) => `/announce ${stage.announcement}`), meanwhile: arm, done: hasRecovered },
  { name: "audit", pane: "admin", types: true, by: 1, act: says("admin", "/audit"), done: (kind, { chat, content }, stage) => isSaid(kind) && chat === stage.admin && (has(content, "admin.audit") || has(content, "admin.panel")) && content.from?.id !== chat },
];

// Who came, all of them, and twice that it is so.
function confirming({ task }) {
  return [`activities.settled:${task}`, `activities.rest:${task}`, `activities.settle:${task}`, `activities.roll:${task}`];
}

// The list that comes in the card's place.
function lists(kind, { chat, content }, stage) {
  return kind === "edited" && chat === stage.leader && words(content).includes(stage.name);
}

function asksWhoCame(kind, news, stage) {
  return kind === "message" && shows("leader", `activities.roll:${stage.task}`)(kind, news, stage);
}

// Only when it is about to be sent: the fault is meant for this broadcast, not for what else is on its way.
function arm(kind, content, stage) {
  if (stage.is_armed || !shows("admin", "calls.send")(kind, content, stage)) return;
  stage.is_armed = true;
  api.steer("faults", { crash: true }).catch(() => (stage.is_armed = false));
}

// Killed, and back again with nothing left to send.
function hasRecovered(kind, state, stage) {
  if (kind !== "machine" || !stage.is_armed) return false;
  if (state.bot === "killed" || state.bot === "starting") stage.was_killed = true;
  return Boolean(stage.was_killed) && state.bot === "running" && state.ledger.unsent === 0 && state.ledger.updates_waiting === 0;
}
