// The report: verdict of the gate, metrics, parts, curves, the judge, and how it was run.

const GROUPS = {
  retrieval: "Retrieval",
  citations: "Citations",
  groundedness: "Groundedness",
  facts: "Facts",
  abstention: "Abstention",
  injection: "Injection",
  cost: "Cost",
};
const PART_VALUES = {
  recall_at_5: "Recall@5",
  right_paper: "Right paper",
  answers_first: "Answers first",
  facts_all: "All facts",
  declined: "Declined",
  doubted: "Doubted",
};
const INTERVAL = "95 % interval";
const MAX_NAMED = 10;
const EMPTY = [null, undefined, ""];

function draw(report) {
  const place = (id) => document.getElementById(id);
  const cases = list(report.cases);
  const metrics = list(report.metrics);
  place("facts").append(...facts(report).map((fact) => el("span", {}, fact)));
  fill(place("gate"), [gateView(report.gate, cases), summaryView(report, cases, metrics)]);
  fill(place("metrics"), metricsView(metrics));
  fill(place("kinds"), partsView(list(report.parts)));
  fill(place("curves"), curvesView(report.curves ?? {}));
  fill(place("trust"), trustView(report.trust ?? {}));
  fill(place("run"), runView(report));
  drawCases(place("cases"), cases, new Map(metrics.map((metric) => [metric.name, named(metric)])));
  const sections = [...document.querySelectorAll("main > section")];
  place("parts").append(
    ...sections.map((section) => {
      const title = section.querySelector("h2").textContent;
      return el("li", {}, el("a", { href: `#${section.id}` }, title));
    }),
  );
}

/** Puts the parts in their section, and takes the section away where there are none. */
function fill(section, parts) {
  const there = [parts].flat(Infinity).filter(Boolean);
  if (there.length) section.append(...there);
  else section.remove();
}

function named({ name, title, unit }) {
  return { title: title || name, unit: unit ?? "share" };
}

function facts({ suite, library, model, judge, seed, created }) {
  return [
    moment(created),
    suite?.name ? `suite ${suite.name}` : null,
    library?.name ? `library ${library.name}, ${count(library.n_papers, "paper")}` : null,
    model ? `answers by ${model}` : "answers are quotations",
    judge ? `judged by ${judge}` : null,
    `seed ${seed ?? "–"}`,
  ].filter(Boolean);
}

/** Returns "26 November 2026, 05:00 UTC"; the text itself where it is no moment. */
function moment(created) {
  if (!created) return null;
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) return String(created);
  const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return `${date.toLocaleDateString("en-GB", parts)}, ${date.toISOString().slice(11, 16)} UTC`;
}

function gateView(gate, cases) {
  if (!gate) {
    return [
      el("p", { class: "verdict" }, sign("missing", "No gate", "none")),
      el("p", {}, "Nothing was asked of this run, so nothing of it could fail."),
    ];
  }
  const ids = new Set(cases.map((found) => found.id));
  const breaches = list(gate.breaches).map((breach) => breachView(breach, ids));
  const verdict = gate.passed ? sign("check", "Passed", "ok") : sign("alert", "Failed", "bad");
  return [
    el("p", { class: "verdict" }, verdict),
    breaches.length ? el("ul", { class: "breaches" }, breaches) : null,
    list(gate.notes).map((note) => el("p", { class: "soft" }, note)),
  ];
}

function breachView({ metric, message, cases }, ids) {
  const all = list(cases);
  const links = all.slice(0, MAX_NAMED).flatMap((id, at) => [
    at ? ", " : "",
    ids.has(id) ? el("a", { href: caseLink(id) }, id) : id,
  ]);
  const more = all.length - MAX_NAMED;
  return el(
    "li",
    {},
    message || metric,
    all.length
      ? el("span", { class: "note" }, "Cases: ", links, more > 0 ? ` and ${whole(more)} more` : "")
      : null,
  );
}

