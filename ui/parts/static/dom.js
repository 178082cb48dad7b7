// Elements made of text: nothing that a paper, a model or a person wrote is ever parsed as markup.

const SAFE_LINK = /^(https:\/\/|#)/;

/**
 * Returns a new element.
 *
 * `attributes` are set as attributes, `on*` ones with a function become listeners, and those that
 * are null, undefined or false are left out. `children` are elements or texts; null ones are left out.
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) {
      if (typeof value === "function") element.addEventListener(name.slice(2), value);
    } else if (name === "href") {
      if (SAFE_LINK.test(value)) element.setAttribute("href", value);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Returns a link that opens apart and tells the other side nothing. */
export function outsideLink(url, text) {
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, text);
}

const drawn = new WeakMap();

/**
 * Draws `children()` in `slot`, unless what it was last drawn from, `value`, is the same as JSON:
 * then focus and selection in it stay. Children are made by a function, since mostly none are.
 */
export function redraw(slot, value, children) {
  const key = JSON.stringify(value) ?? "";
  if (drawn.get(slot) === key) return;
  drawn.set(slot, key);
  slot.replaceChildren(...[children()].flat().filter(Boolean));
}

/** Brings the text of `slot` to `text` in its one text node, so that a selection in it stays. */
export function retext(slot, text) {
  const node = slot.firstChild ?? slot.appendChild(document.createTextNode(""));
  if (node.data === text) return;
  if (text.startsWith(node.data)) node.appendData(text.slice(node.data.length));
  else node.data = text;
}
