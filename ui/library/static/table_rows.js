// The table itself: its head, which sorts, and its rows, which open.

import { el } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";
import { paperCard } from "../../parts/static/paper_card.js";

const COLUMNS = [
  ["title", "Title"],
  ["authors", "Authors"],
  ["year", "Year"],
  ["venue", "Venue"],
];

/**
 * Returns `{element, draw(view, ticked), drawTicks(ticked), showPaper(paper)}`.
 *
 * `on` is what is called: `sort(column, descending)`, `open(paperId)` where a paper is to be
 * fetched, `tick(paperIds, isTicked)`.
 */
export function tableRows(on) {
  const body = el("tbody", {});
  let view = null;
  let paper = null;
  let openId = null;

  const everyBox = el("input", {
    type: "checkbox",
    "aria-label": "Choose all papers of this page",
    onchange: () => on.tick(view.rows.map((row) => row.paper_id), everyBox.checked),
  });
  const heads = COLUMNS.map(([column, name]) => sortHead(column, name, () => sortBy(column)));
  const table = el(
    "table",
    {},
    el("caption", { class: "visually-hidden" }, "Papers; a title opens its abstract"),
    el("thead", {}, el("tr", {}, el("th", { scope: "col", class: "tick" }, everyBox), heads)),
    body,
  );

  function sortBy(column) {
    const { sort, descending } = view.query;
    if (sort !== column) on.sort(column, false);
    else if (!descending) on.sort(column, true);
    else on.sort("library", false);
  }

  function toggle(row, button) {
    const isOpen = openId === row.paper_id;
    close();
    if (isOpen) return;
    openId = row.paper_id;
    button.setAttribute("aria-expanded", "true");
    button.closest("tr").after(detail(row));
    if (paper?.paper_id === openId) fill();
    else on.open(openId);
  }

  function close() {
    body.querySelector("tr.detail")?.remove();
    body.querySelector("[aria-expanded=true]")?.setAttribute("aria-expanded", "false");
    openId = null;
  }

  function fill() {
    const place = body.querySelector("tr.detail .detail-card");
    if (place) place.replaceChildren(paperCard(paper, { level: 3 }));
  }

  function draw(next, ticked) {
    view = next;
    const wanted = openId;
    openId = null;
    table.dataset.columns = next.columns.join(" ");
    for (const head of heads) markSorted(head, next.query);
    body.replaceChildren(...next.rows.map((row) => rowOf(row, toggle, on.tick)));
    drawTicks(ticked);
    const index = next.rows.findIndex((row) => row.paper_id === wanted);
    if (index >= 0) toggle(next.rows[index], body.rows[index].querySelector(".opener"));
  }

  function drawTicks(ticked) {
    if (!view) return;
    const boxes = [...body.querySelectorAll("input[type=checkbox]")];
    for (const box of boxes) {
      box.checked = ticked.has(box.value);
      box.closest("tr").classList.toggle("is-ticked", box.checked);
    }
    const count = boxes.filter((box) => box.checked).length;
    everyBox.checked = count > 0 && count === boxes.length;
    everyBox.indeterminate = count > 0 && count < boxes.length;
  }

  return {
    element: el("div", { class: "papers" }, table),
    draw,
    drawTicks,
    showPaper(next) {
      paper = next;
      if (next && next.paper_id === openId) fill();
    },
  };
}

function sortHead(column, name, sort) {
  const button = el("button", { class: "sorter", type: "button", onclick: sort }, name, icon("down"));
  return el("th", { scope: "col", class: column, "data-column": column }, button);
}

function markSorted(head, query) {
  const isSorted = head.dataset.column === query.sort;
  if (isSorted) head.setAttribute("aria-sort", query.descending ? "descending" : "ascending");
  else head.removeAttribute("aria-sort");
}

function rowOf(row, toggle, tick) {
  const box = el("input", { type: "checkbox", "aria-label": `Choose ${row.title}`, value: row.paper_id });
  box.addEventListener("change", () => tick([row.paper_id], box.checked));
  const opener = el(
    "button",
    { class: "opener", type: "button", "aria-expanded": "false", onclick: () => toggle(row, opener) },
    row.title,
  );
  const place = [row.authors, row.venue].filter(Boolean).join(" · ");
  return el(
    "tr",
    { "data-paper": row.paper_id },
    el("td", { class: "tick" }, box),
    el("th", { scope: "row", class: "title" }, opener, place && el("span", { class: "place" }, place)),
    el("td", { class: "authors" }, row.authors),
    el("td", { class: "year" }, row.year === null ? "" : String(row.year)),
    el("td", { class: "venue" }, row.venue),
  );
}

function detail(row) {
  const card = el("div", { class: "detail-card", "aria-live": "polite" }, el("p", { class: "waiting" }, "Opening ..."));
  return el("tr", { class: "detail" }, el("td", { colspan: "5", "aria-label": `Abstract of ${row.title}` }, card));
}
