"""Which of the cases are asked: those of some kinds, or a sample with each kind's share."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Sequence

from assistant_evals.cases.cases import Case
from assistant_evals.errors import GoldenError


def choose_cases(
    cases: Sequence[Case], only: Collection[str] = (), n_sample: int | None = None, seed: int = 0
) -> list[Case]:
    """Returns the cases to ask, in their order.

    Args:
        cases: all of them.
        only: kinds, or names of files without their ending; all where empty.
        n_sample: about how many to keep, each kind by its share; all turns of a conversation
            stay together, and of each kind at least one case is kept.
        seed: chooses the sample.

    Raises:
        GoldenError: no case is of a kind in ``only``, or ``n_sample`` is not positive.
    """
    known = {case.kind for case in cases} | {case.group for case in cases}
    for name in only:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(known))}"
            raise GoldenError(f"no case is of kind {name!r}; {hint}")
    kept = [case for case in cases if not only or case.kind in only or case.group in only]
    if n_sample is None or n_sample >= len(kept):
        return kept
    if n_sample < 1:
        raise GoldenError(f"cannot ask {n_sample} cases; ask for 1 or more")
    share = n_sample / len(kept)
    units: dict[str, dict[str, str]] = {}
    for case in kept:
        units.setdefault(case.kind, {})[case.chat or case.id] = case.digest
    chosen: set[str] = set()
    for kind, members in units.items():
        # Ordered by a hash and not shuffled, so that a case more or less moves no other.
        order = sorted(members, key=lambda name: _rank(seed, kind, name))
        chosen.update(order[: max(1, round(share * len(members)))])
    return [case for case in kept if (case.chat or case.id) in chosen]


def _rank(seed: int, kind: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed} {kind} {name}".encode()).digest()
