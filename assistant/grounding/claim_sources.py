"""The sentences a claim is checked against, and those of them that match it best."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.lexical_support import (
    ClaimTerm,
    collect_terms,
    credit_terms,
    measure_coverage,
    restrict_terms,
    weigh_claim_terms,
)

_MIN_QUOTED_WORDS = 5
"""Shorter claims are names and terms, which are found anywhere."""
_MARK = re.compile(r"([^\w\s])")
_MIN_GAIN = 0.04
"""A second sentence counts as support where it adds so much of the claim's words."""


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """One sentence of an abstract that was before the answerer; ``number`` counts from 1.

    A ``suspect`` one reads like an order to whoever answers: it bears nothing out by itself.
    """

    paper_id: str
    title: str
    text: str
    number: int
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class JudgedSource:
    """A cited sentence as a judge sees it: with its paper's title and the sentences next to it.

    They are "" where they are unknown, and where they are cited themselves.
    """

    text: str
    title: str = ""
    before: str = ""
    after: str = ""


class ClaimSources:
    """The cited sentences among ``passages`` and what belongs to them, seen from one claim.

    ``cited`` are their indices, ``cited_texts`` the cited sentences, ``titles`` the titles of their
    papers, ``rest`` the other sentences of these papers, ``seen`` those of all papers; ``best`` are
    the indices of the one or two cited sentences that hold most of the claim's words, best first.
    """

    def __init__(
        self,
        claim: str,
        passages: Sequence[SourceSentence],
        cited: Sequence[int],
        idf: Callable[[str], float],
    ) -> None:
        self._claim = claim
        self._passages = passages
        self.cited = tuple(cited)
        papers = {passages[index].paper_id for index in cited}
        chosen = set(cited)
        self.cited_texts = tuple(passages[index].text for index in cited)
        self.titles = tuple(
            dict.fromkeys(passages[index].title for index in cited if passages[index].title)
        )
        self.rest = tuple(
            passage.text
            for index, passage in enumerate(passages)
            if passage.paper_id in papers and index not in chosen
        )
        self.seen = tuple(passage.text for passage in passages)
        self.terms = weigh_claim_terms(claim, idf)
        self.best = _choose_best(self.terms, self.cited_texts, cited)

    def find_quotation(self) -> int | None:
        """Returns the index of the cited sentence that holds the claim word for word, if any."""
        claim = _space_out(self._claim)
        if len(claim.split()) < _MIN_QUOTED_WORDS:
            return None
        for index in self.cited:
            if claim in _space_out(self._passages[index].text):
                return index
        return None

    def list_judged(self) -> tuple[JudgedSource, ...]:
        """Returns the cited sentences with what stands around them."""
        cited = {self._passages[i] for i in self.cited}
        near = {(p.paper_id, p.number): p.text for p in self._passages if p not in cited}
        return tuple(
            JudgedSource(
                own.text,
                own.title,
                near.get((own.paper_id, own.number - 1), ""),
                near.get((own.paper_id, own.number + 1), ""),
            )
            for own in (self._passages[i] for i in self.cited)
        )

    def list_best_texts(self) -> tuple[str, ...]:
        """Returns the texts of ``best``."""
        return tuple(self._passages[index].text for index in self.best)

    def list_closest_texts(self, n: int) -> tuple[str, ...]:
        """Returns at most ``n`` cited sentences, those that match the claim best first."""
        indices = _choose_best(self.terms, self.cited_texts, self.cited, most=n, least_gain=-1.0)
        return tuple(self._passages[index].text for index in indices)

    @staticmethod
    def rank_candidates(
        claim: str,
        passages: Sequence[SourceSentence],
        idf: Callable[[str], float],
        n_papers: int,
    ) -> list[tuple[int, ...]]:
        """Returns, for each of the closest papers, the indices of its sentences to try.

        Never of two papers together: one would lend its name to what the other says.
        """
        terms = weigh_claim_terms(claim, idf)
        by_paper: dict[str, list[int]] = {}
        for index, passage in enumerate(passages):
            by_paper.setdefault(passage.paper_id, []).append(index)
        ranked = []
        for indices in by_paper.values():
            texts = [passages[index].text for index in indices]
            best = _choose_best(terms, texts, indices, most=3)
            sets = [collect_terms(passages[index].text) for index in best]
            title = collect_terms(passages[indices[0]].title)
            held = title.union(*sets)
            ranked.append((measure_coverage(terms, credit_terms(terms, held)), best))
        ranked.sort(key=lambda pair: -pair[0])
        return [best for _, best in ranked[:n_papers] if best]


def _choose_best(
    terms: Sequence[ClaimTerm],
    texts: Sequence[str],
    indices: Sequence[int],
    most: int = 2,
    least_gain: float = _MIN_GAIN,
) -> tuple[int, ...]:
    """Returns the indices of the texts that together hold most of ``terms``, the best first."""
    reached = 0.0
    chosen: list[int] = []
    places: dict[frozenset[str], list[int]] = {}
    for place, held in reversed(list(enumerate(restrict_terms(terms, texts)))):
        places.setdefault(held, []).append(place)
    credits = {held: credit_terms(terms, held) for held in places}
    met = [0.0] * len(terms)
    while len(chosen) < most:
        gains = [
            (
                measure_coverage(terms, [max(a, b) for a, b in zip(met, own, strict=True)]),
                -places[held][-1],
                held,
            )
            for held, own in credits.items()
            if places[held]
        ]
        if not gains:
            break
        now, _, held = max(gains, key=lambda gain: gain[:2])
        if now - reached < least_gain or (now <= 0 < least_gain):
            break
        chosen.append(indices[places[held].pop()])
        met = [max(a, b) for a, b in zip(met, credits[held], strict=True)]
        reached = now
    return tuple(chosen)


@lru_cache(maxsize=20_000)
def _space_out(text: str) -> str:
    """Returns the words of ``text`` between single spaces, its marks apart, without a last stop."""
    words = _MARK.sub(r" \1 ", " ".join(text.split()).rstrip(".")).split()
    return f" {' '.join(words)} "
