// The top bar: the county's time, Telegram's faults, the bot's process, and figures that show that nothing is lost.
import * as api from "./api.js";
import { toast } from "./dialogs.js";
import { $, h } from "./dom.js";
import { emit, on } from "./news.js";
import { county } from "./store.js";
import { dateAndClock, keepTime, now } from "./when.js";
import { known, t } from "./words.js";

export async function begin() {
  for (const button of document.querySelectorAll("[data-time]")) {
    button.addEventListener("click", () => steer("time", { to: button.dataset.time }));
  }
  for (const box of document.querySelectorAll("[data-fault]")) {
    box.addEventListener("change", () => steer("faults", { [box.dataset.fault]: box.checked }));
  }
  for (const button of document.querySelectorAll("[data-bot]")) {
    button.addEventListener("click", () => steer("bot", { deed: button.dataset.bot }));
  }
  $("#controls").addEventListener("click", fold);
  on("machine", draw);
  on("reload", look);
  setInterval(drawClock, 1000);
  await look();
}

// Where the page is narrow, most of the bar is folded away.
function fold() {
  const is_open = document.body.classList.toggle("controlling");
  $("#controls").setAttribute("aria-expanded", String(is_open));
}

async function look() {
  try {
    draw(await api.machine());
  } catch {
    document.body.classList.add("without-machine");
  }
}

async function steer(what, given) {
  try {
    emit("steered", { what, ...given });
    const state = await api.steer(what, given);
    if (state.bot) emit("machine", state);
  } catch (error) {
    toast(error.message);
    look();
  }
}

function draw(state) {
  document.body.classList.remove("without-machine");
  county.machine = state;
  keepTime(state);
  drawClock();
  drawBot(state);
  for (const box of document.querySelectorAll("[data-fault]")) box.checked = Boolean(state.faults?.[box.dataset.fault]);
  const on_now = Object.values(state.faults ?? {}).filter(Boolean).length;
  $("#faults-count").textContent = on_now ? String(on_now) : "";
  $("#faults-button").classList.toggle("is-on", on_now > 0);
  drawProgress(state);
  drawLedger(state.ledger ?? {});
}

function drawBot({ bot }) {
  const sign = $("#bot-state");
  sign.className = `bot-state ${bot}`;
  $("#bot-words").textContent = t(`bot.${bot}`);
  const runs = bot === "running" || bot === "starting";
  $('[data-bot="kill"]').hidden = !runs;
  $("#asleep").hidden = runs;
}

function drawProgress({ settling, moving }) {
  const bar = $("#progress");
  bar.hidden = !settling && !moving;
  document.body.classList.toggle("moving", Boolean(moving));
  if (settling) {
    $("#progress-words").textContent = t("bar.settling", settling);
    $("#progress progress").max = settling.of || 1;
    $("#progress progress").value = settling.done;
  } else if (moving) {
    $("#progress-words").textContent = t("bar.moving", { to: dateAndClock(moving.to) });
    $("#progress progress").removeAttribute("value");
  }
}

function drawLedger(ledger) {
  const figure = ([name, value]) => [h("dt", {}, known(`ledger.${name}`) ? t(`ledger.${name}`) : name), h("dd", { class: value ? "" : "zero" }, String(value))];
  $("#ledger").replaceChildren(...Object.entries(ledger).filter(([, value]) => typeof value !== "object").flatMap(figure));
}

function drawClock() {
  $("#clock").textContent = dateAndClock(now());
}
