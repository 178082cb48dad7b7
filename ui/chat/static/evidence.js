// The sources of one answer, beside it; on a narrow screen, in a sheet over it.

import { el, redraw } from "../../parts/static/dom.js";
import { icon } from "../../parts/static/icons.js";
import { paperCard } from "../../parts/static/paper_card.js";
import { sourceId } from "./sentence.js";

const NARROW = matchMedia("(max-width: 899px)");
const CHANGED = "This paper has changed since; the quote is no longer in it.";

/**
 * Returns the panel: `{element, sheet, update, show, open, back}`.
 *
 * `element` and `sheet` are put into the page. `update(turn)` draws the sources of a turn, null for
 * none; `show(paperId, index, link)` brings the card of a source up, where sentence `index` quotes
 * it, for the number `link` in the text; `open()` shows the sheet on a narrow screen, `back()` goes
 * back to the number. `drawn()` is called whenever cards were drawn anew, `back` returns false
 * where there is nothing to go back to.
 */
export function evidencePanel(drawn) {
  const about = el("p", { class: "evidence-about" });
  const returning = el(
    "button",
    { type: "button", class: "quiet to-answer", hidden: true, onclick: () => back() },
    icon("back"),
    "Back to the answer",
  );
  const closing = el(
    "button",
    { type: "button", class: "quiet sheet-close", "aria-label": "Close the sources", onclick: () => sheet.close() },
    icon("close"),
  );
  const head = el("header", { class: "evidence-head" }, el("h2", {}, "Sources"), returning, closing, about);
  const groups = { cited: el("div", { class: "sources" }), closest: el("div", { class: "sources" }), found: el("div", { class: "sources" }) };
  const closestHeading = el("h3", { class: "group-heading" }, "Closest papers");
  const foundSummary = el("summary", {});
  const found = el("details", { class: "found" }, foundSummary, groups.found);
  const nothing = el("p", { class: "evidence-none" });
  const body = el(
    "div",
    { class: "evidence-body", tabindex: "0", role: "group", "aria-label": "List of sources" },
    [nothing, groups.cited, closestHeading, groups.closest, found],
  );
  const element = el("aside", { class: "evidence", "aria-label": "Sources" }, head, body);
  const sheet = el("dialog", { class: "sheet", "aria-label": "Sources" });
  const place = document.createComment("sources");

  let turnId = null;
  let opener = null;
  let slots = new Map();

  const update = (turn) => {
    if (turn?.id !== turnId) {
      turnId = turn?.id ?? null;
      slots = new Map();
      forget();
      found.open = false;
      body.scrollTop = 0;
    }
    const sources = turn?.sources ?? [];
    redraw(about, turn?.question ?? "", () => turn?.question);
    for (const source of sources) drawSource(source);
    const kind = (name) => sources.filter((source) => groupOf(source) === name).map((source) => slots.get(source.paper_id));
    fill(groups.cited, kind("cited"));
    fill(groups.closest, kind("closest"));
    fill(groups.found, kind("found"));
    closestHeading.hidden = !groups.closest.firstChild;
    found.hidden = !groups.found.firstChild;
    redraw(foundSummary, groups.found.children.length, () => `Also found (${groups.found.children.length})`);
    nothing.hidden = sources.length > 0;
    nothing.textContent = turn && ["reading", "searching"].includes(turn.state) ? "Searching." : "No papers were used.";
    drawn();
  };

  const drawSource = (source) => {
    if (!slots.has(source.paper_id)) slots.set(source.paper_id, el("div", { class: "source", "data-paper": source.paper_id }));
    redraw(slots.get(source.paper_id), [source, turnId], () =>
      paperCard(source, {
        id: sourceId(turnId, source.label ?? source.paper_id),
        label: source.label,
        level: 3,
        remark: source.changed ? CHANGED : null,
        folded: groupOf(source) !== "cited",
      }),
    );
  };

  const show = (paperId, index, link) => {
    const slot = slots.get(paperId);
    if (!slot) return;
    open(link);
    if (slot.closest("details.found")) found.open = true;
    const fold = slot.querySelector("details");
    if (fold) fold.open = true;
    const mark = quote(slot, index);
    slot.querySelector(".paper-card").focus({ preventScroll: true });
    scrollWithin(body, slot, mark);
  };

  const open = (link) => {
    opener = link ?? document.activeElement;
    returning.hidden = !link || NARROW.matches;
    if (!NARROW.matches || sheet.open) return;
    if (!place.isConnected) element.replaceWith(place);
    sheet.append(element);
    sheet.showModal();
  };

  const forget = () => {
    opener = null;
    returning.hidden = true;
  };

  const back = () => {
    if (sheet.open) {
      sheet.close();
      return true;
    }
    if (!opener?.isConnected || !element.contains(document.activeElement)) return false;
    opener.focus();
    forget();
    return true;
  };

  sheet.addEventListener("close", () => {
    if (place.isConnected) place.replaceWith(element);
    if (opener?.isConnected) opener.focus();
    forget();
  });
  sheet.addEventListener("click", (event) => {
    // A click on the backdrop counts as one on the dialog itself.
    if (event.target === sheet) sheet.close();
  });
  NARROW.addEventListener("change", () => sheet.open && sheet.close());

  const bring = (index) => {
    const mark = quote(body, index);
    if (mark) scrollWithin(body, mark.closest(".source"), mark);
  };
  return { element, sheet, update, show, open: () => open(null), back, bring };
}

function groupOf(source) {
  if (source.cited) return "cited";
  return source.closest ? "closest" : "found";
}

function fill(group, slots) {
  const same = slots.length === group.children.length && slots.every((slot, i) => group.children[i] === slot);
  if (!same) group.replaceChildren(...slots);
}

function quote(within, index) {
  return within.querySelector(`mark[data-cited-by~="${Number(index)}"]`);
}

// Only the panel scrolls, never the page. The head of the card is kept in view where both fit.
function scrollWithin(body, slot, mark) {
  const top = (element) => element.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop;
  const start = top(slot) - 8;
  const end = mark ? top(mark) + mark.getBoundingClientRect().height + 24 : start;
  const target = end - start <= body.clientHeight ? start : top(mark) - body.clientHeight / 3;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  body.scrollTo({ top: target, behavior: still ? "auto" : "smooth" });
}
