// The stream of what is new: one for the whole tab, taken up again where it broke off.

const KINDS = [
  "message", "edited", "deleted", "answered", "action", "member", "join_request", "declined", "unpinned", "keyboard",
  "menu", "standing", "migrated", "person", "read", "machine",
];
const AGAIN_MILLISECONDS = 500;
const listeners = new Map();
let source = null;
let place = "";

export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(listener);
  return () => listeners.get(kind).delete(listener);
}

// Also what only this tab has to say, such as of a deed just done.
export function emit(kind, content) {
  for (const listener of listeners.get(kind) ?? []) listener(content);
  for (const listener of listeners.get("*") ?? []) listener(kind, content);
}

// A browser opens six connections at most to one place: a tab that nobody sees gives its own to the others.
export function listen(since) {
  place = since;
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
}

function open() {
  close();
  source = new EventSource(`/page/news?since=${encodeURIComponent(place)}`);
  for (const kind of KINDS) source.addEventListener(kind, (event) => heard(event, kind, JSON.parse(event.data)));
  source.addEventListener("reload", (event) => heard(event, "reload", {}));
  source.addEventListener("open", () => emit("connected", true));
  source.addEventListener("error", broken);
}

function close() {
  source?.close();
  source = null;
}

function heard(event, kind, content) {
  place = event.lastEventId;
  emit(kind, content);
}

// The browser itself tries again, but for an answer that is none.
function broken({ target }) {
  emit("connected", false);
  if (target.readyState === EventSource.CLOSED) setTimeout(() => target === source && open(), AGAIN_MILLISECONDS);
}
