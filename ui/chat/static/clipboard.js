// What leaves the page by copying: a whole answer, or a selection with the references it names.

import { el } from "../../parts/static/dom.js";
import { referenceText } from "../../parts/static/paper_card.js";

const MARKDOWN_TYPE = "web text/markdown";

/** Puts `plain` on the clipboard, and `markdown` beside it where the browser takes it. */
export async function copyText(plain, markdown = null) {
  if (!navigator.clipboard) return copyBySelection(plain);
  if (!markdown || !globalThis.ClipboardItem?.supports?.(MARKDOWN_TYPE)) {
    return navigator.clipboard.writeText(plain);
  }
  const item = new ClipboardItem({
    "text/plain": new Blob([plain], { type: "text/plain" }),
    [MARKDOWN_TYPE]: new Blob([markdown], { type: "text/markdown" }),
  });
  return navigator.clipboard.write([item]);
}

// Over plain http from another machine a page has no clipboard of its own.
function copyBySelection(text) {
  const field = el("textarea", { class: "visually-hidden", readonly: true });
  field.value = text;
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  before?.focus?.();
  if (!copied) throw new Error("the browser did not copy");
}

/**
 * Returns the selected text followed by the references of the numbers in it; null where the
 * browser's own copy is right: nothing selected in `article`, or no number in the selection.
 */
export function selectionWithReferences(article, sources) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.containsNode(article, true)) return null;
  const labels = new Set();
  for (const link of article.querySelectorAll(".cite")) {
    if (selection.containsNode(link, true)) labels.add(link.dataset.label);
  }
  const cited = sources.filter((source) => labels.has(source.label));
  if (!cited.length) return null;
  const references = cited.map((source) => `[${source.label}] ${referenceText(source)}`);
  return `${selection.toString().replaceAll("\u00a0", " ").trim()}\n\n${references.join("\n")}\n`;
}
