// The search tab: the form, the papers found, and what can be done with those that are ticked.

import { el } from "../../parts/static/dom.js";
import { searchForm } from "./search_form.js";
import { highest, searchResult } from "./search_result.js";

const HINT =
  "A search ranks every paper by words and by meaning, and shows the sentence of each that matches best.";

/** Draws the part; a search is sent to Python, whose answer comes back as the value. */
export function mount(root, props, trigger, watch) {
  const part = new SearchPart(root, trigger, props.filters);
  watch("value", () => part.draw(props.value));
}

class SearchPart {
  constructor(root, trigger, filters) {
    Object.assign(this, { trigger, turn: 0, ticked: new Set() });
    this.status = el("p", { class: "search-status", role: "status" }, HINT);
    this.list = el("ol", { class: "results" });
    this.ask = el("button", { class: "button primary", type: "button", onclick: () => this.go() });
    this.clear = el(
      "button",
      { class: "quiet", type: "button", onclick: () => this.tickNone() },
      "Clear ticks",
    );
    this.chosen = el("div", { class: "search-chosen", hidden: true }, this.ask, this.clear);
    this.bar = el("div", { class: "search-bar", hidden: true }, scoreSwitch(root), this.chosen);
    root.replaceChildren(
      searchForm(filters, (fields) => this.search(fields)),
      this.status,
      this.bar,
      scoreLegend(),
      this.list,
    );
  }

  search(fields) {
    this.turn += 1;
    this.say("Searching…");
    this.trigger("submit", { ...fields, turn: this.turn });
  }

  draw(view) {
    // Only the search that was sent last is shown.
    if (!view || view.turn !== this.turn) return;
    const results = view.results ?? [];
    this.say(view.fault ?? said(view), Boolean(view.fault));
    const most = highest(results);
    this.list.replaceChildren(
      ...results.map((result, index) =>
        searchResult(result, index + 1, most, (id, ticked) => this.tick(id, ticked)),
      ),
    );
    this.bar.hidden = !results.length;
    this.ticked.clear();
    this.drawTicked();
  }

  say(text, fault = false) {
    this.status.textContent = text;
    this.status.classList.toggle("fault", fault);
  }

  tick(id, ticked) {
    if (ticked) this.ticked.add(id);
    else this.ticked.delete(id);
    this.drawTicked();
  }

  tickNone() {
    for (const box of this.list.querySelectorAll("input:checked")) box.checked = false;
    this.ticked.clear();
    this.drawTicked();
    this.list.querySelector("input")?.focus();
  }

  drawTicked() {
    const n = this.ticked.size;
    this.chosen.hidden = !n;
    this.ask.textContent = n === 1 ? "Ask about this paper" : `Ask about these ${n} papers`;
  }

  go() {
    this.trigger("apply", { paper_ids: [...this.ticked] });
  }
}

function said(view) {
  const n = view.results.length;
  if (n && view.filtered) return `The best ${n} that pass the filters, best first.`;
  if (n) return `The best ${n} of ${view.n_papers.toLocaleString("en")} in the library, best first.`;
  if (!view.n_papers) return "The library holds no papers yet; add some in the Library tab.";
  return view.filtered ? "No paper of this library passes these filters." : "No paper was found.";
}

function scoreSwitch(root) {
  const box = el("input", {
    type: "checkbox",
    onchange: (event) => root.classList.toggle("with-scores", event.target.checked),
  });
  return el("label", { class: "search-switch" }, box, "Show scores");
}

function scoreLegend() {
  const line = (name, text) => el("div", {}, el("dt", {}, name), el("dd", {}, text));
  return el(
    "div",
    { class: "score-legend" },
    el(
      "dl",
      {},
      line(
        "Together",
        "the mean of the scores below, each standardised; it orders this list and compares papers of one search only",
      ),
      line("Words", "BM25 over title and abstract, from 0 up: rare words of the query weigh most"),
      line("Meaning", "cosine of the embeddings of query and paper, from −1 to 1"),
    ),
    el("p", {}, "Higher is better in each."),
  );
}
