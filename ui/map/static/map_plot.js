// The points of the map, drawn by plotly. Its own hover texts are markup, so ours is used instead.

import { SHAPES } from "./cluster_shapes.js";
import { el } from "../../parts/static/dom.js";

const MANY = 3000;
const SIZE = 9;
const SIZE_OF_MANY = 5;
const NARROW = 500;
const SIZE_IF_NARROW = 7;
const FAINT = 0.12;
const CONFIG = { displayModeBar: false, displaylogo: false, doubleClick: "reset", locale: "en" };

let loading = null;

/** Returns plotly, loaded at the first call from the page's own server. */
export function loadPlotly() {
  loading ??= new Promise((loaded, failed) => {
    const script = el("script", {
      src: new URL("./plotly.min.js", import.meta.url).href,
      onload: () => loaded(window.Plotly),
      onerror: () => {
        loading = null;
        failed(new Error("plotly did not load"));
      },
    });
    document.head.append(script);
  });
  return loading;
}

/** A plot of the map; `onOpen(id)` is called when a point is clicked. */
export class MapPlot {
  constructor(onOpen) {
    this.onOpen = onOpen;
    this.view = null;
    this.marked = new Set();
    this.chosen = null;
    this.canvas = el("div", { class: "map-canvas", role: "img" });
    this.tip = el("div", { class: "map-tip", hidden: true, "aria-hidden": "true" });
    this.whole = el(
      "button",
      { class: "button map-whole", type: "button", hidden: true, onclick: () => this.reset() },
      "Whole map",
    );
    this.element = el("div", { class: "map-plot" }, this.canvas, this.tip, this.whole);
    new MutationObserver(() => this.draw()).observe(document.body, { attributeFilter: ["class"] });
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  /** Draws the map `view`, with rings round the papers whose ids are in `marked`. */
  async show(view, marked, chosen) {
    Object.assign(this, { view, marked, chosen });
    this.canvas.setAttribute("aria-label", label(view));
    this.plotly = await loadPlotly();
    this.draw();
  }

  draw() {
    if (!this.plotly || !this.view) return;
    const first = !this.canvas.data;
    this.plotly.react(this.canvas, this.traces(), layout(this.view, this.canvas), CONFIG);
    if (first) this.listen();
  }

  /** Puts a ring round the paper that is open beside the map; null takes it away. */
  choose(id) {
    this.chosen = id;
    this.draw();
  }

  /** Lets all clusters but one fade; null brings them back. */
  point(cluster) {
    if (!this.canvas.data) return;
    const opacities = this.view.clusters.map((_, number) =>
      cluster === null || cluster === number ? 1 : FAINT,
    );
    this.plotly.restyle(this.canvas, { opacity: opacities }, [...opacities.keys()]);
  }

  traces() {
    const colour = colours(this.element);
    const clusters = this.view.clusters.map((cluster, number) => {
      const rows = rowsOf(this.view, (row) => this.view.cluster[row] === number);
      const shape = number % SHAPES.length;
      return trace(this.view, rows, {
        color: colour(`--cluster-${shape}`),
        symbol: SHAPES[shape],
        size: this.size(),
        opacity: 1,
        line: { color: colour("--panel"), width: this.view.ids.length > MANY ? 0 : 1 },
      });
    });
    const ring = (rows, name, size) =>
      trace(this.view, rows, {
        symbol: "circle-open",
        color: colour(name),
        size,
        line: { color: colour(name), width: 2.5 },
      });
    const cited = rowsOf(this.view, (row) => this.marked.has(this.view.ids[row]));
    const open = rowsOf(this.view, (row) => this.view.ids[row] === this.chosen);
    return [...clusters, ring(cited, "--ink", 19), ring(open, "--accent", 26)];
  }

  size() {
    if (this.view.ids.length > MANY) return SIZE_OF_MANY;
    return this.element.clientWidth < NARROW ? SIZE_IF_NARROW : SIZE;
  }

  listen() {
    this.canvas.on("plotly_hover", ({ points }) => this.hover(points[0]));
    this.canvas.on("plotly_unhover", () => (this.tip.hidden = true));
    this.canvas.on("plotly_click", ({ points }) => this.onOpen(this.view.ids[points[0].customdata]));
    this.canvas.on("plotly_relayout", (change) => {
      this.tip.hidden = true;
      if ("xaxis.range[0]" in change) this.whole.hidden = false;
      if (change["xaxis.autorange"]) this.whole.hidden = true;
    });
  }

  hover(point) {
    const row = point.customdata;
    const { titles, years, cluster, clusters, ids } = this.view;
    this.tip.replaceChildren(
      el("strong", {}, titles[row]),
      el("span", {}, [years[row], clusters[cluster[row]].name].filter(Boolean).join(" · ")),
      this.marked.has(ids[row]) ? el("span", {}, "Behind the last answer") : "",
    );
    const x = point.xaxis.l2p(point.x) + point.xaxis._offset;
    const y = point.yaxis.l2p(point.y) + point.yaxis._offset;
    this.tip.hidden = false;
    const room = this.element.clientWidth - this.tip.offsetWidth;
    this.tip.style.left = `${Math.max(0, Math.min(x - this.tip.offsetWidth / 2, room))}px`;
    const above = y - this.tip.offsetHeight - 14;
    this.tip.style.top = `${above < 0 ? y + 14 : above}px`;
  }

  reset() {
    this.plotly.relayout(this.canvas, { "xaxis.autorange": true, "yaxis.autorange": true });
    this.canvas.focus();
  }

  resize() {
    if (this.canvas.data && this.element.clientWidth) this.plotly.Plots.resize(this.canvas);
  }
}

function trace(view, rows, marker) {
  return {
    type: view.ids.length > MANY ? "scattergl" : "scatter",
    mode: "markers",
    x: rows.map((row) => view.x[row]),
    y: rows.map((row) => view.y[row]),
    customdata: rows,
    hoverinfo: "none",
    marker,
  };
}

function layout(view, canvas) {
  const axis = { visible: false, zeroline: false, showgrid: false };
  return {
    autosize: true,
    margin: { l: 12, r: 12, t: 12, b: 12 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    hovermode: "closest",
    // A finger that drags wants to scroll the page.
    dragmode: window.matchMedia("(pointer: coarse)").matches ? false : "zoom",
    uirevision: view.digest,
    font: { family: getComputedStyle(canvas).fontFamily },
    xaxis: axis,
    yaxis: axis,
  };
}

function label(view) {
  const n = view.clusters.length;
  return (
    `Map of ${view.ids.length.toLocaleString("en")} papers in ${n} ${n === 1 ? "cluster" : "clusters"}. ` +
    "The list of clusters holds the same papers."
  );
}

function colours(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}

function rowsOf(view, belongs) {
  return view.ids.map((_, row) => row).filter(belongs);
}
