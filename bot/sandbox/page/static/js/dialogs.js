// What comes above the page: alerts, questions, menus, a picture in large; and words that fade.
import { $, h, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

const TOAST_MILLISECONDS = 3500;

// For readers by ear: said once, shown nowhere.
export function announce(words) {
  $("#live").textContent = "";
  setTimeout(() => ($("#live").textContent = words), 50);
}

export function toast(words, within = document.body) {
  $(".toast", within)?.remove();
  const node = h("div", { class: "toast", role: "status" }, words);
  within.append(node);
  setTimeout(() => node.remove(), TOAST_MILLISECONDS);
}

function opened(dialog) {
  document.body.append(dialog);
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(""));
  dialog.showModal();
  return dialog;
}

export function alertBox(title, words) {
  const ok = h("button", { type: "button", class: "primary", onclick: () => box.close() }, t("dialog.ok"));
  const box = h("dialog", { class: "box", "aria-label": title }, h("h2", {}, title), h("p", { class: "words" }, words), h("div", { class: "box-buttons" }, ok));
  opened(box);
  ok.focus();
}

// A question with fields: gives what was filled in, or null. A field is { name, label, value, type, options, multiline }.
export function askBox(title, fields, { ok = t("dialog.ok"), words = "" } = {}) {
  return new Promise((answer) => {
    const inputs = fields.map((field) => [field, input(field)]);
    const form = h(
      "form",
      { method: "dialog", class: "box-form" },
      inputs.map(([field, node]) => h("label", {}, h("span", {}, field.label), node)),
      h(
        "div",
        { class: "box-buttons" },
        h("button", { type: "button", onclick: () => box.close("") }, t("dialog.cancel")),
        h("button", { type: "submit", value: "ok", class: "primary" }, ok),
      ),
    );
    const box = h("dialog", { class: "box", "aria-label": title }, h("h2", {}, title), words ? h("p", { class: "words" }, words) : null, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      box.close("ok");
    });
    box.addEventListener("close", () => answer(box.returnValue === "ok" ? Object.fromEntries(inputs.map(([field, node]) => [field.name, node.value])) : null));
    opened(box);
    inputs[0]?.[1].focus();
  });
}

function input(field) {
  if (field.options) {
    return h("select", {}, field.options.map(([value, words]) => h("option", { value, selected: value === field.value }, words)));
  }
  return h("input", { type: field.type ?? "text", value: field.value ?? "", required: field.required ?? true, maxlength: field.max ?? "64", step: "any", autocomplete: "off" });
}

export const sure = async (title, words, ok) => (await askBox(title, [], { ok, words })) !== null;

// A menu at the pointer, or below the button that opened it: entries are { sign, label, deed, danger }.
export function menu(entries, event, label = t("chat.more")) {
  const close = () => box.close();
  const choose = (entry) => () => {
    close();
    entry.deed();
  };
  const buttons = entries.map((entry) =>
    h("button", { type: "button", role: "menuitem", class: entry.danger ? "danger" : "", onclick: choose(entry) }, icon(entry.sign), h("span", {}, entry.label)),
  );
  const box = h("dialog", { class: "menu", "aria-label": label }, h("div", { role: "menu", "aria-label": label }, buttons));
  box.addEventListener("keydown", (pressed) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[pressed.key];
    if (!step) return;
    pressed.preventDefault();
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
  });
  opened(box);
  putAt(box, event);
  buttons[0]?.focus();
}

function putAt(box, event) {
  const at = event.currentTarget?.getBoundingClientRect?.();
  const isPointer = event.clientX && !event.currentTarget?.matches?.("button");
  const left = isPointer ? event.clientX : (at?.left ?? 100);
  const top = isPointer ? event.clientY : (at?.bottom ?? 100) + 4;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(top, innerHeight - box.offsetHeight - 8))}px`;
}

// A picture in large; `links` are addresses that stand beside it, as a code's does: entries are { label, deed }.
export function lightbox(address, alt, links) {
  const box = h(
    "dialog",
    { class: "lightbox", "aria-label": alt },
    h("img", { src: address, alt }),
    links.length ? h("p", { class: "hint" }, t("qr.hint")) : null,
    h("div", { class: "box-buttons" }, links.map(({ label, deed }) => h("button", { type: "button", class: "primary", onclick: () => (box.close(), deed()) }, label))),
    iconButton("close", t("dialog.close"), () => box.close()),
  );
  opened(box);
}
