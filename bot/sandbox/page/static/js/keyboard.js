// Buttons below a message, and keys below a chat.
import { h, icon } from "./dom.js";
import { t } from "./words.js";

export function inlineKeyboard(message, hands) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h(
    "div",
    { class: "keyboard", role: "group", "aria-label": t("chat.buttons") },
    rows.map((row) => h("div", { class: "keyboard-row" }, row.map((button) => inlineButton(message, button, hands)))),
  );
}

function inlineButton(message, button, hands) {
  const isPressed = button.callback_data !== undefined && hands.isPressed(message.message_id, button.callback_data);
  const sign = button.url ? "out" : button.copy_text ? "copy" : null;
  return h(
    "button",
    {
      type: "button",
      class: `key${button.style ? ` ${button.style}` : ""}${isPressed ? " pressed" : ""}`,
      "aria-busy": String(isPressed),
      disabled: Boolean(button.disabled),
      title: button.url ?? null,
      data: { data: button.callback_data ?? "" },
      onclick: (event) => hands.press(message, button, event.currentTarget),
    },
    h("span", { class: "label" }, button.text),
    sign ? icon(sign) : null,
  );
}

// The bot's keys below the input line. `strike(key)` is called for the one that is pressed.
export function replyKeyboard(markup, strike) {
  if (!markup?.keyboard) return null;
  return h(
    "div",
    { class: "reply-keyboard", role: "group", "aria-label": t("chat.keys") },
    markup.keyboard.map((row) =>
      h("div", { class: "keyboard-row" }, row.map((key) => h("button", { type: "button", class: "key", onclick: () => strike(key) }, h("span", { class: "label" }, key.text)))),
    ),
  );
}
