// A question in place, before something is done that cannot be undone.

import { el } from "./dom.js";

/**
 * Shows `text` in `slot` with two buttons, the first of which, named `verb`, calls `yes`.
 *
 * Either button and Escape close it; focus goes back to where it was.
 */
export function askFirst(slot, text, verb, yes) {
  const before = document.activeElement;
  const close = () => {
    slot.replaceChildren();
    if (before?.isConnected) before.focus();
  };
  const agree = el("button", { type: "button", class: "button" }, verb);
  agree.addEventListener("click", () => {
    close();
    yes();
  });
  const row = el(
    "div",
    { class: "confirmation", role: "group", "aria-label": text },
    el("p", {}, text),
    agree,
    el("button", { type: "button", class: "quiet", onclick: close }, "Cancel"),
  );
  row.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  slot.replaceChildren(row);
  agree.focus();
}
