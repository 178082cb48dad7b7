// The cases: a list that can be filtered, and in each what was asked, expected, answered and wrong.

const SENTENCES = {
  verbatim: ["quote", "Verbatim", "ok"],
  supported: ["check", "Supported", "ok"],
  unsupported: ["alert", "Unsupported", "bad"],
  suspect: ["alert", "Suspect", "bad"],
  unchecked: ["question", "Unchecked", "warn"],
};

/** Draws the list of cases in `section` with its filters; links to a case open it. */
function drawCases(section, cases, metricTitles) {
  if (!cases.length) {
    section.append(el("p", { class: "soft" }, "The report holds no cases."));
    return;
  }
  const items = cases.map((found, at) => caseItem(found, at, metricTitles));
  const nFailed = cases.filter((found) => !found.passed).length;
  const status = el("p", { role: "status", class: "soft" });
  const none = el("p", { class: "soft", hidden: true }, "No case fits these filters.");
  const filters = caseFilters(cases, nFailed > 0);
  const apply = () => {
    const shown = filters.fitting();
    let n = 0;
    for (const [at, item] of items.entries()) {
      const fits = shown(cases[at]);
      item.hidden = !fits;
      n += fits;
    }
    status.textContent = `${whole(n)} of ${count(cases.length, "case")} shown, ${whole(nFailed)} failed`;
    none.hidden = n > 0;
  };
  filters.form.addEventListener("input", apply);
  filters.form.addEventListener("submit", (event) => event.preventDefault());
  const open = () => {
    const at = cases.findIndex((found) => location.hash === caseLink(found.id));
    if (at < 0) return;
    if (items[at].hidden) {
      filters.clear();
      apply();
    }
    const details = items[at].firstElementChild;
    details.open = true;
    details.firstElementChild.focus({ preventScroll: true });
    items[at].scrollIntoView({ block: "start" });
  };
  apply();
  section.append(filters.form, status, el("ol", { class: "cases" }, items), none);
  addEventListener("hashchange", open);
  // A link to where the address already points changes nothing of it.
  addEventListener("click", (event) => {
    if (event.target.closest?.("a")?.hash === location.hash) open();
  });
  open();
}

/** Returns the address of a case on this page. */
function caseLink(id) {
  return `#case-${encodeURIComponent(wellFormed(id))}`;
}

/** Returns the text with half characters replaced, which an address cannot hold. */
function wellFormed(id) {
  return new TextDecoder().decode(new TextEncoder().encode(String(id)));
}

function caseFilters(cases, someFailed) {
  const kinds = [...new Set(cases.map((found) => String(found.kind ?? "")))];
  const kind = el(
    "select",
    { id: "kind" },
    el("option", { value: "" }, "All kinds"),
    kinds.map((name, at) => el("option", { value: String(at + 1) }, name || "no kind")),
  );
  const failed = el("input", { type: "checkbox", id: "only-failed" });
  failed.checked = someFailed;
  const words = el("input", { type: "search", id: "words", autocomplete: "off" });
  const texts = new Map();
  const textOf = (found) => {
    if (!texts.has(found)) texts.set(found, searched(found));
    return texts.get(found);
  };
  const form = el(
    "form",
    { class: "filters", role: "search", "aria-label": "Cases" },
    el("label", { for: "kind" }, "Kind", kind),
    el("label", { for: "words" }, "Search", words),
    el("label", { class: "tick", for: "only-failed" }, failed, "Only failed"),
  );
  return {
    form,
    fitting() {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const name = kinds[Number(kind.value) - 1];
      return (found) =>
        !(failed.checked && found.passed) &&
        (!kind.value || String(found.kind ?? "") === name) &&
        wanted.every((word) => textOf(found).includes(word));
    },
    clear() {
      failed.checked = false;
      kind.value = "";
      words.value = "";
    },
  };
}

function searched({ id, kind, question, failures, error, answer }) {
  return [id, kind, question, ...list(failures), error, answer?.text].join("\n").toLowerCase();
}

function caseItem(found, at, metricTitles) {
  const details = el(
    "details",
    {},
    el(
      "summary",
      {},
      outcome(found),
      el("span", { class: "asked" }, found.question),
      el("span", { class: "case-id" }, [found.kind, found.id].filter(Boolean).join(" · ")),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) {
      details.append(el("div", { class: "inside" }, caseParts(found, metricTitles)));
    }
  });
  return el("li", { id: `case-${at + 1}` }, details);
}

function outcome({ passed, error }) {
  if (error) return sign("close", "error", "bad");
  return passed ? sign("check", "passed", "ok") : sign("alert", "failed", "bad");
}

