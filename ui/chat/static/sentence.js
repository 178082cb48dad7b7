// One sentence of an answer: its text, the numbers of its sources, its verdict, and a reader's view of it.

import { el, redraw, retext } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";
import { focusForm, textForm } from "./text_form.js";

const ICONS = { verbatim: "quote", supported: "check", unsupported: "alert", unchecked: "question", suspect: "alert" };
const PASSED = ["verbatim", "supported"];

/** Returns the id of the card of a source, which the numbers in the text point to. */
export function sourceId(turnId, label) {
  return `source-${turnId}-${label}`;
}

/**
 * Returns `{element, update}` for a sentence of the turn `turnId`; `update(sentence)` draws what
 * changed. `rate(index, good, comment)` is called with what the reader thinks of it.
 */
export function sentenceView(turnId, index, rate) {
  const claim = el("span", { class: "claim", role: "button", tabindex: "0", "aria-pressed": "false" });
  const cites = el("span", { class: "cites" });
  const gutter = el("span", { class: "gutter" });
  const remark = el("span", { class: "remark" });
  const tools = el("span", { class: "tools" });
  const form = el("div", { class: "dispute" });
  const group = el("span", { class: "of-group" });
  const paper = el("span", { class: "of-paper" });
  const body = el("span", { class: "sentence-body" }, claim, cites, remark);
  const element = el("div", { class: "sentence", "data-index": String(index) }, group, paper, gutter, body, tools, form);

  const dispute = () => {
    if (form.firstChild) return form.querySelector("textarea").focus();
    const close = () => {
      form.replaceChildren();
      tools.querySelector("[data-rating=down]")?.focus();
    };
    form.replaceChildren(
      textForm({
        label: "What is wrong with it?",
        verb: "Send",
        maxlength: 1000,
        send: (comment) => {
          rate(index, false, comment);
          close();
        },
        cancel: close,
      }),
    );
    focusForm(form);
  };

  const update = (sentence) => {
    const { verdict, explanation } = sentence;
    element.dataset.verdict = verdict ?? "";
    retext(group, sentence.group ?? "");
    retext(paper, sentence.paper ?? "");
    retext(claim, sentence.text);
    redraw(cites, sentence.citations, () => sentence.citations.flatMap((cited) => citeLink(turnId, cited)));
    redraw(gutter, [verdict, explanation], () => (verdict ? verdictButton(verdict, explanation) : null));
    const words = sentence.remark || (verdict && !PASSED.includes(verdict) ? verdict : "");
    redraw(remark, [words, verdict], () => words && capital(words));
    redraw(tools, [verdict !== null, sentence.rating], () =>
      verdict === null ? null : ratingButtons(sentence.rating, () => rate(index, true, ""), dispute),
    );
  };
  return { element, update };
}

function citeLink(turnId, { label, paper_id: paperId, told, mark }) {
  const attributes = {
    class: "cite",
    href: `#${sourceId(turnId, label)}`,
    "data-label": label,
    "data-paper": paperId,
    "aria-label": `Source ${label}`,
  };
  // The space keeps a number on the line of what it stands for.
  const link = el("a", attributes, `[${label}]`);
  return ["\u00a0", link, ...(mark ? ["\u00a0", el("span", { class: "told", "data-tip": capital(told) }, mark)] : [])];
}

function verdictButton(verdict, explanation) {
  const words = explanation || capital(verdict);
  const attributes = { type: "button", class: "verdict", "aria-label": words, "data-tip": words };
  return el("button", attributes, icon(ICONS[verdict]));
}

function ratingButtons(rating, like, dispute) {
  const button = (name, iconName, label, action) =>
    el(
      "button",
      {
        type: "button",
        class: "quiet",
        "data-rating": name,
        "data-tip": label,
        "aria-label": label,
        "aria-pressed": String(rating === name),
        onclick: rating === name ? null : action,
      },
      icon(iconName),
    );
  return [
    rating && el("span", { class: "noted" }, "Noted"),
    button("up", "thumbUp", "This sentence is right", like),
    button("down", "thumbDown", "Something is wrong with this sentence", dispute),
  ];
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
