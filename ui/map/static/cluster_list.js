// The clusters of the map as lists of their papers: the map for those who do not see or point.

import { citedRing, clusterShape } from "./cluster_shapes.js";
import { el } from "../../parts/static/dom.js";

const PAGE = 25;

/**
 * Returns the list of clusters, each of which opens to its papers.
 *
 * `view` is the map's value, `marked` the ids behind the last answer. `onOpen(id)` is called when a
 * paper is chosen, `onPoint(cluster)` when a cluster is pointed at, with null when no more.
 */
export function clusterList(view, marked, { onOpen, onPoint }) {
  const rows = view.ids.map((_, row) => row).sort((a, b) => byTitle(view, a, b));
  const cited = rows.filter((row) => marked.has(view.ids[row]));
  return el(
    "div",
    { class: "clusters" },
    cited.length ? group("Behind the last answer", citedRing(), cited, view, marked, onOpen) : null,
    view.clusters.map((cluster, number) => {
      const members = rows.filter((row) => view.cluster[row] === number);
      const element = group(cluster.name, clusterShape(number), members, view, marked, onOpen);
      const summary = element.querySelector("summary");
      for (const name of ["pointerenter", "focus"]) {
        summary.addEventListener(name, () => onPoint(number));
      }
      for (const name of ["pointerleave", "blur"]) {
        summary.addEventListener(name, () => onPoint(null));
      }
      return element;
    }),
  );
}

function group(name, shape, rows, view, marked, onOpen) {
  const papers = el("ul", { class: "cluster-papers" });
  const attributes = { class: "quiet", type: "button", hidden: true, onclick: () => show() };
  const more = el("button", attributes, "Show more");
  const show = () => {
    const first = papers.children.length;
    papers.append(...rows.slice(first, first + PAGE).map((row) => paper(row, view, marked, onOpen)));
    more.hidden = papers.children.length >= rows.length;
  };
  const opened = () => {
    if (!papers.children.length) show();
  };
  return el(
    "details",
    { class: "cluster", ontoggle: opened },
    el(
      "summary",
      {},
      shape,
      el("span", { class: "cluster-name" }, name),
      el("span", { class: "cluster-count" }, count(rows.length)),
    ),
    papers,
    more,
  );
}

function paper(row, view, marked, onOpen) {
  const id = view.ids[row];
  const year = view.years[row];
  return el(
    "li",
    {},
    el(
      "button",
      { class: "quiet cluster-paper", type: "button", onclick: () => onOpen(id) },
      marked.has(id) ? [citedRing(), el("span", { class: "visually-hidden" }, "cited: ")] : null,
      el("span", {}, year ? `${view.titles[row]} (${year})` : view.titles[row]),
    ),
  );
}

/** Returns '1 paper' or '1,234 papers'. */
export function count(number) {
  return `${number.toLocaleString("en")} ${number === 1 ? "paper" : "papers"}`;
}

function byTitle(view, a, b) {
  return view.titles[a].localeCompare(view.titles[b]) || a - b;
}
