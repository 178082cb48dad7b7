// A turn of the conversation: the question, and what is known of its answer so far.

import { askFirst } from "../../parts/static/confirmation.js";
import { el, redraw, retext } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";
import { menu } from "./menu.js";
import { sentenceView } from "./sentence.js";
import { focusForm, textForm } from "./text_form.js";

const ENDED = ["done", "stopped", "failed"];
const FORMATS = [
  ["Markdown", "markdown"],
  ["Table (CSV)", "csv"],
  ["BibTeX", "bibtex"],
  ["RIS", "ris"],
  ["CSL-JSON", "csl"],
];

/** Whether nothing more will come for the turn. */
export function ended(turn) {
  return ENDED.includes(turn.state);
}

/** Returns the entries of a menu that saves a turn, or the whole chat for null. */
export function saveEntries(trigger, turnId) {
  return FORMATS.map(([label, format]) => [label, () => trigger("download", { turn: turnId, format })]);
}

/**
 * Returns `{element, update}` for the turn `id`; `update(turn, papers)` draws what changed, where
 * `papers` is how many there are.
 *
 * `page` is what the turn may do: `trigger`, `copy(turn, format)`, `ask(text)`, `openSources()`,
 * and `later()`, how many turns follow. Buttons of the class `needs-idle` are for the page to
 * disable while an answer is being made.
 */
export function answerView(id, page) {
  const question = questionView(id, page);
  const asked = el("p", { class: "asked" });
  const caveat = el("p", { class: "caveat" });
  const heading = el("p", { class: "heading" });
  const statement = el("div", { class: "statement" });
  const sentences = el("div", { class: "sentences" });
  const status = el("div", { class: "progress" });
  const outcome = el("div", { class: "outcome" });
  const notes = el("div", { class: "notes" });
  const foot = el("div", { class: "turn-actions" });
  const confirm = el("div");
  const element = el(
    "article",
    { class: "turn", "data-turn": id, "aria-labelledby": `question-${id}` },
    [question.element, asked, caveat, heading, statement, sentences, status, outcome, notes, foot, confirm],
  );
  const views = new Map();
  const rate = (sentence, good, comment) => page.trigger("like", { turn: id, sentence, good, comment });

  const drawSentences = (turn) => {
    const indexes = new Set(turn.sentences.map((sentence) => sentence.index));
    for (const [index, view] of views) {
      if (indexes.has(index)) continue;
      view.element.remove();
      views.delete(index);
    }
    for (const sentence of turn.sentences) {
      let view = views.get(sentence.index);
      if (!view) {
        view = sentenceView(id, sentence.index, rate);
        views.set(sentence.index, view);
        sentences.insertBefore(view.element, nextOf(sentences, sentence.index));
      }
      view.update(sentence);
    }
  };

  const update = (turn, papers) => {
    element.dataset.state = turn.state;
    element.setAttribute("aria-busy", String(!ended(turn)));
    question.update(turn.question);
    redraw(asked, turn.standalone, () => turn.standalone && ["Asked as: ", el("q", {}, turn.standalone)]);
    redraw(caveat, turn.caveat, () => turn.caveat);
    redraw(heading, turn.heading, () => turn.heading);
    redraw(statement, turn.statement, () => statementOf(turn.statement));
    sentences.classList.toggle("table", Boolean(turn.table));
    drawSentences(turn);
    redraw(status, [turn.state, turn.progress, papers], () => progress(turn, papers));
    redraw(outcome, [turn.state, turn.error, turn.abstention, turn.complete], () => outcomeOf(turn, page));
    const noted = [turn.shortfall, turn.provenance, turn.notices, turn.usage, turn.read_filters, turn.unread];
    redraw(notes, noted, () => notesOf(turn, page, confirm));
    redraw(foot, [ended(turn), turn.sources.length, turn.markdown, turn.plain], () =>
      ended(turn) ? actionsOf(turn, page, confirm) : null,
    );
  };
  return { element, update };
}

function nextOf(sentences, index) {
  return [...sentences.children].find((other) => Number(other.dataset.index) > index) ?? null;
}

function questionView(id, page) {
  const heading = el("h2", { id: `question-${id}` });
  const edit = el(
    "button",
    { type: "button", class: "quiet edit needs-idle", "aria-label": "Edit the question", "data-tip": "Edit the question" },
    icon("edit"),
  );
  const element = el("div", { class: "question" }, heading, edit);
  edit.addEventListener("click", () => {
    const close = () => {
      form.remove();
      element.classList.remove("editing");
      edit.focus();
    };
    const form = textForm({
      label: "Question",
      value: heading.textContent,
      verb: "Ask",
      lines: 2,
      note: editWarning(page.later()),
      send: (text) => {
        close();
        page.trigger("edit", { turn: id, text });
      },
      cancel: close,
    });
    element.classList.add("editing");
    element.append(form);
    focusForm(form);
  });
  return { element, update: (text) => retext(heading, text) };
}

