// Puts the page together: who is played, which chats stand open, and that they hear of what is new.
import { ChatList } from "./chats.js";
import { toast } from "./dialogs.js";
import { $ } from "./dom.js";
import { drawHead } from "./head.js";
import * as machine from "./machine.js";
import * as news from "./news.js";
import { KINDS, Pane } from "./pane.js";
import { PeopleList } from "./people.js";
import * as store from "./store.js";
import * as tour from "./tour.js";
import { t } from "./words.js";

const panes = [];
let active = null;
const people = new PeopleList((person) => show(active ?? newPane(), { person, chat: person, topic: 0 }, "chats"));
const chats = new ChatList((chat) => show(active, { person: active.where.person, chat, topic: 0 }));

// Where the panes stand is in the address, so that a page that is loaded again looks as before.
function written() {
  return panes.map(({ where }) => [where.person, where.chat, where.topic].join(".")).join("~");
}

function readPlaces() {
  const places = location.hash.slice(1).split("~").map((place) => place.split(".").map(Number));
  return places.filter(([person]) => store.people.has(person)).map(([person, chat, topic]) => ({ person, chat: chat || person, topic: topic || 0 }));
}

async function show(pane, where, view = "chat") {
  if (!store.people.has(where.person)) await store.load();
  const last = pane.where;
  await pane.show(where);
  if (!pane.chat && last) await pane.show(last);
  history.replaceState(null, "", `#${written()}`);
  activate(pane);
  look(view);
}

function look(view) {
  document.body.dataset.view = view;
}

function activate(pane) {
  active = pane;
  for (const one of panes) one.node.classList.toggle("active", one === pane && panes.length > 1);
  people.show(pane.where.person);
  chats.show(pane.where.person, pane.where.chat);
}

function newPane() {
  const pane = new Pane({ wants: (one, where) => show(one, where), touched: (one) => one !== active && one.where && activate(one) });
  panes.push(pane);
  $("#panes").append(pane.node);
  document.body.classList.toggle("split", panes.length > 1);
  return pane;
}

// Somebody else beside: a leader, so that one sees the other's deed arrive.
async function split() {
  if (panes.length > 1) {
    const last = panes.find((pane) => pane !== active);
    last.node.remove();
    panes.splice(panes.indexOf(last), 1);
    document.body.classList.remove("split");
    history.replaceState(null, "", `#${written()}`);
  } else {
    const other = besides(active.where.person);
    await show(newPane(), { person: other, chat: other, topic: 0 });
  }
  drawSplit();
}

function besides(person) {
  const all = [...store.people.values()];
  return (all.find((one) => one.role === "leader" && one.id !== person) ?? all.find((one) => one.id !== person) ?? all[0]).id;
}

function drawSplit() {
  $("#split").setAttribute("aria-pressed", String(panes.length > 1));
}

// For the tour: this person in the first or second pane.
export async function play(person, place = 0, chat = person) {
  const pane = panes[place] ?? newPane();
  drawSplit();
  await show(pane, { person, chat, topic: 0 });
}

function themes() {
  const order = ["auto", "light", "dark"];
  $("#theme").addEventListener("click", () => {
    const next = order[(order.indexOf(document.documentElement.dataset.choice) + 1) % order.length];
    localStorage.setItem("theme", next);
    dispatchEvent(new Event("theme"));
    toast(t(`theme.${next}`));
  });
}

function hearAll() {
  for (const kind of KINDS) {
    if (kind === "read") news.on(kind, (read) => panes.forEach((pane) => read.person === pane.where.person && pane.hear(kind, { chat: read.chat, content: read })));
    else news.on(kind, (content) => panes.forEach((pane) => pane.hear(kind, content)));
  }
  news.on("people", () => panes.forEach((pane) => pane.chat && drawHead(pane)));
  news.on("reload", () => panes.forEach((pane) => pane.refresh()));
  news.on("connected", (is_connected) => ($("#offline").hidden = is_connected));
  document.addEventListener("visibilitychange", () => panes.forEach((pane) => pane.read()));
}

async function begin() {
  await store.load();
  machine.begin();
  hearAll();
  news.listen(store.county.at);
  await store.somebody();
  const places = readPlaces();
  const first = [...store.people.values()].find((person) => person.role === "resident") ?? [...store.people.values()][0];
  const wanted = places.length ? places.slice(0, 2) : [{ person: first.id, chat: first.id, topic: 0 }];
  for (const [number, where] of wanted.entries()) await show(panes[number] ?? newPane(), where, places.length ? "chat" : "people");
  drawSplit();
  activate(panes[0]);
  $("#split").addEventListener("click", split);
  $("#to-people").addEventListener("click", () => look("people"));
  themes();
  tour.begin(play, { isFirst: !places.length });
  document.body.classList.add("ready");
}

begin().catch((error) => {
  toast(error.message);
  throw error;
});
