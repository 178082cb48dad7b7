// The evals tab: a choice of reports, the metrics of one, and its failures to click through.

import { el } from "./dom.js";
import { caseView } from "./evals_case.js";
import { metricsTable } from "./evals_metrics.js";
import { icon } from "./icons.js";

const PAGE = 20;

/** Draws the part; asks for the reports whenever it comes into sight. */
export function mount(root, props, trigger, watch) {
  const part = new EvalsPart(root, props, trigger);
  watch("value", () => part.draw());
  watch("opened", () => part.drawCase());
  new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) part.choose(props.value?.current ?? "");
  }).observe(root);
}

class EvalsPart {
  constructor(root, props, trigger) {
    Object.assign(this, { props, trigger, drawn: "", opener: null, shown: PAGE });
    this.status = el("p", { class: "evals-status", role: "status" }, "Reading the reports…");
    this.body = el("div", { class: "evals-body" });
    root.replaceChildren(this.status, this.body);
  }

  choose(report) {
    this.trigger("expand", { report });
  }

  draw() {
    const view = this.props.value;
    const key = JSON.stringify(view ?? null);
    if (!view || key === this.drawn) return;
    this.drawn = key;
    this.shown = PAGE;
    this.status.textContent = view.report ? "" : EMPTY;
    this.list = el("ul", { class: "failures" });
    this.case = el("div", { class: "case-place" });
    this.body.replaceChildren(
      ...view.faults.map((fault) => el("p", { class: "evals-fault" }, icon("alert"), fault)),
      ...(view.report ? this.report(view) : []),
    );
    this.drawCase();
  }

  report(view) {
    const { report } = view;
    return [
      this.header(view),
      metricsTable(report.metrics),
      el("h2", {}, heading(report)),
      report.failures.length
        ? el("div", { class: "evals-failures" }, this.failures(report.failures), this.case)
        : null,
    ].filter(Boolean);
  }

  header(view) {
    const choice = el(
      "select",
      { onchange: (event) => this.choose(event.target.value) },
      view.reports.map(({ name, title }) =>
        el("option", { value: name, selected: name === view.current }, title),
      ),
    );
    return el(
      "header",
      { class: "evals-header" },
      el("label", { class: "evals-choice" }, el("span", {}, "Report"), choice),
      el("p", { class: "evals-facts" }, view.report.facts.map((fact) => el("span", {}, fact))),
      view.report.settings.length ? settings(view.report.settings) : null,
    );
  }

  failures(failures) {
    const more = el("button", { class: "quiet", type: "button" }, "Show more");
    const fill = () => {
      this.list.replaceChildren(
        ...failures.slice(0, this.shown).map((failure) => this.failure(failure)),
      );
      more.hidden = failures.length <= this.shown;
    };
    more.addEventListener("click", () => {
      this.shown += PAGE;
      fill();
    });
    fill();
    return el("nav", { "aria-label": "Cases that failed" }, this.list, more);
  }

  failure({ id, kind, question }) {
    return el(
      "li",
      {},
      el(
        "button",
        { class: "failure", type: "button", "data-case": id, onclick: () => this.open(id) },
        kind ? el("span", { class: "failure-kind" }, kind) : null,
        el("span", {}, question),
      ),
    );
  }

  open(id) {
    this.trigger("select", { report: this.props.value.current, case: id });
  }

  drawCase() {
    const view = this.props.opened;
    const failures = this.props.value?.report?.failures ?? [];
    if (!failures.length) return;
    for (const button of this.list.querySelectorAll("button")) {
      button.toggleAttribute("aria-current", button.dataset.case === view?.id);
    }
    if (!view) {
      this.case.replaceChildren(el("p", { class: "case-none" }, "Choose a case to see its answer."));
      return;
    }
    const at = failures.findIndex((failure) => failure.id === view.id);
    const element = caseView(view, [
      this.step("Previous", failures[at - 1]),
      el("span", {}, `${at + 1} of ${failures.length}`),
      this.step("Next", failures[at + 1]),
    ]);
    this.case.replaceChildren(element);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  step(name, failure) {
    const go = () => this.open(failure.id);
    const attributes = { class: "button", type: "button", disabled: !failure, onclick: go };
    return el("button", attributes, name);
  }
}

const EMPTY = "There are no reports yet in the home folder of this page.";

function heading({ failures, n_cases: nCases }) {
  const total = nCases.toLocaleString("en");
  if (!nCases) return "The report holds no cases";
  return failures.length
    ? `${failures.length.toLocaleString("en")} of ${total} cases failed`
    : `All ${total} cases passed`;
}

function settings(pairs) {
  return el(
    "details",
    { class: "evals-settings" },
    el("summary", {}, "Settings"),
    el(
      "dl",
      {},
      pairs.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    ),
  );
}
