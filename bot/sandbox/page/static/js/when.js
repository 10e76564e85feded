// Times as people of the county read them: its zone, its clock, the page's language.
import { language } from "./words.js";

const LOCALE = language === "zh" ? "zh-CN" : "en-GB";
let zone = "Asia/Shanghai";
let ahead = 0;
const shapes = new Map();

// The county's clock: how far it is ahead of the browser's, in seconds.
export function keepTime(machine) {
  zone = machine.zone;
  ahead = machine.now - Date.now() / 1000;
  shapes.clear();
}

export const now = () => Date.now() / 1000 + ahead;

function shape(name, options) {
  if (!shapes.has(name)) shapes.set(name, new Intl.DateTimeFormat(LOCALE, { timeZone: zone, hourCycle: "h23", ...options }));
  return shapes.get(name);
}

const in_zone = (name, options, unix) => shape(name, options).format(new Date(unix * 1000));

export const clock = (unix) => in_zone("clock", { hour: "2-digit", minute: "2-digit" }, unix);
export const day = (unix) => in_zone("day", { month: "long", day: "numeric", weekday: "long" }, unix);
const year = (unix) => in_zone("year", { year: "numeric" }, unix);
const short_day = (unix) => in_zone("short", { month: "numeric", day: "numeric" }, unix);

export function dateAndClock(unix) {
  return in_zone("both", { month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" }, unix);
}

export function fullDate(unix) {
  return in_zone("full", { year: "numeric", month: "long", day: "numeric", weekday: "long", hour: "2-digit", minute: "2-digit" }, unix);
}

// In a list of chats: today's by the clock, older by the day.
export function listed(unix) {
  if (day(unix) === day(now()) && year(unix) === year(now())) return clock(unix);
  return short_day(unix);
}
