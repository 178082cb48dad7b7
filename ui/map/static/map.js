// The map tab: points, clusters as lists, and the paper that was chosen in either.

import { clusterList } from "./cluster_list.js";
import { el } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";
import { MapPlot } from "./map_plot.js";
import { paperCard } from "../../parts/static/paper_card.js";

const CARD = "map-paper";

/** Draws the part; asks for the map, and for what changed, whenever it comes into sight. */
export function mount(root, props, trigger, watch) {
  const map = new MapPart(root, props, trigger);
  watch("value", () => map.draw());
  watch("marked", () => map.draw());
  watch("paper", () => map.drawPaper());
  watch("fault", () => map.drawStatus());
  new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) trigger("expand", { digest: props.value?.digest ?? "" });
  }).observe(root);
}

class MapPart {
  constructor(root, props, trigger) {
    Object.assign(this, { props, trigger, opener: null, drawn: "" });
    this.plot = new MapPlot((id) => this.open(id));
    this.status = el("p", { class: "map-status", role: "status" });
    this.about = el("div", { class: "map-about" });
    this.paper = el("section", { class: "map-paper", "aria-label": "Chosen paper", hidden: true });
    this.list = el("section", { class: "map-clusters", "aria-label": "Clusters" });
    this.body = el(
      "div",
      { class: "map-body", hidden: true },
      el("div", { class: "map-left" }, this.plot.element, this.about),
      el("div", { class: "map-right" }, this.paper, this.list),
    );
    root.replaceChildren(this.status, this.body);
    this.draw();
  }

  draw() {
    this.drawStatus();
    const view = this.props.value;
    const marked = new Set(this.props.marked ?? []);
    const key = JSON.stringify([view?.digest, ...marked]);
    if (!view?.ids?.length || key === this.drawn) return;
    this.drawn = key;
    this.plot
      .show(view, marked, this.props.paper?.paper_id)
      .catch(() => (this.status.textContent = "The map cannot be drawn; its papers are listed here."));
    this.about.replaceChildren(...view.about.map((said) => el("p", {}, said)));
    const list = clusterList(view, marked, {
      onOpen: (id) => this.open(id),
      onPoint: (cluster) => this.plot.point(cluster),
    });
    this.list.replaceChildren(el("h2", {}, "Clusters"), list);
  }

  drawStatus() {
    const view = this.props.value;
    this.body.hidden = !view?.ids?.length;
    this.status.textContent = this.props.fault ?? (view ? said(view) : "Drawing the map…");
    this.status.classList.toggle("fault", Boolean(this.props.fault));
  }

  open(id) {
    this.opener = document.activeElement;
    this.trigger("select", { paper_id: id });
  }

  close() {
    this.trigger("select", { paper_id: "" });
    this.opener?.focus?.();
  }

  drawPaper() {
    const view = this.props.paper;
    this.paper.hidden = !view;
    this.plot.choose(view?.paper_id ?? null);
    if (!view) return this.paper.replaceChildren();
    const ask = () => this.trigger("submit", { paper_id: view.paper_id });
    const actions = [
      el("button", { class: "button", type: "button", onclick: ask }, "Ask about this paper"),
      el(
        "button",
        { class: "quiet", type: "button", onclick: () => this.close() },
        icon("close"),
        "Close",
      ),
    ];
    this.paper.replaceChildren(paperCard(view, { id: CARD, level: 2, actions }));
    const card = this.paper.firstChild;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
    return undefined;
  }
}

function said(view) {
  if (view.ids.length > 1) return "";
  return view.ids.length
    ? "One paper makes no map; add more in the Library tab."
    : "The library holds no papers yet; add some in the Library tab.";
}