function caseParts(found, metricTitles) {
  const wrong = [...list(found.failures)];
  if (found.error) wrong.unshift(`Error: ${found.error}`);
  return [
    !found.passed || wrong.length
      ? [
          el("h3", {}, "What failed"),
          wrong.length
            ? el("ul", { class: "wrong" }, wrong.map((words) => el("li", {}, words)))
            : el("p", {}, "The report does not say."),
        ]
      : null,
    list(found.before).length
      ? [
          el("h3", {}, "Asked before"),
          el("ol", { class: "said" }, found.before.map((question) => el("li", {}, question))),
        ]
      : null,
    el("h3", {}, "Question"),
    el("p", { class: "said" }, found.question),
    el("h3", {}, "Expected"),
    expectedView(found.expected ?? {}),
    el("h3", {}, "Answer"),
    answerView(found.answer),
    retrievedView(found),
    valuesView(found.values ?? {}, metricTitles),
  ];
}

function expectedView({ papers, must, facts, answer, closest, bad }) {
  const needed = new Set(list(must));
  const named = [...new Set([...list(papers), ...needed])];
  const rows = [
    ["Papers", named.map((id) => (needed.has(id) ? [code(id), " must be cited"] : code(id)))],
    ["Facts", list(facts).map((spellings) => list(spellings).join(" or "))],
    ["Reference answer", answer ? [answer] : []],
    ["Closest papers", list(closest).map(code)],
    ["Must not say", list(bad)],
  ].filter(([, entries]) => entries.length);
  if (!rows.length) return el("p", { class: "soft" }, "Nothing is written down for this case.");
  return el(
    "dl",
    {},
    rows.map(([name, entries]) => [el("dt", {}, name), entries.map((entry) => el("dd", {}, entry))]),
  );
}

function code(text) {
  return el("code", {}, text);
}

function answerView(answer) {
  if (!answer) return el("p", { class: "soft" }, "There was no answer.");
  if (answer.abstained || answer.abstention) {
    const { reason, message, closest } = answer.abstention ?? {};
    const why = reason ? `It declined: ${String(reason).replaceAll("_", " ")}.` : "It declined.";
    return [
      el("p", {}, sign("missing", why, "none")),
      el("p", { class: "said" }, message || answer.text || ""),
      list(closest).length
        ? el("p", { class: "soft" }, "Closest: ", list(closest).flatMap((id) => [code(id), " "]))
        : null,
    ];
  }
  const sentences = list(answer.sentences);
  if (!sentences.length) return el("p", { class: "said" }, answer.text || "The answer is empty.");
  return el("ol", { class: "sentences" }, sentences.map(sentenceView));
}

function sentenceView({ text: words, verdict: name, score, flags, citations }) {
  const [iconName, word, state] = SENTENCES[name] ?? ["question", String(name ?? "No verdict"), "warn"];
  return el(
    "li",
    {},
    el("p", { class: "said" }, words),
    el("p", { class: "judged" }, sign(iconName, word, state), ` score ${figure(score)}`),
    list(flags).length
      ? el("ul", { class: "flags" }, flags.map((flag) => el("li", {}, flag.message || flag.kind)))
      : null,
    list(citations).map(quoteView),
  );
}

function quoteView({ label, title, paper_id: paperId, quote, sentence, text_kind: kind }) {
  const place = isNumber(sentence) ? `, sentence ${sentence}` : "";
  const told = kind === "account" ? "; account of the abstract, not the authors' words" : "";
  return el(
    "blockquote",
    {},
    el("p", {}, quote),
    el("footer", {}, `[${label}] ${title || paperId}${place}${told}`),
  );
}

function retrievedView({ retrieved, expected }) {
  if (!list(retrieved).length) return [];
  const wanted = new Set([...list(expected?.papers), ...list(expected?.must)]);
  const expectedSign = (id) => (wanted.has(id) ? [" ", sign("check", "expected", "ok")] : null);
  return [
    el("h3", {}, "Found by the search, best first"),
    el(
      "ol",
      { class: "found" },
      retrieved.map((id) => el("li", {}, code(id), expectedSign(id))),
    ),
  ];
}

function valuesView(values, metricTitles) {
  const rows = Object.entries(values);
  if (!rows.length) return [];
  return [
    el("h3", {}, "Measured"),
    el(
      "dl",
      { class: "values" },
      rows.map(([name, value]) => {
        const { title, unit } = metricTitles.get(name) ?? { title: name, unit: "share" };
        const shown = [value].flat().filter(isNumber).map((each) => figure(each, unit));
        return [el("dt", {}, title), el("dd", {}, shown.join(", ") || "not applicable")];
      }),
    ),
  ];
}
