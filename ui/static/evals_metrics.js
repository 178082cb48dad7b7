// The metrics of a report: each mean with its interval, as figures and on a bar.

import { el } from "./dom.js";
import { icon } from "./icons.js";

/** Returns the table of metrics. */
export function metricsTable(metrics) {
  return el(
    "table",
    { class: "metrics" },
    el("caption", { class: "visually-hidden" }, "Metrics of this report"),
    el(
      "thead",
      {},
      el("tr", {}, ["Measure", "Mean", "Interval", "", "Over"].map(heading)),
    ),
    el("tbody", {}, metrics.map(row)),
  );
}

function heading(text) {
  return text ? el("th", { scope: "col" }, text) : el("td", {});
}

function row(metric) {
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      el("span", { class: "metric-title" }, metric.title),
      metric.verdict ? verdict(metric) : null,
    ),
    el("td", { class: "metric-mean" }, metric.mean),
    el("td", { class: "metric-interval" }, metric.interval || "–"),
    el("td", { class: "metric-bar" }, bar(metric)),
    el("td", { class: "metric-counts" }, metric.counts),
  );
}

function verdict({ verdict: words, passed }) {
  const name = passed === null ? "question" : passed ? "check" : "alert";
  return el("span", { class: `metric-verdict ${name}` }, icon(name), words);
}

function bar(metric) {
  const element = el(
    "div",
    { class: "bar", title: `${metric.scale[0]} to ${metric.scale[1]}`, "aria-hidden": "true" },
    metric.floor === null ? null : el("span", { class: "bar-floor" }),
    metric.from === null || metric.to === null ? null : el("span", { class: "bar-interval" }),
    metric.at === null ? null : el("span", { class: "bar-mean" }),
  );
  for (const name of ["at", "from", "to", "floor"]) {
    if (metric[name] !== null) element.style.setProperty(`--${name}`, String(metric[name]));
  }
  return element;
}
