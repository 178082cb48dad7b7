// Which sentence's quotes are lit up: the one under the pointer or the focus, and the pinned one.

/**
 * Returns `{pin, toggle, unpin, pinned, light, apply}` for the sentences and marks below `root`.
 *
 * A sentence is `{turn, index}`. `changed(pinned)` is called when the pinned one changes.
 */
export function highlight(root, evidence, changed) {
  let pinned = null;
  let lit = null;

  const apply = () => {
    const active = root.dataset.activeTurn;
    for (const sentence of root.querySelectorAll(".sentence")) {
      const here = { turn: turnOf(sentence), index: Number(sentence.dataset.index) };
      const isPinned = same(here, pinned);
      sentence.classList.toggle("pinned", isPinned);
      sentence.classList.toggle("lit", same(here, lit));
      sentence.querySelector(".claim").setAttribute("aria-pressed", String(isPinned));
    }
    const indexes = [lit, pinned].filter((one) => one && one.turn === active).map((one) => String(one.index));
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
    apply();
    changed(pinned);
  };
  return {
    apply,
    pinned: () => pinned,
    pin: (one) => {
      if (!same(one, pinned)) set(one);
    },
    toggle: (one) => set(same(one, pinned) ? null : one),
    unpin: () => set(null),
    light: (one) => {
      if (same(one, lit) || one === lit) return;
      lit = one;
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
