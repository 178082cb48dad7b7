// A paper as a card: what names it, and its abstract with the quoted sentences marked.

import { el, outsideLink } from "./dom.js";

/**
 * Returns an <article class="paper-card"> for what Python's `paper_view` or `reference_view` gave.
 *
 * Without `view.abstract` the card is the reference alone. `options`:
 * - `id`: the id of the element, which can then be focused by a script;
 * - `label`: the number of the source, shown before the title;
 * - `level`: the level of the heading, 3 unless given;
 * - `remark`: a sentence below the reference, to be noticed;
 * - `folded`: whether the abstract is folded away at first;
 * - `actions`: elements, shown last.
 */
export function paperCard(view, options = {}) {
  const { id = null, label = null, level = 3, remark = null, folded = false, actions = [] } = options;
  return el(
    "article",
    { class: "paper-card", id, tabindex: id && "-1", "data-paper": view.paper_id },
    el(
      `h${level}`,
      { class: "paper-title" },
      label && el("span", { class: "paper-label" }, `[${label}] `),
      view.title,
    ),
    reference(view),
    view.keywords?.length ? el("p", { class: "paper-keywords" }, view.keywords.join(", ")) : null,
    remark && el("p", { class: "paper-remark" }, remark),
    view.told && el("p", { class: "paper-told" }, capital(view.told)),
    view.abstract?.length ? (folded ? foldedAbstract(view) : abstract(view.abstract)) : null,
    view.suspect?.map((reason) => el("p", { class: "paper-suspect" }, reason)),
    actions.length ? el("div", { class: "paper-actions" }, actions) : null,
  );
}

/** Returns 'A and B. Venue, 2020. https://... (account ...)' as text: a reference for pasting. */
export function referenceText(view) {
  const place = [view.venue, view.year].filter(Boolean).join(", ");
  const parts = [view.authors, view.title, place].filter(Boolean).map(closed);
  return [...parts, view.link ?? view.url, view.told && `(${view.told})`].filter(Boolean).join(" ");
}

function closed(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function reference(view) {
  const place = [view.venue, view.year].filter(Boolean).join(", ");
  const address = view.link
    ? outsideLink(view.link, linkText(view.link))
    : view.url && el("span", { class: "paper-url" }, view.url);
  if (!view.authors && !place && !address) return null;
  return el(
    "p",
    { class: "paper-reference" },
    view.authors && el("span", { class: "paper-authors" }, view.authors),
    place && el("span", { class: "paper-place" }, place),
    address || null,
  );
}

function linkText(link) {
  const { hostname, pathname } = new URL(link);
  const host = hostname.replace(/^www\./, "");
  if (host === "doi.org") return `doi:${decoded(pathname.slice(1))}`;
  if (host === "arxiv.org") return `arXiv:${decoded(pathname.replace("/abs/", ""))}`;
  return host;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function abstract(pieces) {
  return el(
    "p",
    { class: "paper-abstract" },
    pieces.map(({ text, cited_by: citedBy, suspect }) => {
      if (suspect) return el("span", { class: "suspect" }, text);
      return citedBy?.length ? el("mark", { "data-cited-by": citedBy.join(" ") }, text) : text;
    }),
  );
}

function foldedAbstract(view) {
  const name = view.is_account ? "Account" : "Abstract";
  const marked = view.abstract.some((piece) => piece.cited_by?.length);
  const fold = el("details", { class: "paper-fold" }, el("summary", {}, name), abstract(view.abstract));
  fold.open = marked;
  return fold;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
