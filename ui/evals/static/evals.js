// The evals tab: a choice of reports, and one of them in a frame that reaches nothing beyond it.

import { el, redraw } from "../../parts/static/dom.js";

/** Draws the part; asks for the reports whenever it comes into sight. */
export function mount(root, props, trigger, watch) {
  const status = el("p", { class: "evals-status", role: "status" }, "Reading the reports…");
  const body = el("div");
  root.replaceChildren(status, body);
  watch("value", () => {
    const reports = props.value;
    if (!reports) return;
    status.textContent = reports.length ? "" : EMPTY;
    redraw(body, reports, () => (reports.length ? choice(reports) : []));
  });
  new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) trigger("expand");
  }).observe(root);
}

const EMPTY = "There are no reports yet in the home folder of this page.";

function choice(reports) {
  const frame = el("iframe", {
    class: "evals-report",
    sandbox: "allow-scripts",
    src: address(reports[0].name),
    title: "Report of the evals",
  });
  const select = el(
    "select",
    { onchange: () => (frame.src = address(select.value)) },
    reports.map(({ name, title }) => el("option", { value: name }, title)),
  );
  return [el("label", { class: "evals-choice" }, el("span", {}, "Report"), select), frame];
}

function address(name) {
  return new URL(`./reports/${encodeURIComponent(name)}`, document.baseURI).href;
}
