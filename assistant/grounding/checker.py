"""The check of a claim against the sentences it rests on: four layers whose verdicts stay apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from assistant.grounding.additions import flag_addition
from assistant.grounding.claim_parts import check_lengths, cut_claim
from assistant.grounding.claim_sources import ClaimSources, JudgedSource, SourceSentence
from assistant.grounding.frequencies import compute_general_idf
from assistant.grounding.languages import (
    UNCHECKED,
    find_foreign_mismatches,
    is_in_other_language,
)
from assistant.grounding.lexical_support import (
    WordVectorizer,
    discount_titles,
    measure_soft_support,
    measure_stem_support,
    weigh_claim_terms,
)
from assistant.grounding.mismatches import find_mismatches
from assistant.suspects import FAILED
from assistant.text.sentences import split_sentences
from assistant.types import Flag, FlagKind, JudgeLabel, Verdict

__all__ = ["Checker", "Grounding", "Judge", "SourceSentence", "WordVectorizer"]

MIN_LEXICAL = 0.57
"""Claims that find less of their words are unsupported.
Source: measured, evals/lab/grounding.py."""

MIN_LEXICAL_CITED = 0.5
"""The same where at most so many sentences are cited as one fact takes: few words meet there by
chance. Source: chosen on 752 answers of six fields: 10 % of those that their sentences bear out
have less than .49, and 95 % of those checked against other sentences of their paper."""
_FEW = 3

_SOFT_SHARE = 0.5
_N_SOFT = 3
"""Sentences whose words' vectors are looked at. Source: measured, evals/lab/grounding.py."""

_FLAGGED = 0.49
"""Factor on the score for a hard mismatch, so that a flagged claim stays below 0.5."""
_NEXT_FLAG = 0.8
MOVED: frozenset[FlagKind] = frozenset({"uncited", "miscited"})
"""Flags that say that other sentences bear a claim out than it cites."""
ONLY_SUSPECT = Flag(
    "suspect", "", "Only a sentence that reads like an order to whoever answers says this."
)
_HARD = frozenset({"number", "name", "negation", "direction"})
_MAX_PAPERS_TRIED = 3
_VERDICTS: tuple[Verdict, ...] = ("unsupported", "unchecked", "supported", "verbatim")
"""Of a claim in parts the first of these that one of them has is the verdict."""


FlagSuspect = Callable[[str, Sequence[tuple[int, int]]], list[bool]]
"""Returns for each (start, end) of a text whether it reads like an order to whoever answers."""


class Judge(Protocol):
    """An LLM that is asked about one claim and its sources."""

    def judge(self, claim: str, sources: Sequence[JudgedSource]) -> JudgeLabel | None:
        """Returns what the sources say about the claim; None where no answer could be read."""
        ...


@dataclass(frozen=True, slots=True)
class Grounding:
    """What the check of one claim found, layer by layer.

    ``score`` is in [0, 1], higher is better supported: 1.0 for a quotation, below 0.5 for an
    unsupported claim. ``lexical`` in [0, 1] is layer 3 by itself, None for a claim in another
    language than its sources', ``judge`` layer 4, None where no one was asked or no answer could
    be read. ``support`` are the indices of the passages that bear the claim out best, best first;
    empty where none is known to.
    """

    verdict: Verdict
    score: float
    flags: tuple[Flag, ...]
    lexical: float | None
    judge: JudgeLabel | None
    support: tuple[int, ...]

    def choose_cited(self, cited: Sequence[int]) -> Sequence[int]:
        """Returns which passages to cite: ``cited``, or those found where these do not serve."""
        moved = any(flag.kind in MOVED for flag in self.flags)
        return self.support if moved and self.verdict not in FAILED else cited


