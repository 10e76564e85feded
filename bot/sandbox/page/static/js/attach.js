// What is sent beside words: a picture, a file, one's place, one's number.
import { askBox, toast } from "./dialogs.js";
import { h } from "./dom.js";
import { county } from "./store.js";
import { t } from "./words.js";

export function attachments(pane) {
  return [
    { sign: "photo", label: t("attach.photo"), deed: () => choose("image/*", (file) => sendFile(pane, file, true)) },
    { sign: "file", label: t("attach.file"), deed: () => choose("", (file) => sendFile(pane, file, false)) },
    { sign: "pin", label: t("attach.location"), deed: () => locate(pane) },
    { sign: "contact", label: t("attach.contact"), deed: () => share(pane) },
  ];
}

function choose(accept, then) {
  const input = h("input", { type: "file", accept, class: "sr-only", tabindex: "-1", "aria-label": t("attach.file") });
  input.addEventListener("change", () => {
    if (input.files[0]) then(input.files[0]);
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

export async function sendFile(pane, file, asPhoto) {
  if (file.size > county.file_bytes_max) {
    toast(t("no.too_large"), pane.node);
    return;
  }
  const given = await askBox(t(asPhoto ? "attach.photo" : "attach.file"), [{ name: "caption", label: t("attach.caption"), required: false, max: "1024" }], { ok: t("write.send"), words: file.name });
  if (!given) return;
  await pane.does("sends", { name: file.name, mime: file.type, content: await base64(file), caption: given.caption, as_photo: asPhoto });
}

function base64(file) {
  return new Promise((answer, fail) => {
    const reader = new FileReader();
    reader.onload = () => answer(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

async function locate(pane) {
  const fields = [
    { name: "latitude", label: t("attach.latitude"), value: "30.2741", type: "number" },
    { name: "longitude", label: t("attach.longitude"), value: "120.1551", type: "number" },
  ];
  const given = await askBox(t("attach.location"), fields, { ok: t("write.send") });
  if (given) await pane.does("locates", { latitude: Number(given.latitude), longitude: Number(given.longitude) });
}

async function share(pane) {
  const given = await askBox(t("attach.contact"), [{ name: "phone", label: t("attach.phone"), value: "+86 138 0000 0000" }], { ok: t("write.send") });
  if (given) await pane.does("shares", { phone: given.phone });
}