function summaryView({ times }, cases, metrics) {
  const nPassed = cases.filter((found) => found.passed).length;
  const floors = metrics.filter((metric) => isNumber(metric.floor));
  const nKept = floors.filter((metric) => metric.passed).length;
  const { ms_p50: middle, ms_p95: most } = times ?? {};
  const entries = [
    cases.length ? ["Cases passed", `${whole(nPassed)} of ${whole(cases.length)}`] : null,
    ["Errors", whole(cases.filter((found) => found.error).length)],
    floors.length ? ["Floors kept", `${nKept} of ${floors.length}`] : null,
    isNumber(middle) ? ["Time of an answer, median", `${figure(middle, "ms")} ms`] : null,
    isNumber(most) ? ["95 % are done in", `${figure(most, "ms")} ms`] : null,
  ];
  return el(
    "dl",
    { class: "summary" },
    entries
      .filter(Boolean)
      .map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}

function metricsView(metrics) {
  if (!metrics.length) return [];
  const groupOf = (metric) => String(metric.group ?? "other");
  const bodies = [...new Set([...Object.keys(GROUPS), ...metrics.map(groupOf)])]
    .map((name) => ({
      title: GROUPS[name] ?? name.charAt(0).toUpperCase() + name.slice(1),
      rows: metrics.filter((metric) => groupOf(metric) === name).map(metricRow),
    }))
    .filter(({ rows }) => rows.length);
  const heads = ["Measure", "Value", INTERVAL, PLOT, "n", "Floor", "Verdict"];
  const sample = intervalPlot({ mean: 0.6, low: 0.4, high: 0.8, floor: 0.3 });
  return [
    el(
      "p",
      { class: "key" },
      el("span", { class: "sample" }, sample),
      "Dot: the mean. Bar: its 95 % interval. Tick: the floor, or the ceiling where lower is " +
        "better. Shares run from 0 to 1, others from 0.",
    ),
    el("div", { class: "stack measures" }, table("Metrics", heads, bodies)),
  ];
}

function metricRow(metric) {
  const { title, unit } = named(metric);
  return [
    [title, unit === "share" ? null : el("span", { class: "note" }, unit)],
    figure(metric.mean, unit),
    interval(metric, unit),
    intervalPlot(metric),
    counts(metric),
    bound(metric),
    verdict(metric),
  ];
}

function counts({ n, n_inapplicable: nInapplicable, n_errors: nErrors }) {
  const notes = [
    nInapplicable ? `${whole(nInapplicable)} not applicable` : null,
    nErrors ? count(nErrors, "error") : null,
  ].filter(Boolean);
  return [whole(n), notes.length ? el("span", { class: "note" }, notes.join(", ")) : null];
}

function partsView(parts) {
  const rows = parts.map(({ set, kind, n, n_passed: nPassed, n_errors: nErrors, means }) => [
    `${set}, ${kind}`,
    `${whole(nPassed)} of ${whole(n)}`,
    whole(nErrors),
    ...Object.keys(PART_VALUES).map((name) => figure(means?.[name])),
  ]);
  const heads = ["Set and kind", "Passed", "Errors", ...Object.values(PART_VALUES)];
  return rows.length
    ? el("div", { class: "stack kinds" }, table("Sets and kinds of cases", heads, [{ rows }]))
    : [];
}

function curvesView({ risk_coverage: risk, reliability }) {
  const points = list(risk).filter((point) => list(point).length === 2 && point.every(isNumber));
  const bins = list(reliability);
  const plots = [
    points.length ? riskPlot(points) : null,
    bins.length ? reliabilityPlot(bins, ANSWERABILITY) : null,
  ];
  return plots.some(Boolean) ? el("div", { class: "plots" }, plots) : [];
}

function trustView({ mutations, pairs, agreement, unseen }) {
  return [
    list(mutations).length ? mutationsView(mutations) : null,
    list(unseen).length
      ? [
          el("h3", {}, "What it does not see, or lets pass"),
          el("ul", {}, unseen.map((sentence) => el("li", {}, sentence))),
        ]
      : null,
    list(pairs).length ? pairsView(pairs) : null,
    agreement ? agreementView(agreement) : null,
  ];
}

function mutationsView(mutations) {
  const rows = mutations.map((each) => [
    each.title || each.name,
    figure(each.auc),
    interval(each),
    intervalPlot(each),
    figure(each.kept),
    whole(each.n),
    bound(each),
    verdict(each),
  ]);
  const heads = ["Mutation", "AUC", INTERVAL, PLOT, "Let pass"];
  return [
    el("h3", {}, "Sound sentences against the same spoilt"),
    el(
      "p",
      { class: "key" },
      "AUC: how often a sound sentence scores above a spoilt one; quotations are judged behind a " +
        "lead-in, so that a changed letter is not enough. Let pass: spoilt, and not found unsupported.",
    ),
    el("div", { class: "stack" }, table("Mutations", [...heads, "n", "Floor", "Verdict"], [{ rows }])),
  ];
}

function pairsView(pairs) {
  const rows = pairs.map((each) => [
    each.name,
    whole(each.n),
    figure(each.roc_auc),
    figure(each.balanced_accuracy),
    figure(each.kappa),
    figure(each.threshold),
    figure(each.ece),
    moment(each.when) ?? "in this run",
  ]);
  const scored = ["ROC AUC", "Balanced accuracy", "κ", "Threshold", "Calibration error"];
  const heads = ["Pairs", "n", ...scored, "Measured"];
  const plots = pairs
    .filter((each) => list(each.reliability).length)
    .map((each) => {
      const words = { ...SUPPORT, title: `Reliability on ${each.name}` };
      return reliabilityPlot(each.reliability, words, each.ece);
    });
  return [
    el("h3", {}, "Sentences that people labelled"),
    el("div", { class: "stack" }, table("Labelled pairs", heads, [{ rows }])),
    plots.length ? el("div", { class: "plots" }, plots) : null,
  ];
}

function agreementView({ judge, kappa, n, n_errors: nErrors }) {
  const over = `over ${count(n, "sentence")}, ${count(nErrors, "error")}`;
  return [
    el("h3", {}, "Agreement with another judge"),
    el("p", {}, `Cohen’s κ with ${judge ?? "it"} is ${figure(kappa)} ${over}.`),
  ];
}

function runView({ suite, library, settings, versions, prompts, times }) {
  const data = {
    "golden digest": suite?.golden_digest,
    "library digest": library?.digest,
    seconds: isNumber(times?.seconds) ? figure(times.seconds, "ms") : null,
  };
  const parts = { Data: data, Settings: settings, Versions: versions, Prompts: prompts };
  return Object.entries(parts).map(([name, values]) => {
    const entries = Object.entries(values ?? {}).filter(([, value]) => !EMPTY.includes(value));
    if (!entries.length) return [];
    return [el("h3", {}, name), el("dl", { class: "values" }, entries.map(settingView))];
  });
}

function settingView([name, value]) {
  const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
  return [el("dt", {}, name), el("dd", {}, shown)];
}

draw(JSON.parse(document.getElementById("report").textContent));
