// The papers of the library as a table: found, sorted, ticked and acted on.
// The server finds and sorts; here is what was asked for and what is ticked.

import { el } from "../../parts/static/dom.js";
import { tableActions } from "./table_actions.js";
import { tableFilters } from "./table_filters.js";
import { tableRows } from "./table_rows.js";

/**
 * Draws the table. `props.value` is a page as `assistant_ui.papers_table.table_view` gives it, with
 * what there is to filter by; `props.paper` is the paper that is open, `props.n_chosen` how
 * many the chat is restricted to, `props.chosen` their ids where they are few.
 *
 * Raises `input` (a query), `select` (a paper is opened), `submit` (ask only these), `clear` (ask
 * all), `download` (export) and `delete`.
 */
export function mount(root, props, trigger, watch) {
  const table = { query: { sort: "library", descending: false, page: 1 }, ticked: new Set() };

  function ask(change) {
    Object.assign(table.query, { page: 1 }, change);
    trigger("input", table.query);
  }

  /** Asks for the same page of a library that may have changed, and which ticked papers it still has. */
  function askAgain() {
    trigger("input", { ...table.query, ticked: [...table.ticked] });
  }

  function retick() {
    rows.drawTicks(table.ticked);
    actions.draw(props.value, table.ticked, props.n_chosen ?? 0);
  }

  function tick(paperIds, isTicked) {
    for (const id of paperIds) isTicked ? table.ticked.add(id) : table.ticked.delete(id);
    retick();
  }

  const filters = tableFilters(ask);
  const rows = tableRows({
    sort: (sort, descending) => ask({ sort, descending }),
    open: (paperId) => trigger("select", { paper_id: paperId }),
    tick,
  });
  const actions = tableActions({
    trigger,
    target: () => (table.ticked.size ? { paper_ids: [...table.ticked] } : { query: table.query }),
    untick: () => tick([...table.ticked], false),
  });
  const pages = pager((page) => {
    ask({ page });
    root.scrollIntoView({ block: "start" });
  });
  const note = el(
    "p",
    { class: "note", hidden: true },
    "The starter library of papers on language models, with accounts of their abstracts. It stays as it is: your first file begins a library of your own.",
  );
  const empty = el("p", { class: "nothing" }, "Reading the library ...");
  root.append(
    el("h2", { class: "visually-hidden" }, "Papers of the library"),
    note,
    filters.element,
    actions.element,
    rows.element,
    empty,
    pages.element,
  );

  function draw() {
    const view = props.value;
    if (!view) return;
    table.query.page = view.query.page;
    if (view.ticked) table.ticked = new Set(view.ticked);
    note.hidden = !view.is_starter;
    filters.draw(view.suggestions);
    rows.draw(view, table.ticked);
    pages.draw(view.query.page, view.n_pages);
    rows.element.hidden = view.rows.length === 0;
    empty.hidden = view.rows.length > 0;
    empty.textContent = view.n_papers
      ? "No paper matches. Take a word away or reset the filters."
      : "No papers yet. Add a file above.";
    retick();
  }

  function drawChosen() {
    table.ticked = new Set(props.chosen ?? []);
    retick();
  }

  watch("value", draw);
  watch("paper", () => rows.showPaper(props.paper));
  watch(["chosen", "n_chosen"], drawChosen);
  watch("n_changes", askAgain);
  whenShownAgain(root, askAgain);
  draw();
  trigger("input", table.query);
}

/** Calls `shown` whenever `element` comes back into view from a tab that was hidden. */
function whenShownAgain(element, shown) {
  let wasHidden = element.offsetParent === null;
  new ResizeObserver(() => {
    const isHidden = element.offsetParent === null;
    if (wasHidden && !isHidden) shown();
    wasHidden = isHidden;
  }).observe(element);
}

function pager(turnTo) {
  let page = 1;
  const back = el("button", { class: "button", type: "button", onclick: () => turnTo(page - 1) }, "Previous");
  const on = el("button", { class: "button", type: "button", onclick: () => turnTo(page + 1) }, "Next");
  const place = el("span", {});
  const element = el("nav", { class: "pages", "aria-label": "Pages of the table" }, back, place, on);
  return {
    element,
    draw(now, count) {
      page = now;
      element.hidden = count < 2;
      back.disabled = now <= 1;
      on.disabled = now >= count;
      place.textContent = `Page ${now} of ${count}`;
    },
  };
}
