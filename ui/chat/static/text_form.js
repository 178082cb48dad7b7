// A text asked for in place: a changed question, or what is wrong with a sentence.

import { el } from "../../parts/static/dom.js";

/**
 * Returns a form for one text: Enter sends it, Shift+Enter breaks the line, Escape cancels.
 *
 * `options`: `label` of the field, `value`, `verb` of the button, `note` below the field,
 * `maxlength`, `lines`, `send(text)` and `cancel()`. Blank text is not sent.
 */
export function textForm(options) {
  const field = el("textarea", {
    rows: String(options.lines ?? 1),
    maxlength: String(options.maxlength ?? 2000),
    "aria-label": options.label,
    required: true,
  });
  field.value = options.value ?? "";
  const send = () => {
    const text = field.value.trim();
    if (text) options.send(text);
    else field.focus();
  };
  const form = el(
    "form",
    { class: "text-form" },
    el("span", { class: "text-form-label", "aria-hidden": "true" }, options.label),
    field,
    options.note ? el("p", { class: "text-form-note" }, options.note) : null,
    el(
      "div",
      { class: "text-form-buttons" },
      el("button", { type: "submit", class: "button primary" }, options.verb),
      el("button", { type: "button", class: "quiet", onclick: options.cancel }, "Cancel"),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      options.cancel();
    } else if (event.key === "Enter" && event.target === field && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  return form;
}

/** Puts the caret behind the text of the form's field. */
export function focusForm(form) {
  const field = form.querySelector("textarea");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
