// A button that opens a short list of actions.

import { el } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";

const MARGIN = 4;

/**
 * Returns the button and its list, to be put into the page together.
 *
 * `entries` are `[label, action]`; the list closes by Escape, a click elsewhere or a choice.
 */
export function menu(id, label, iconName, entries) {
  const button = el(
    "button",
    { type: "button", class: "quiet", popovertarget: id, "aria-expanded": "false" },
    icon(iconName),
    label,
    icon("down"),
  );
  const choose = (action) => () => {
    list.hidePopover();
    button.focus();
    action();
  };
  const list = el(
    "ul",
    { class: "menu", id, popover: "auto", "aria-label": label },
    entries.map(([text, action]) =>
      el("li", {}, el("button", { type: "button", class: "quiet", onclick: choose(action) }, text)),
    ),
  );
  list.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    place(list, button);
    list.querySelector("button").focus();
  });
  list.addEventListener("keydown", (event) => move(event, list));
  return [button, list];
}

function move(event, list) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...list.querySelectorAll("button")];
  const next = buttons.indexOf(document.activeElement) + step;
  buttons[(next + buttons.length) % buttons.length].focus();
}

function place(list, button) {
  const at = button.getBoundingClientRect();
  const own = list.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(at.left, innerWidth - own.width - MARGIN));
  const above = at.top - own.height - MARGIN;
  list.style.left = `${left}px`;
  list.style.top = `${above > 0 ? above : at.bottom + MARGIN}px`;
}
