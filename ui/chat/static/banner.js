// A message for the whole chat, which a reader can put away.

import { el, redraw } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";

const KEY = "dismissed-banner";

/**
 * Draws `banner` ({text, commands} or null) in `slot`, unless it was put away in this visit; its
 * commands are folded away at first where `folded`.
 */
export function drawBanner(slot, banner, folded) {
  const shown = banner && read() !== banner.text ? banner : null;
  redraw(slot, [shown, folded], () => {
    if (!shown) return null;
    const close = () => {
      write(shown.text);
      drawBanner(slot, shown, folded);
    };
    return el(
      "div",
      { class: "banner", role: "note" },
      icon("note"),
      el(
        "div",
        { class: "banner-text" },
        el("p", {}, shown.text),
        shown.commands.length ? commandList(shown.commands, folded) : null,
      ),
      el("button", { type: "button", class: "quiet", "aria-label": "Dismiss this message", onclick: close }, icon("close")),
    );
  });
}

function commandList(commands, folded) {
  const code = el("pre", { tabindex: "0" }, el("code", {}, commands.join("\n")));
  return el("details", { open: !folded }, el("summary", {}, "Have one write them: do one of these, then start again"), code);
}

let put = null;

function read() {
  try {
    return sessionStorage.getItem(KEY) ?? put;
  } catch {
    return put;
  }
}

function write(text) {
  put = text;
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // A browser that keeps nothing still has it put away until the page is loaded again.
  }
}
