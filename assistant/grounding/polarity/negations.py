"""Negations that a claim has and its sources have not, and the reverse.

A negation is read with its scope, the next words with content of its clause. The claim departs
from its sources where the same words stand in one of them denied and in the other not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from assistant.grounding.clause_words import (
    FREE,
    ClauseWord,
    find_term,
    find_terms,
    read_words,
    simplify_text,
)
from assistant.grounding.polarity.opposites import look_up_directions
from assistant.grounding.quantities import any_agrees, find_quantities
from assistant.grounding.word_tables import read_table, split_pairs, split_words

_WORDS = read_table("polarity/words.toml")["negations"]
_NEGATORS = split_words(_WORDS["negators"])
_OF_VERBS = split_words(_WORDS["of_verbs"])
_IDIOMS = split_pairs(_WORDS["idioms"])
_CHANGES = find_terms(_WORDS["changes"])
_NEEDS = find_terms(_WORDS["needs"])
_SPARING = find_terms(_WORDS["sparing"])
_REPORTING = find_terms(_WORDS["reporting"])
_DENIED_OBJECT = frozenset(["no", "not", "nothing", "none"])
_IN_PLACE = frozenset(["rather", "instead"])

_REACH = 6
_AFTER = 5
_WIDE_REACH = 10
_SAME_STEM = 6
_SCOPE_WORDS = 3
_MIN_DENIED = 2
_MIN_SAID = 0.55
"""How much of a denied phrase must be said. Source: measured, evals/lab/grounding.py."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A phrase denied on one side only: ``negation`` is the word that denies it there.

    ``by_claim`` tells which side; ``phrase`` is the first denied word.
    """

    negation: str
    phrase: str
    by_claim: bool


@lru_cache(maxsize=20_000)
def find_negations(text: str) -> tuple[int, ...]:
    """Returns the places of the negations among the words of ``text``."""
    words = read_words(text)
    return tuple(at for at in range(len(words)) if _is_negation(words, at))


@lru_cache(maxsize=20_000)
def read_denied(text: str) -> str:
    """Returns the clauses of ``text`` that hold a negation, or 'rather than' and the like."""
    words, plain = read_words(text), simplify_text(text)
    holding = {words[at].clause for at in find_negations(text)}
    holding |= {word.clause for word in words if word.folded in _IN_PLACE}
    ends = [*(word.start for word in words[1:]), len(plain)]
    return " ".join(
        plain[word.start : end].strip()
        for word, end in zip(words, ends, strict=True)
        if word.clause in holding
    )


def find_one_sided_denials(
    claim: str,
    sources: Sequence[str],
    context: Sequence[str],
    idf: Callable[[str], float],
    asked: frozenset[str] = frozenset(),
) -> list[Denial]:
    """Returns what ``claim`` denies and ``sources`` say, and what they deny and it says.

    What ``context``, all that was cited, says elsewhere in the claim's way speaks for the claim.
    What ``asked``, the terms of the question, has put into the claim's mouth may be denied where
    the sources do not say it.
    """
    words = read_words(claim)
    stated = [read_words(source) for source in sources]
    around = [read_words(text) for text in context]
    found = []
    for at in find_negations(claim):
        scope = _read_scope(words, at)
        if not scope or words[at].folded == "neither":
            continue
        if _is_other_figure(claim, scope[0], context):
            continue  # "Not 16 days": figures are looked for by themselves.
        if any(_is_opposed(scope[0], word) for other in around for word in other):
            continue
        premise = all(word.term in asked for word in scope)
        if premise and any(_is_backed(scope, words[at], other, _MIN_DENIED) for other in around):
            continue
        said, denied = _measure_said(scope, words[at], stated, idf)
        denied = max(denied, _measure_said(scope, words[at], around, idf)[1])
        # "Does not degrade" is as good as "keeps": what points somewhere is the directions' matter.
        plain = not look_up_directions(scope[0].folded) and scope[0].term not in _CHANGES
        unbacked = (
            plain
            and not premise
            and not any(_is_backed(scope, words[at], other) for other in around)
        )
        if unbacked or (said >= _MIN_SAID and said > denied):
            found.append(Denial(words[at].folded, scope[0].folded, by_claim=True))
    for own, source in zip(stated, sources, strict=True):
        for at in find_negations(source):
            scope = _read_scope(own, at)
            if not scope:
                continue
            said, denied = _measure_said(scope, own[at], [words], idf)
            affirmed = any(_is_affirmed(scope, other, idf) for other in around)
            if said >= _MIN_SAID and said > denied and not affirmed:
                found.append(Denial(own[at].folded, scope[0].folded, by_claim=False))
    return found


def _is_other_figure(claim: str, word: ClauseWord, texts: Sequence[str]) -> bool:
    """Whether a word begins a figure that no text has."""
    own = [quantity for quantity in find_quantities(claim) if quantity.at == word.start]
    stated = [quantity for text in texts for quantity in find_quantities(text)]
    return bool(own) and not any_agrees(own[0], stated)


def _is_negation(words: Sequence[ClauseWord], at: int) -> bool:
    word = words[at].folded
    before = words[at - 1].folded if at else ""
    after = words[at + 1].folded if at + 1 < len(words) else ""
    if _denies(word):
        return (word, after) not in _IDIOMS and (before, word) not in _IDIOMS
    if words[at].term in _SPARING:
        # "Eliminates the need for labels" says that it needs none.
        return any(other.term in _NEEDS for other in words[at + 1 : at + 4])
    return word in ("fail", "fails", "failed", "failing") and after == "to"


def _read_scope(words: Sequence[ClauseWord], at: int) -> list[ClauseWord]:
    """Returns the next words with content of the negation's clause; names deny nothing.

    Of what is not said to be so, or not found to be, what is so is denied and not the saying.
    """
    scope: list[ClauseWord] = []
    clause, reach = words[at].clause, _REACH
    for place, word in enumerate(words[at + 1 :], 1):
        if word.folded == "that" and not scope:
            clause, reach = word.clause, place + _REACH
        if word.clause != clause or place > reach or len(scope) == _SCOPE_WORDS:
            break
        if word.term in _REPORTING and not scope:
            continue
        if word.term and not word.text[:1].isupper():
            scope.append(word)
    # What is not needed is what counts, however the need is put.
    return [word for word in scope if word.term not in _NEEDS] or scope


def _measure_said(
    scope: Sequence[ClauseWord],
    negation: ClauseWord,
    others: Sequence[Sequence[ClauseWord]],
    idf: Callable[[str], float],
) -> tuple[float, float]:
    """Returns how fully ``others`` say a denied phrase, and how fully they deny it, [0, 1]."""
    strict = _is_strict(negation)
    said = denied = 0.0
    for words in others:
        for start, word in enumerate(words):
            if word.term != scope[0].term:
                continue
            near = _measure_match(scope, words, start, idf)
            if _is_denied(words, start, strict=strict):
                denied = max(denied, near)
            else:
                said = max(said, near)
    return said, denied


def _is_backed(
    scope: Sequence[ClauseWord],
    negation: ClauseWord,
    words: Sequence[ClauseWord],
    least: int = 1,
) -> bool:
    """Whether ``words`` deny anything near ``least`` words of a denied phrase, however put."""
    denied = _collect_terms(scope)
    least = min(least, len(scope))
    for at, word in enumerate(words):
        if word.folded == FREE and at and words[at - 1].term in denied:
            return True
        if _denies(word.folded) or _may_deny(word.folded, _is_strict(negation)):
            near = words[max(at - _WIDE_REACH, 0) : at + _WIDE_REACH + 1]
            if len(denied & _collect_terms(near)) >= least:
                return True
    return False


def _collect_terms(words: Sequence[ClauseWord]) -> set[str]:
    """Returns the terms of ``words``, and of neighbours as one: "fine-tuning" is "finetuning"."""
    joined = (find_term(one.folded + other.folded) for one, other in pairwise(words))
    return {term for term in (*(word.term for word in words), *joined) if term}


def _is_opposed(denied: ClauseWord, word: ClauseWord) -> bool:
    """Whether a word is the denied one with a prefix that denies: 'unsupervised'."""
    stem = (denied.term or "")[:_SAME_STEM]
    return word.term is not None and word.term.startswith((f"un{stem}", f"non{stem}"))


def _is_strict(negation: ClauseWord) -> bool:
    return negation.folded in _OF_VERBS or negation.folded.endswith("n't")


def _measure_match(
    scope: Sequence[ClauseWord],
    words: Sequence[ClauseWord],
    start: int,
    idf: Callable[[str], float],
) -> float:
    """Returns how much of a phrase stands around ``words[start]``, [0, 1]."""
    around = {word.term for word in words[max(start - _REACH, 0) : start + _REACH + 1]}
    weights = [(idf(word.term), word.term in around) for word in scope if word.term]
    total = sum(weight for weight, _ in weights)
    return sum(weight for weight, met in weights if met) / total if total else 0.0


def _is_denied(words: Sequence[ClauseWord], at: int, *, strict: bool) -> bool:
    """Whether something near a word denies it.

    A negation counts wherever it is near, as in 'tested here, not there'. Words that may deny, as
    'avoid' or 'only', count within the clause, or before it in a list; ``strict`` takes those only
    that leave no doubt.
    """
    for other in range(max(at - _WIDE_REACH, 0), min(at + _REACH + 1, len(words))):
        word = words[other]
        same = word.clause == words[at].clause
        if other == at or not (same or at - other <= _REACH):
            continue
        if _denies(word.folded) and (other < at or word.folded in _OF_VERBS):
            return True
        near = same and -_REACH <= other - at <= _AFTER
        if _may_deny(word.folded, strict or not near) and (near or other < at):
            return True
    following = {word.folded for word in words[at + 1 : at + 3]}
    if FREE in {word.folded for word in words[at + 1 : at + 2]}:
        return True
    return bool(following & _DENIED_OBJECT) or _may_deny(words[at].folded, strict)


def _is_affirmed(
    scope: Sequence[ClauseWord], words: Sequence[ClauseWord], idf: Callable[[str], float]
) -> bool:
    """Whether ``words`` hold a denied phrase without any denial near it."""
    return any(
        word.term == scope[0].term
        and _measure_match(scope, words, at, idf) >= _MIN_SAID
        and not _is_denied(words, at, strict=False)
        for at, word in enumerate(words)
    )


def _denies(word: str) -> bool:
    """Whether a folded word is a negation."""
    return word in _NEGATORS or word.endswith("n't")


def _may_deny(word: str, strict: bool) -> bool:
    """Whether a folded word may say what a negation says, as 'avoid' or 'free'.

    With ``strict`` those that may as well say something else, as 'keep' or 'same', do not count.
    """
    if word == FREE:
        return False
    doubtless, doubtful = _index_near_negators()
    term = find_term(word)
    if word in doubtless or (term in doubtless and term is not None):
        return True
    return not strict and (word in doubtful or term in doubtful or word.startswith("un"))


@cache
def _index_near_negators() -> tuple[frozenset[str], frozenset[str]]:
    doubtless, doubtful = _WORDS["doubtless"], _WORDS["doubtful"]
    return (
        split_words(doubtless) | find_terms(doubtless),
        split_words(doubtful) | find_terms(doubtful),
    )
