// A message for the whole chat, which a reader can put away.

import { el, redraw } from "./dom.js";
import { icon } from "./icons.js";

const KEY = "dismissed-banner";

/** Draws `banner` ({text, commands} or null) in `slot`, unless it was put away in this visit. */
export function drawBanner(slot, banner) {
  const shown = banner && read() !== banner.text ? banner : null;
  redraw(slot, shown, () => {
    if (!shown) return null;
    const close = () => {
      write(shown.text);
      drawBanner(slot, shown);
    };
    return el(
      "div",
      { class: "banner", role: "note" },
      icon("note"),
      el(
        "div",
        { class: "banner-text" },
        el("p", {}, shown.text),
        shown.commands.length ? el("pre", { tabindex: "0", "aria-label": "Commands" }, el("code", {}, shown.commands.join("\n"))) : null,
      ),
      el("button", { type: "button", class: "quiet", "aria-label": "Dismiss this message", onclick: close }, icon("close")),
    );
  });
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
