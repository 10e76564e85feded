// A ring around the button that the tour's step asks for, wherever its screen stands just now.
import { $ } from "./dom.js";

const SHOWN = "ring";
const SCREENS_MAX = 3;
let wanted = null;
let waiting = null;

// `keys` are how the data of the buttons may begin, the most wanted first; `place` is the pane. Nothing: no ring.
export function ring(keys, place = 0) {
  wanted = keys?.length ? { keys, place } : null;
  soon();
}

function soon() {
  waiting ??= requestAnimationFrame(() => {
    waiting = null;
    draw();
  });
}

function draw() {
  const key = wanted && found(wanted);
  for (const other of document.querySelectorAll(`.${SHOWN}`)) if (other !== key) other.classList.remove(SHOWN);
  if (!key || key.classList.contains(SHOWN)) return;
  key.classList.add(SHOWN);
  key.scrollIntoView({ block: "nearest" });
}

// In the last screen that has one of them; what stands further up may be of yesterday.
function found({ keys, place }) {
  const panes = document.querySelectorAll(".pane");
  const screens = [...(panes[place] ?? panes[0]).querySelectorAll(".keyboard")].slice(-SCREENS_MAX).reverse();
  for (const screen of screens) {
    for (const start of keys) {
      const key = $(`.key[data-data^="${CSS.escape(start)}"]`, screen);
      if (key) return key;
    }
  }
  return null;
}

new MutationObserver(() => wanted && soon()).observe($("#panes"), { childList: true, subtree: true });