class Checker:
    """Checks claims; one may be used by several threads.

    ``idf`` weighs terms as the library does, ``words`` gives the vectors of words in their texts
    and ``judge`` asks an LLM; ``flag_suspect`` tells which sentences of a text read like orders to
    whoever answers. Without them weights are those of scholarly abstracts at large, only
    words of the same stem meet, and no one is asked.
    """

    def __init__(
        self,
        *,
        idf: Callable[[str], float] | None = None,
        words: WordVectorizer | None = None,
        judge: Judge | None = None,
        flag_suspect: FlagSuspect | None = None,
    ) -> None:
        self._idf = compute_general_idf if idf is None else _blend(idf)
        self._words = words
        self._judge = judge
        self._flag_suspect = flag_suspect

    def check(
        self,
        claim: str,
        passages: Sequence[SourceSentence],
        cited: Sequence[int] = (),
        question: str = "",
    ) -> Grounding:
        """Returns how far ``passages`` bear ``claim`` out, those at the indices ``cited`` first.

        A claim that only other passages than the cited ones bear out is supported and flagged
        as miscited, or as uncited where nothing was cited. Where ``question`` is what the claim
        answers, what it adds to the question's words must be borne out by itself. A claim that
        is longer than any sentence is borne out where each of its parts is.

        Raises:
            ValueError: ``claim`` has no words, or an index is not one of ``passages``.
        """
        _check_input(claim, len(passages), cited)
        if any(passage.suspect for passage in passages):
            return self._check_without_suspect(claim, passages, cited, question)
        return _join([self._check(part, passages, cited, question) for part in cut_claim(claim)])

    def _check(
        self, claim: str, passages: Sequence[SourceSentence], cited: Sequence[int], question: str
    ) -> Grounding:
        rests_on = tuple(dict.fromkeys(cited)) or tuple(range(len(passages)))
        if is_in_other_language(claim, [passages[i].text for i in rests_on]):
            found = self._against(claim, passages, rests_on, question)
            return replace(found, flags=(*_flag_structure(cited), *found.flags))
        found = self._grounding(claim, passages, cited, question)
        if not question or found.verdict != "supported":
            return found
        papers = {passages[i].paper_id for i in (*found.support, *cited)}
        own = [p for p in passages if p.paper_id in papers]
        texts = [*{p.title for p in own}, *(p.text for p in own)]
        flag = flag_addition(claim, question, texts, found.score, self._idf)
        if flag is None:
            return found
        return replace(
            found,
            verdict="unsupported",
            score=found.score * _FLAGGED,
            flags=(*found.flags, flag),
            support=(),
        )

    def _grounding(
        self,
        claim: str,
        passages: Sequence[SourceSentence],
        cited: Sequence[int],
        question: str,
    ) -> Grounding:
        structure = _flag_structure(cited)
        own = None
        if cited:
            own = self._against(claim, passages, tuple(dict.fromkeys(cited)), question)
            if own.verdict != "unsupported":
                return own
        best = None
        for tried in ClaimSources.rank_candidates(claim, passages, self._idf, _MAX_PAPERS_TRIED):
            if set(tried) <= set(cited):
                continue
            found = self._against(claim, passages, tried, question, n_read=len(passages))
            if best is None or found.score > best.score:
                best = found
            if found.verdict != "unsupported":
                break
        if best is not None and best.verdict != "unsupported":
            if cited:
                structure = (Flag("miscited", "", "Other sentences than the cited ones say this."),)
            verdict: Verdict = "supported"
            return Grounding(
                verdict, best.score, structure + best.flags, best.lexical, best.judge, best.support
            )
        failed = own or best
        if failed is None:
            return Grounding("unsupported", 0.0, structure, 0.0, None, ())
        return Grounding(
            "unsupported", failed.score, structure + failed.flags, failed.lexical, failed.judge, ()
        )

    def check_pair(self, source: str, claim: str) -> Grounding:
        """Returns how far the text ``source`` bears ``claim`` out; nothing need be cited.

        ``support`` are the numbers of the source's sentences, counted from 0.

        Raises:
            ValueError: ``source`` or ``claim`` has no words, or is longer than MAX_SOURCE_CHARS
                or MAX_CLAIM_CHARS.
        """
        check_lengths(source, claim)
        if not any(char.isalnum() for char in source):
            raise ValueError(
                f"the source {source!r} holds no words; give the text to check against"
            )
        passages = self._cut(source)
        _check_input(claim, len(passages), ())
        cited = tuple(range(len(passages)))
        if any(passage.suspect for passage in passages):
            return self._check_without_suspect(claim, passages, cited)
        return _join([self._against(part, passages, cited) for part in cut_claim(claim)])

    def _check_without_suspect(
        self,
        claim: str,
        passages: Sequence[SourceSentence],
        cited: Sequence[int],
        question: str = "",
    ) -> Grounding:
        """Returns the check against the passages that are not suspect.

        Where nothing there bears the claim out and the suspect ones would, it is suspect.
        """
        kept = [i for i, passage in enumerate(passages) if not passage.suspect]
        found = None
        if kept:
            own = [kept.index(i) for i in cited if i in kept]
            found = self.check(claim, [passages[i] for i in kept], own, question)
            found = replace(found, support=tuple(kept[i] for i in found.support))
            if found.verdict not in FAILED:
                return found
        trusted = [replace(passage, suspect=False) for passage in passages]
        whole = self.check(claim, trusted, cited, question)
        if whole.verdict not in ("verbatim", "supported"):
            return found or whole
        score, flags = min(whole.score, 0.499), (*whole.flags, ONLY_SUSPECT)
        return replace(whole, verdict="suspect", score=score, flags=flags, support=())

    def _cut(self, source: str) -> list[SourceSentence]:
        """Returns the sentences of a text, with those marked that read like orders."""
        spans = split_sentences(source)
        places = [(span.start, span.end) for span in spans]
        flags = self._flag_suspect(source, places) if self._flag_suspect else [False] * len(spans)
        return [
            SourceSentence("", "", source[span.start : span.end], span.number, suspect=flag)
            for span, flag in zip(spans, flags, strict=True)
        ]

    def _against(
        self,
        claim: str,
        passages: Sequence[SourceSentence],
        cited: tuple[int, ...],
        question: str = "",
        *,
        n_read: int = 0,
    ) -> Grounding:
        """Returns the check against ``cited``, which were chosen among ``n_read`` sentences."""
        n_cited = max(n_read, len(cited))
        sources = ClaimSources(claim, passages, cited, self._idf)
        quoted = sources.find_quotation()
        if quoted is not None:
            return Grounding("verbatim", 1.0, (), 1.0, None, (quoted,))
        if is_in_other_language(claim, sources.cited_texts):
            return self._across_languages(claim, sources)
        lexical = self._support(claim, sources)
        flags = find_mismatches(claim, sources, self._idf, question)
        n_hard = sum(flag.kind in _HARD for flag in flags)
        least = MIN_LEXICAL if n_cited > _FEW else MIN_LEXICAL_CITED
        supported = not n_hard and lexical >= least
        label = None if n_hard else self._ask_judge(claim, sources)
        if label is not None:
            supported = label == "supported"
        score = _score(lexical, n_hard, least)
        if label is not None:
            score = max(score, 0.5) if supported else min(score, 0.499)
        verdict: Verdict = "supported" if supported else "unsupported"
        support = (sources.best or cited[:1]) if supported else ()
        return Grounding(verdict, score, flags, lexical, label, support)

    def _across_languages(self, claim: str, sources: ClaimSources) -> Grounding:
        """Returns the check of a claim whose words its sources, in another language, cannot hold.

        It is unchecked where its figures and names are theirs and no judge says more.
        """
        flags = find_foreign_mismatches(claim, sources)
        if flags:
            return Grounding("unsupported", _FLAGGED * 0.5, flags, None, None, ())
        label = self._ask_judge(claim, sources)
        if label is None:
            return Grounding("unchecked", 0.5, (UNCHECKED,), None, None, ())
        if label == "supported":
            return Grounding("supported", 0.5, (), None, label, sources.cited[:1])
        return Grounding("unsupported", 0.499, (), None, label, ())

    def _ask_judge(self, claim: str, sources: ClaimSources) -> JudgeLabel | None:
        # A judge never outvotes a mismatch, so it is asked, and paid for, only without one.
        return self._judge.judge(claim, sources.list_judged()) if self._judge else None

    def _support(self, claim: str, sources: ClaimSources) -> float:
        """Returns layer 3, [0, 1]: by stems, and by the words' vectors where there are any."""
        idf = discount_titles(self._idf, sources.titles, sources.cited_texts)
        stems = measure_stem_support(weigh_claim_terms(claim, idf), sources.cited_texts)
        if self._words is None:
            return stems
        texts = sources.list_closest_texts(_N_SOFT)
        soft = measure_soft_support(claim, texts, self._words, idf)
        return (1 - _SOFT_SHARE) * stems + _SOFT_SHARE * soft


