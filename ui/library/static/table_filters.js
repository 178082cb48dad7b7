// What narrows the table: a search, years, a venue, a keyword.

import { el } from "../../parts/static/dom.js";

const PAUSE_MS = 250;

/**
 * Returns `{element, draw(suggestions)}`: fields that call `ask` with what changed, a moment after
 * the last key. Fields for which the library has no values are disabled and say so.
 */
export function tableFilters(ask) {
  let pause = null;
  const later = () => {
    clearTimeout(pause);
    pause = setTimeout(() => ask(values()), PAUSE_MS);
  };
  const search = field("search", "Search", "Title, author, venue or keyword", later);
  const first = yearField("From year", later);
  const last = yearField("To year", later);
  const venue = field("text", "Venue", "any", later);
  const keyword = field("text", "Keyword", "any", later);
  const venues = suggest(venue.input, "venues");
  const keywords = suggest(keyword.input, "keywords");
  const fields = [search, first, last, venue, keyword];

  const values = () => ({
    search: search.input.value,
    year_from: first.input.value,
    year_to: last.input.value,
    venue: venue.input.value,
    keyword: keyword.input.value,
  });

  const reset = el("button", { class: "quiet", type: "button", onclick: clear }, "Reset");

  function clear() {
    for (const { input } of fields) input.value = "";
    clearTimeout(pause);
    ask(values());
    search.input.focus();
  }

  const element = el(
    "form",
    {
      class: "filters",
      role: "search",
      "aria-label": "Papers of the library",
      onsubmit: (event) => {
        event.preventDefault();
        clearTimeout(pause);
        ask(values());
      },
    },
    fields.map(({ label }) => label),
    reset,
    venues.list,
    keywords.list,
  );

  return {
    element,
    draw(suggestions) {
      const years = suggestions.years;
      for (const { input } of [first, last]) allow(input, years !== null, "year");
      if (years) [first.input.placeholder, last.input.placeholder] = years.map((year) => `e.g. ${year}`);
      allow(venue.input, suggestions.venues.length > 0, "any");
      allow(keyword.input, suggestions.keywords.length > 0, "any");
      venues.fill(suggestions.venues);
      keywords.fill(suggestions.keywords);
    },
  };
}

function field(type, name, placeholder, changed) {
  const input = el("input", { type, placeholder, autocomplete: "off", maxlength: 200, oninput: changed });
  const label = el("label", { class: `field field-${type}` }, el("span", {}, name), input);
  return { input, label };
}

function yearField(name, changed) {
  const made = field("text", name, "year", changed);
  made.input.inputMode = "numeric";
  made.input.maxLength = 4;
  return made;
}

function allow(input, hasValues, placeholder) {
  input.disabled = !hasValues && input.value === "";
  input.placeholder = hasValues ? placeholder : "none";
}

function suggest(input, id) {
  const list = el("datalist", { id: `library-${id}` });
  input.setAttribute("list", list.id);
  let drawn = null;
  return {
    list,
    fill(texts) {
      const key = JSON.stringify(texts);
      if (key === drawn) return;
      drawn = key;
      list.replaceChildren(...texts.map((text) => el("option", { value: text })));
    },
  };
}
