// A ring around what the tour's step asks for: a button, wherever its screen stands just now, else the line one writes in, or a control.
import { $ } from "./dom.js";

const SHOWN = "ring";
const SCREENS_MAX = 3;
let wanted = {};
let waiting = null;

// { keys: how the data of the buttons may begin, the most wanted first, types: whether one writes, by: in which pane,
// control: which one above }. Nothing of them: no ring.
export function ring(marks) {
  wanted = marks;
  soon();
}

function soon() {
  waiting ??= requestAnimationFrame(() => {
    waiting = null;
    draw();
  });
}

function draw() {
  const { keys = [], types, by = 0, control } = wanted;
  const panes = document.querySelectorAll(".pane");
  const pane = panes[by] ?? panes[0];
  mark(keyIn(pane, keys) ?? (types && $(".write", pane)) ?? (control && above(control)));
}

function mark(node) {
  for (const other of document.querySelectorAll(`.${SHOWN}`)) if (other !== node) other.classList.remove(SHOWN);
  if (!node || node.classList.contains(SHOWN)) return;
  node.classList.add(SHOWN);
  node.scrollIntoView({ block: "nearest" });
}

// Where it is folded away, what unfolds it.
function above(control) {
  return $(control).checkVisibility() ? $(control) : $("#controls");
}

// In the last screen that has one of them; what stands further up may be of yesterday.
function keyIn(pane, keys) {
  const screens = keys.length ? [...pane.querySelectorAll(".keyboard")].slice(-SCREENS_MAX).reverse() : [];
  for (const screen of screens) {
    for (const start of keys) {
      const key = $(`.key[data-data^="${CSS.escape(start)}"]`, screen);
      if (key) return key;
    }
  }
  return null;
}

const isWanted = () => Boolean(wanted.keys || wanted.types || wanted.control);
new MutationObserver(() => isWanted() && soon()).observe($("#panes"), { childList: true, subtree: true });
// A fold of the bar is a class of the page's.
new MutationObserver(() => isWanted() && soon()).observe(document.body, { attributeFilter: ["class"] });
addEventListener("resize", () => isWanted() && soon());
