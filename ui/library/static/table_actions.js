// What can be done with the papers that are ticked or found: ask only these, export, remove.

import { askFirst } from "../../parts/static/confirmation.js";
import { el } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";

const FORMATS = [
  ["bibtex", "BibTeX"],
  ["ris", "RIS"],
  ["csl", "CSL-JSON"],
  ["jsonl", "JSON Lines"],
];

/**
 * Returns `{element, draw(view, ticked, nChosen)}`.
 *
 * `trigger` raises the part's events; `target()` is the papers that are meant, as the server reads
 * it; `untick()` unticks all.
 */
export function tableActions({ trigger, target, untick }) {
  const button = (attributes, ...label) => el("button", { type: "button", class: "button", ...attributes }, ...label);
  const count = el("p", { class: "count", role: "status" });
  const ask = button({ class: "button primary", onclick: () => trigger("submit", target()) }, "Ask only these");
  const askAll = button({ onclick: () => trigger("clear", {}) }, "Ask all papers");
  const restricted = el("p", {});
  const restriction = el("div", { class: "restriction", hidden: true }, restricted, askAll);
  const format = el(
    "select",
    { "aria-label": "Format of the export" },
    FORMATS.map(([value, name]) => el("option", { value }, name)),
  );
  const save = button({ onclick: () => trigger("download", { ...target(), format: format.value }) });
  const none = button({ class: "quiet", onclick: untick }, "Untick all");
  const question = el("div", { class: "question" });
  const remove = button({ class: "quiet remove", onclick: confirm }, icon("remove"), "Remove ...");

  function confirm() {
    const { paper_ids: ids } = target();
    const text = `Remove ${papers(ids.length)} from the library? Only the file that held them brings them back.`;
    askFirst(question, text, "Remove", () => trigger("delete", { paper_ids: ids }));
  }

  return {
    element: el(
      "div",
      { class: "actions" },
      count,
      el("div", { class: "buttons" }, none, remove, el("span", { class: "export" }, format, save), ask),
      restriction,
      question,
    ),
    draw(view, ticked, nChosen) {
      if (!view) return;
      const meant = ticked.size || view.n_found;
      count.textContent = countText(view, ticked.size);
      ask.disabled = !ticked.size && !(view.restricts && view.n_found);
      ask.textContent = ask.disabled ? "Ask only these" : `Ask only these ${number(meant)}`;
      restriction.hidden = nChosen === 0;
      restricted.textContent = `The chat answers from ${papers(nChosen)} that you chose.`;
      save.replaceChildren(icon("save"), ticked.size || view.restricts ? `Export ${number(meant)}` : "Export all");
      save.disabled = meant === 0;
      none.hidden = ticked.size === 0;
      remove.hidden = view.is_starter || ticked.size === 0;
      if (remove.hidden) question.replaceChildren();
    },
  };
}

function countText(view, nTicked) {
  const all = papers(view.n_papers);
  const found = view.restricts ? `${number(view.n_found)} of ${all}` : all;
  return nTicked ? `${found}, ${number(nTicked)} ticked` : found;
}

function papers(count) {
  return count === 1 ? "1 paper" : `${number(count)} papers`;
}

function number(count) {
  return count.toLocaleString("en");
}
