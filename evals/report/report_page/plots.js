// The drawings: each metric on its scale, and two curves on the axes of a frame.

const FRAME = { width: 380, height: 270, left: 60, right: 14, top: 14, bottom: 44 };

/** Returns a bar as wide as its place: the interval, the mean as a dot, and the floor as a tick. */
function intervalPlot(metric, unit = metric.unit ?? "share") {
  const { mean = metric.auc, low, high, floor } = metric;
  const values = [mean, low, high, floor].filter(isNumber);
  const from = Math.min(0, ...values);
  const to = unit === "share" ? Math.max(1, ...values) : Math.max(...values, 0) * 1.1 || 1;
  const at = (value) => `${((100 * (value - from)) / (to - from)).toFixed(2)}%`;
  return svg(
    "svg",
    { class: "interval", width: "100%", height: 22, "aria-hidden": "true", focusable: "false" },
    svg("line", { class: "axis", x1: "0%", x2: "100%", y1: 11, y2: 11 }),
    isNumber(low) && isNumber(high)
      ? svg("line", { class: "reach", x1: at(low), x2: at(high), y1: 11, y2: 11 })
      : null,
    isNumber(floor)
      ? svg("line", { class: "floor", x1: at(floor), x2: at(floor), y1: 1, y2: 21 })
      : null,
    isNumber(mean) ? svg("circle", { class: "dot", cx: at(mean), cy: 11, r: 4.5 }) : null,
  );
}

/** Returns what of the answered questions would be wrong, by how many are answered. */
function riskPlot(points) {
  const worst = Math.max(...points.map(([, risk]) => risk));
  const top = [0.1, 0.2, 0.5, 1].find((each) => worst <= each) ?? worst;
  const frame = axes({ top, x: "Share of questions answered", y: "Share of these that is wrong" });
  const line = points.map(([x, y]) => `${frame.x(x)} ${frame.y(y)}`).join(" L ");
  frame.drawing.append(svg("path", { class: "curve", d: `M ${line}` }));
  const [first, last] = [points[0], points.at(-1)];
  const words =
    `Risk by coverage: ${figure(first[1])} wrong where ${figure(first[0])} are answered, ` +
    `${figure(last[1])} wrong where ${figure(last[0])} are.`;
  return plotted(frame, "Risk by coverage", words, RISK, {
    heads: ["Answered", "Wrong"],
    rows: sampled(points).map(([x, y]) => [figure(x), figure(y)]),
  });
}

/** Returns how often what has each score is so; `bins` may be empty ones. */
function reliabilityPlot(bins, { title, score: scoreName, right: rightName, bars }, ece) {
  const frame = axes({ top: 1, x: scoreName, y: rightName, below: 18 });
  const { x, y, drawing } = frame;
  drawing.append(svg("line", { class: "even", x1: x(0), x2: x(1), y1: y(0), y2: y(1) }));
  const most = Math.max(1, ...bins.map((bin) => bin.n || 0));
  for (const { low, high, n, mean_score: score, share_right: right } of bins) {
    if (!isNumber(low) || !isNumber(high)) continue;
    if (n && isNumber(right)) {
      const bar = { x: x(low) + 1, width: Math.max(1, x(high) - x(low) - 2), y: y(right) };
      drawing.append(svg("rect", { class: "bin", ...bar, height: y(0) - y(right) }));
      const radius = (2.5 + 3.5 * Math.sqrt(n / most)).toFixed(2);
      if (isNumber(score)) {
        drawing.append(svg("circle", { class: "dot", cx: x(score), cy: y(right), r: radius }));
      }
    }
    drawing.append(text(shortCount(n), (x(low) + x(high)) / 2, y(0) + 30, "middle", "count"));
  }
  drawing.append(text("n", FRAME.left - 8, y(0) + 30, "end", "count"));
  const filledBins = bins.filter((bin) => bin.n);
  const words =
    `Reliability: ${filledBins.length} of ${bins.length} bins hold scores` +
    (isNumber(ece) ? `, expected calibration error ${figure(ece)}.` : ".");
  return plotted(frame, title, words, `${bars} Dots: at their mean score. ${EVEN}`, {
    heads: ["Scores", "n", "Mean score", rightName],
    rows: bins.map((bin) => [
      interval(bin),
      whole(bin.n),
      figure(bin.mean_score),
      figure(bin.share_right),
    ]),
  });
}

const ANSWERABILITY = {
  title: "Reliability of answerability",
  score: "Answerability",
  right: "Share that is answerable",
  bars: "Bars: share of the questions in a bin that the library can answer.",
};
const SUPPORT = {
  score: "Score of the judge",
  right: "Share that is supported",
  bars: "Bars: share of the sentences in a bin that people found supported.",
};
const EVEN = "On the dashed line a score is what it says.";
const RISK = "How many would be wrong if only its surest were answered. Lower is better.";

function plotted(frame, title, words, caption, { heads, rows }) {
  const drawing = frame.drawing;
  drawing.setAttribute("aria-label", words);
  return el(
    "figure",
    {},
    el("h3", {}, title),
    drawing,
    el("figcaption", {}, caption),
    el(
      "details",
      { class: "figures" },
      el("summary", {}, "The figures", el("span", { class: "unseen" }, ` of ${title}`)),
      table(title, heads, [{ rows }]),
    ),
  );
}

/** Returns a drawing with its axes, x in [0, 1] and y in [0, top], and the places on them. */
function axes({ top, x: xName, y: yName, below = 0 }) {
  const { width, height, left, right, top: above, bottom } = FRAME;
  const x = (share) => left + share * (width - left - right);
  const y = (value) => height - bottom - (value / top) * (height - above - bottom);
  const viewBox = `0 0 ${width} ${height + below}`;
  const drawing = svg("svg", { class: "chart", role: "img", viewBox });
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    drawing.append(
      svg("line", { class: "grid", x1: x(0), x2: x(1), y1: y(share * top), y2: y(share * top) }),
      text(tick(share * top), left - 8, y(share * top) + 4, "end"),
      text(tick(share), x(share), y(0) + 16, "middle"),
    );
  }
  const middle = (above + height - bottom) / 2;
  const yTitle = text(yName, 14, middle, "middle", "title");
  yTitle.setAttribute("transform", `rotate(-90 14 ${middle})`);
  drawing.append(text(xName, x(0.5), height + below - 6, "middle", "title"), yTitle);
  return { drawing, x, y };
}

function text(words, x, y, anchor, name = "tick") {
  return svg("text", { class: name, x, y, "text-anchor": anchor }, words);
}

function tick(value) {
  return String(Number(value.toFixed(3)));
}

function shortCount(n) {
  if (!isNumber(n)) return "0";
  return n < 1000 ? String(n) : `${(n / 1000).toFixed(n < 10000 ? 1 : 0)}k`;
}

/** Returns at most eleven of the points, the first and the last among them. */
function sampled(points) {
  if (points.length <= 11) return points;
  return Array.from({ length: 11 }, (_, at) => points[Math.round((at * (points.length - 1)) / 10)]);
}
