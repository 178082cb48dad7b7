// What became of a change of the library: counts, titles, and each record that was skipped.

import { el } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";

/**
 * Returns the report of `change`, as `assistant_ui.change_views` makes it; `dismiss` is called when
 * it is read.
 */
export function changeReport(change, dismiss) {
  return el(
    "section",
    { class: change.is_well ? "report is-well" : "report", "aria-label": "Report" },
    el(
      "div",
      { class: "report-head" },
      el("p", { class: "summary", role: "status" }, icon(change.is_well ? "check" : "alert"), change.summary),
      el("button", { type: "button", class: "quiet", onclick: dismiss, "aria-label": "Close the report" }, icon("close")),
    ),
    (change.notices ?? []).map((notice) => el("p", { class: "notice" }, notice)),
    (change.lists ?? []).map(titles),
    change.skipped?.length ? skippedTable(change) : null,
  );
}

function titles({ name, titles: shown, n }) {
  return el(
    "details",
    {},
    el("summary", {}, `${name} (${n.toLocaleString("en")})`),
    el("ul", {}, shown.map((title) => el("li", {}, title))),
    more(n - shown.length),
  );
}

function skippedTable({ skipped, n_skipped: n }) {
  return el(
    "details",
    { open: true },
    el("summary", {}, `Skipped (${n.toLocaleString("en")})`),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ["File", "Line", "Reason"].map((name) => el("th", { scope: "col" }, name)))),
      el(
        "tbody",
        {},
        skipped.map(({ file, line, reason }) =>
          el("tr", {}, el("td", {}, file), el("td", {}, line === null ? "" : String(line)), el("td", {}, reason)),
        ),
      ),
    ),
    more(n - skipped.length),
  );
}

function more(n) {
  return n > 0 ? el("p", { class: "more" }, `and ${n.toLocaleString("en")} more`) : null;
}
