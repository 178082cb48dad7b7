"use strict";

// Elements made of text: nothing that a paper, a model or a person wrote is ever parsed as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  alert: "M10 3 L18 17 H2 Z M10 8 V12 M10 14.4 V14.6",
  check: "M4 10.5 L8.2 14.7 L16 6",
  close: "M5 5 L15 15 M15 5 L5 15",
  missing: "M10 2.5 A7.5 7.5 0 1 1 9.99 2.5 M6.5 10 H13.5",
  question: "M10 2.5 A7.5 7.5 0 1 1 9.99 2.5 M7.6 7.8 A2.4 2.4 0 1 1 10.6 10.1 Q10 10.4 10 11.6 M10 14 V14.2",
  quote: "M8.5 6 Q4 7 4 11 V14 H8.5 V10 H5.5 M16 6 Q11.5 7 11.5 11 V14 H16 V10 H13",
};

/** Returns a new element; attributes that are null or false are left out, and so are null children. */
function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Returns a new element of a drawing. */
function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** Returns an icon, which screen readers pass over: words beside it say the same. */
function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name] }),
  );
}

/** Returns an icon and a word, in the colour of `state`: ok, bad, warn or none. */
function sign(iconName, words, state) {
  return el("span", { class: `sign ${state}` }, icon(iconName), words);
}

/**
 * Returns a table whose parts keep their roles when a narrow screen lays them out anew.
 *
 * `heads` are the titles of the columns, `bodies` lists of rows, each row a list of cells; the
 * first cell names its row. A body with a `title` is a group of that name.
 */
function table(name, heads, bodies) {
  return el(
    "table",
    { role: "table", "aria-label": name },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads.map(columnHead))),
    bodies.map(({ title, rows }) =>
      el(
        "tbody",
        { role: "rowgroup" },
        title
          ? el("tr", { role: "row", class: "group" }, [
              el("th", { role: "rowheader", scope: "rowgroup", colspan: heads.length }, title),
            ])
          : null,
        rows.map((cells) =>
          el("tr", { role: "row" }, cells.map((cell, at) => tableCell(cell, at, heads[at]))),
        ),
      ),
    ),
  );
}

function columnHead(text) {
  return text === PLOT
    ? el("th", { role: "columnheader", scope: "col" }, el("span", { class: "unseen" }, text))
    : el("th", { role: "columnheader", scope: "col" }, text);
}

const PLOT = "Plot";

function tableCell(cell, at, head) {
  if (at === 0) return el("th", { role: "rowheader", scope: "row" }, cell);
  const figures = typeof cell === "string" && /^[−–\d]/.test(cell);
  return el(
    "td",
    { role: "cell", class: head === PLOT ? "plot" : figures ? "figure" : null, "data-head": head },
    cell,
  );
}

/** Returns `value` where it is a list, else an empty one. */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/** Returns whether `value` is a number that can be shown. */
function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** Returns a figure with as many places as its unit needs, "–" where there is none. */
function figure(value, unit = "share") {
  if (!isNumber(value)) return "–";
  const small = Math.abs(value) >= 100 ? 0 : 1;
  const places = { share: 3, "per 100 sentences": 2, USD: 4, tokens: small, ms: small }[unit] ?? 2;
  const shown = {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    roundingMode: "halfEven",
  };
  return value.toLocaleString("en", shown).replace("-", "−");
}

/** Returns a whole number as "1,200"; "0" where there is none. */
function whole(number) {
  return (isNumber(number) ? number : 0).toLocaleString("en");
}

/** Returns "1 case", "1,200 cases". */
function count(number, noun) {
  return `${whole(number)} ${number === 1 ? noun : `${noun}s`}`;
}

/** Returns "0.880 to 0.930", "–" where an end is missing. */
function interval({ low, high }, unit) {
  return isNumber(low) && isNumber(high) ? `${figure(low, unit)} to ${figure(high, unit)}` : "–";
}

/** Returns "at least 0.900" or "at most 0.050", "–" where nothing is asked. */
function bound(metric) {
  if (!isNumber(metric.floor)) return "–";
  const side = metric.higher_is_better === false ? "at most" : "at least";
  return `${side} ${figure(metric.floor, metric.unit ?? "share")}`;
}

/** Returns whether a metric is where it must be; of a mutation without a floor, whether it is seen. */
function verdict({ floor, passed, seen }) {
  if (!isNumber(floor)) {
    if (seen) return sign("check", "seen", "ok");
    return sign("missing", seen === false ? "not seen" : "no floor", "none");
  }
  if (passed === null || passed === undefined) return sign("question", "not judged", "warn");
  return passed ? sign("check", "passed", "ok") : sign("alert", "failed", "bad");
}
