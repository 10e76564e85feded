// The stream of what is new: one for the whole tab, taken up again by the browser where it broke off.

const KINDS = [
  "message", "edited", "deleted", "answered", "action", "member", "join_request", "declined", "unpinned", "keyboard",
  "menu", "standing", "migrated", "person", "read", "machine",
];
const listeners = new Map();

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

export function listen(since) {
  const source = new EventSource(`/page/news?since=${encodeURIComponent(since)}`);
  for (const kind of KINDS) source.addEventListener(kind, (event) => emit(kind, JSON.parse(event.data)));
  source.addEventListener("reload", () => emit("reload", {}));
  source.addEventListener("open", () => emit("connected", true));
  source.addEventListener("error", () => emit("connected", false));
  addEventListener("pagehide", () => source.close());
}