function editWarning(later) {
  if (!later) return "The answer below is replaced.";
  return `The answer below is replaced, and ${later === 1 ? "the one" : `the ${later}`} after it removed.`;
}

function retryWarning(later) {
  return `Ask again? ${later === 1 ? "The answer" : `The ${later} answers`} after this one will be removed.`;
}

function progress(turn, papers) {
  const states = { reading: "Reading the question", searching: `Searching ${papers} abstracts`, writing: "Writing" };
  const words = states[turn.state] && (turn.progress || states[turn.state]);
  if (!words) return null;
  return el("p", { class: "working" }, el("span", { class: "pulse", "aria-hidden": "true" }), words);
}

function outcomeOf(turn, page) {
  if (turn.state === "failed") {
    return panel("bad", "alert", "No answer", turn.error ?? "Something went wrong; try again.");
  }
  if (turn.state === "stopped") {
    return panel("soft", "stop", "Stopped", turn.sentences.length ? "The answer is not complete." : "There is no answer.");
  }
  if (turn.abstention) return abstentionPanel(turn, page);
  if (turn.state === "done" && !turn.complete) {
    return panel("warn", "alert", "Not complete", "The answer broke off before its end.");
  }
  return null;
}

function panel(tone, iconName, title, message, ...more) {
  return el(
    "section",
    { class: `panel ${tone}` },
    el("h3", {}, icon(iconName), title),
    el("p", {}, message),
    more,
  );
}

function abstentionPanel({ abstention, sources }, page) {
  const closest = sources.filter((source) => source.closest).length;
  const { title, message, suggestions } = abstention;
  return panel(
    "abstention",
    "missing",
    title,
    message,
    closest ? el("p", { class: "closest" }, openSourcesLink(closest, page)) : null,
    suggestions?.length ? el("h4", {}, "You might ask") : null,
    suggestions?.length ? questionList(suggestions, page.ask) : null,
  );
}

function openSourcesLink(n, page) {
  const text = n === 1 ? "See the closest paper" : `See the ${n} closest papers`;
  return el("button", { type: "button", class: "link", onclick: page.openSources }, text);
}

/** Returns a list of questions as buttons, each of which asks its own. */
export function questionList(questions, ask) {
  const one = (text) =>
    el("li", {}, el("button", { type: "button", class: "button", onclick: () => ask(text) }, text));
  return el("ul", { class: "questions" }, questions.map(one));
}

/** What the library's records say: a line, and one for each paper. */
function statementOf(text) {
  if (!text) return null;
  const [first, ...papers] = text.split("\n");
  const items = papers.map((line) => el("li", {}, line.replace(/^- /, "")));
  return [el("p", {}, first), items.length ? el("ul", {}, items) : null].filter(Boolean);
}

function notesOf(turn, page, confirm) {
  const lift = () => askAgain(turn, page, confirm, { as_typed: true });
  const readAll = () => askAgain(turn, page, confirm, { read_all: true });
  const origin = [turn.provenance, turn.usage].filter(Boolean).join(" · ");
  return [
    turn.shortfall && el("p", { class: "shortfall" }, turn.shortfall),
    ...turn.notices.map((notice) => el("p", { class: "notice" }, icon("note"), el("span", {}, notice))),
    turn.read_filters &&
      el("button", { type: "button", class: "quiet needs-idle", onclick: lift }, icon("close"), "Ask without this filter"),
    turn.unread &&
      el("button", { type: "button", class: "button read-all needs-idle", onclick: readAll }, turn.unread),
    origin && el("p", { class: "origin" }, origin),
  ].filter(Boolean);
}

/** Asks the turn's question again, after a word of warning where turns follow that would go. */
function askAgain(turn, page, confirm, how = {}) {
  const retry = () => page.trigger("retry", { turn: turn.id, ...how });
  const later = page.later();
  if (later) askFirst(confirm, retryWarning(later), "Ask again", retry);
  else retry();
}

function actionsOf(turn, page, confirm) {
  const retryOrAsk = () => askAgain(turn, page, confirm);
  const action = (iconName, label, onclick, more = {}) =>
    el("button", { type: "button", class: "quiet", onclick, ...more }, icon(iconName), label);
  const entries = [["Copy as Markdown", () => page.copy(turn, "markdown")], ...saveEntries(page.trigger, turn.id)];
  return [
    turn.sources.length
      ? action("search", `Sources (${turn.sources.length})`, page.openSources, { class: "quiet narrow-only" })
      : null,
    ...(turn.plain || turn.markdown
      ? [action("copy", "Copy", () => page.copy(turn, "plain")), ...menu(`save-${turn.id}`, "Save", "save", entries)]
      : []),
    action("retry", "Ask again", retryOrAsk, { class: "quiet needs-idle" }),
  ].filter(Boolean);
}
