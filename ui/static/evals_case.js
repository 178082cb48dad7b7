// A case that failed: what was asked, what was answered with verdicts and quotes, what was wrong.

import { el } from "./dom.js";
import { icon } from "./icons.js";

const ICONS = { verbatim: "quote", supported: "check", unsupported: "alert", unchecked: "question" };

/** Returns the case as an article; `steps` are the buttons to the cases before and after it. */
export function caseView(view, steps) {
  return el(
    "article",
    { class: "case", tabindex: "-1", "aria-labelledby": "case-question" },
    el("div", { class: "case-steps" }, steps),
    el("p", { class: "case-id" }, [view.kind, view.id].filter(Boolean).join(" · ")),
    el("h3", { id: "case-question" }, view.question),
    el("h4", {}, "What failed"),
    view.failures.length
      ? el("ul", { class: "case-failures" }, view.failures.map((text) => el("li", {}, text)))
      : el("p", {}, "The report does not say."),
    el("h4", {}, "Answer"),
    view.note ? el("p", { class: "case-note" }, view.note) : null,
    view.said ? el("p", { class: "case-said" }, view.said) : null,
    view.sentences.length
      ? el("ol", { class: "case-sentences" }, view.sentences.map(sentence))
      : null,
  );
}

function sentence(view) {
  return el(
    "li",
    { "data-verdict": view.verdict },
    el("p", {}, view.text),
    el(
      "p",
      { class: "case-verdict", title: view.explanation },
      icon(ICONS[view.verdict] ?? "question"),
      view.remark || view.verdict,
    ),
    view.quotes.map(({ label, title, quote }) =>
      el("blockquote", {}, el("p", {}, quote), el("footer", {}, `[${label}] ${title}`)),
    ),
  );
}
