// Which sentence's quotes are lit up: the one under the pointer or the focus, the one whose number
// was followed, and the pinned one.

/**
 * Returns `{hold, toggle, unpin, pinned, light, apply}` for the sentences and marks below `root`.
 *
 * A sentence is `{turn, index}`. `hold` lights one up until another is pointed at. `changed(pinned)`
 * is called when the pinned one changes.
 */
export function highlight(root, evidence, changed) {
  let pinned = null;
  let lit = null;
  let held = null;

  const apply = () => {
    const active = root.dataset.activeTurn;
    for (const sentence of root.querySelectorAll(".sentence")) {
      const here = { turn: turnOf(sentence), index: Number(sentence.dataset.index) };
      const isPinned = same(here, pinned);
      sentence.classList.toggle("pinned", isPinned);
      sentence.classList.toggle("lit", same(here, lit) || same(here, held));
      sentence.querySelector(".claim").setAttribute("aria-pressed", String(isPinned));
    }
    const indexes = [lit, held, pinned].filter((one) => one && one.turn === active).map((one) => String(one.index));
    for (const source of evidence.querySelectorAll(".source")) {
      let any = false;
      for (const mark of source.querySelectorAll("mark[data-cited-by]")) {
        const quoted = mark.dataset.citedBy.split(" ").some((index) => indexes.includes(index));
        mark.classList.toggle("lit", quoted);
        any ||= quoted;
      }
      source.classList.toggle("lit", any);
    }
  };

  const set = (next) => {
    pinned = next;
    held = null;
    apply();
    changed(pinned);
  };
  return {
    apply,
    pinned: () => pinned,
    hold: (one) => {
      held = one;
      apply();
    },
    toggle: (one) => set(same(one, pinned) ? null : one),
    unpin: () => set(null),
    light: (one) => {
      if (same(one, lit) || one === lit) return;
      lit = one;
      if (one && !same(one, held)) held = null;
      apply();
    },
  };
}

/** Returns the id of the turn that an element of the transcript belongs to. */
export function turnOf(element) {
  return element.closest(".turn").dataset.turn;
}

function same(one, other) {
  return Boolean(one && other && one.turn === other.turn && one.index === other.index);
}
