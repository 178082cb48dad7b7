// One tooltip for all of a part: shown for whatever is hovered or focused and has `data-tip`.

import { el } from "../../parts/static/dom.js";

const MARGIN = 8;

/** Adds the tooltip to `root`. */
export function addTooltip(root) {
  const tip = el("div", { class: "tooltip", role: "tooltip", popover: "manual" });
  root.append(tip);
  let owner = null;

  const show = (target) => {
    if (owner === target || !target.dataset.tip) return;
    owner = target;
    tip.textContent = target.dataset.tip;
    tip.showPopover();
    place(tip, target);
  };
  const hide = () => {
    owner = null;
    if (tip.matches(":popover-open")) tip.hidePopover();
  };
  const over = (event) => event.target.closest?.("[data-tip]");

  root.addEventListener("pointerover", (event) => {
    const target = over(event);
    if (target) show(target);
    else if (owner && owner !== document.activeElement) hide();
  });
  root.addEventListener("pointerleave", hide);
  root.addEventListener("focusin", (event) => {
    const target = over(event);
    if (target?.matches(":focus-visible")) show(target);
    else hide();
  });
  root.addEventListener("focusout", hide);
  root.addEventListener("click", (event) => {
    const target = over(event);
    if (target) show(target);
  });
  root.addEventListener("scroll", hide, { capture: true, passive: true });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !owner) return;
    hide();
    event.stopPropagation();
  });
}

function place(tip, target) {
  const at = target.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const left = Math.min(Math.max(MARGIN, at.left), innerWidth - own.width - MARGIN);
  const below = at.bottom + MARGIN;
  const top = below + own.height > innerHeight ? at.top - own.height - MARGIN : below;
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}
