// The form of the search tab: what to look for, how many papers, and which may be found.

import { el } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";

const COUNTS = [5, 10, 20, 50, 100];
const USUAL_COUNT = 10;

/**
 * Returns the form with the inputs that `filters` names, as `search/filter_form.py` lists them;
 * `onSearch(fields)` is called with what it holds when it is sent.
 */
export function searchForm(filters, onSearch) {
  const fields = el("div", { class: "search-filters" }, filters.map(filterField));
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
      fields,
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
    const n = [...fields.querySelectorAll("input")].filter(isInUse).length;
    used.textContent = n ? ` (${n} in use)` : "";
    clear.hidden = !n;
  };
  fields.addEventListener("input", count);
  clear.addEventListener("click", () => {
    for (const input of fields.querySelectorAll("input")) empty(input);
    count();
    fields.querySelector("input").focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const sent = Object.fromEntries(new FormData(form));
    onSearch({ ...sent, top_k: Number(sent.top_k) });
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

function filterField({ name, kind, label, length }) {
  if (kind === "flag") {
    const box = el("input", { type: "checkbox", name });
    return el("label", { class: "search-switch search-flag" }, box, label);
  }
  const input = el("input", {
    type: "text",
    name,
    maxlength: length,
    inputmode: kind === "year" ? "numeric" : null,
    autocomplete: "off",
  });
  return labelled(label, input, `search-${kind}`);
}

function isInUse(input) {
  return input.type === "checkbox" ? input.checked : Boolean(input.value.trim());
}

function empty(input) {
  if (input.type === "checkbox") input.checked = false;
  else input.value = "";
}

function labelled(label, control, name) {
  return el("label", { class: `search-field ${name}` }, el("span", {}, label), control);
}
