// One paper found: its reference, the matching sentence, its abstract and scores when asked for.

import { el } from "../../parts/static/dom.js";
import { paperCard } from "../../parts/static/paper_card.js";

/** The scores in the order in which they are shown; higher is better in each. */
export const SCORES = [
  { name: "score", label: "Together", digits: 2 },
  { name: "lexical", label: "Words", digits: 1 },
  { name: "dense", label: "Meaning", digits: 3 },
];

/**
 * Returns the list item of a paper found.
 *
 * `rank` counts from 1, `most` are the highest scores of the list, and `onTick(id, ticked)` is
 * called when its box is ticked or cleared.
 */
export function searchResult(view, rank, most, onTick) {
  const { abstract, sentence, scores, ...reference } = view;
  const card = paperCard(reference, { level: 2 });
  if (sentence) card.append(el("p", { class: "result-sentence" }, el("mark", {}, sentence)));
  card.append(
    abstract.length ? el(
      "details",
      { class: "result-abstract" },
      el("summary", {}, view.is_account ? "Account" : "Abstract"),
      el(
        "p",
        {},
        abstract.map((piece) => (piece.cited_by.length ? el("mark", {}, piece.text) : piece.text)),
      ),
    ) : el("p", { class: "result-abstract" }, "No abstract."),
    scoreList(scores, most),
  );
  const box = el("input", {
    type: "checkbox",
    value: view.paper_id,
    "aria-label": `Tick paper ${rank}: ${view.title}`,
    onchange: (event) => onTick(view.paper_id, event.target.checked),
  });
  return el(
    "li",
    { class: "result" },
    el("label", { class: "result-tick" }, box, el("span", { class: "result-rank" }, String(rank))),
    card,
  );
}

/** Returns the highest of each score, for the length of bars. */
export function highest(results) {
  return Object.fromEntries(
    SCORES.map(({ name }) => [name, Math.max(...results.map((result) => result.scores[name]))]),
  );
}

function scoreList(scores, most) {
  return el(
    "dl",
    { class: "result-scores" },
    SCORES.map(({ name, label, digits }) => {
      const share = most[name] > 0 ? Math.max(0, scores[name] / most[name]) : 0;
      const bar = el("span", { class: "result-bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", share.toFixed(3));
      return el(
        "div",
        {},
        el("dt", {}, label),
        el("dd", {}, bar, el("span", {}, scores[name].toFixed(digits).replace("-", "−"))),
      );
    }),
  );
}