def _join(found: Sequence[Grounding]) -> Grounding:
    """Returns the check of a claim by those of its parts: as good as the worst of them."""
    if len(found) == 1:
        return found[0]
    worst = min(found, key=lambda part: (_VERDICTS.index(part.verdict), part.score))
    lexical = [part.lexical for part in found if part.lexical is not None]
    support = dict.fromkeys(index for part in found for index in part.support)
    return replace(
        worst,
        flags=tuple(dict.fromkeys(flag for part in found for flag in part.flags)),
        lexical=min(lexical) if len(lexical) == len(found) else None,
        support=tuple(support) if worst.support else (),
    )


def _flag_structure(cited: Sequence[int]) -> tuple[Flag, ...]:
    return () if cited else (Flag("uncited", "", "The sentence cites nothing."),)


def _blend(idf: Callable[[str], float]) -> Callable[[str], float]:
    """Returns the mean of a library's idf and that of abstracts at large.

    In a small library every word that it lacks would weigh like a name.
    """

    @lru_cache(maxsize=100_000)
    def blended(term: str) -> float:
        return (idf(term) + compute_general_idf(term)) / 2

    return blended


def _score(lexical: float, n_hard: int, least: float) -> float:
    """Returns the score of a claim: half where its words are just enough, less for mismatches."""
    if lexical < least:
        score = 0.5 * lexical / least
    else:
        score = 0.5 + 0.5 * (lexical - least) / (1 - least)
    if n_hard:
        score *= _FLAGGED * _NEXT_FLAG ** (n_hard - 1)
    return min(max(score, 0.0), 1.0)


def _check_input(claim: str, n_passages: int, cited: Sequence[int]) -> None:
    if not any(char.isalnum() for char in claim):
        raise ValueError(f"the claim {claim!r} holds no words; give a sentence to check")
    wrong = [index for index in cited if not 0 <= index < n_passages]
    if wrong:
        raise ValueError(f"cited index {wrong[0]!r} is not one of {n_passages} passages")
