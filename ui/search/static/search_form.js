// The form of the search tab: what to look for, how many papers, and which may be found.

import { el } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";

const COUNTS = [5, 10, 20, 50, 100];
const USUAL_COUNT = 10;
const FILTERS = [
  { name: "year_from", label: "From year", mode: "numeric", length: 4 },
  { name: "year_to", label: "To year", mode: "numeric", length: 4 },
  { name: "author", label: "Author", length: 300 },
  { name: "venue", label: "Venue", length: 300 },
  { name: "keyword", label: "Keyword", length: 300 },
];

/** Returns the form; `onSearch(fields)` is called with what it holds when it is sent. */
export function searchForm(onSearch) {
  const filters = el("div", { class: "search-filters" }, FILTERS.map(filterField));
  const used = el("span", { class: "search-used" });
  const clear = el("button", { class: "quiet", type: "button", hidden: true }, "Clear filters");
  const form = el(
    "form",
    { class: "search-form", role: "search", "aria-label": "Papers" },
    el("div", { class: "search-line" }, queryField(), countField(), searchButton()),
    el(
      "details",
      { class: "search-narrow" },
      el("summary", {}, "Filters", used),
      filters,
      el(
        "p",
        { class: "search-hint" },
        "Parts of names will do; a semicolon between two means either. ",
        "Papers without a year fail a filter by year.",
      ),
      clear,
    ),
  );
  const count = () => {
    const n = [...filters.querySelectorAll("input")].filter((input) => input.value.trim()).length;
    used.textContent = n ? ` (${n} in use)` : "";
    clear.hidden = !n;
  };
  filters.addEventListener("input", count);
  clear.addEventListener("click", () => {
    for (const input of filters.querySelectorAll("input")) input.value = "";
    count();
    filters.querySelector("input").focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    onSearch({ ...fields, top_k: Number(fields.top_k) });
  });
  return form;
}

function queryField() {
  return labelled(
    "Search for",
    el("input", {
      type: "text",
      name: "query",
      maxlength: 20000,
      autocomplete: "off",
      spellcheck: "true",
      placeholder: "A few words or a question",
    }),
    "search-query",
  );
}

function countField() {
  const options = COUNTS.map((n) =>
    el("option", { value: n, selected: n === USUAL_COUNT }, `${n} papers`),
  );
  return labelled("Show", el("select", { name: "top_k" }, options), "search-count");
}

function searchButton() {
  return el("button", { class: "button primary", type: "submit" }, icon("search"), "Search");
}

function filterField({ name, label, mode, length }) {
  const input = el("input", {
    type: "text",
    name,
    maxlength: length,
    inputmode: mode,
    autocomplete: "off",
  });
  return labelled(label, input, `search-${name}`);
}

function labelled(label, control, name) {
  return el("label", { class: `search-field ${name}` }, el("span", {}, label), control);
}
