"""Negations that a claim has and its sources have not, and the reverse.

A negation is read with its scope, the next words with content of its clause. The claim departs
from its sources where the same words stand in one of them denied and in the other not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.grounding.clause_words import (
    FREE,
    ClauseWord,
    find_term,
    find_terms,
    read_words,
    simplify_text,
)
from assistant.grounding.polarity.opposites import look_up_directions
from assistant.grounding.polarity.statements import REACH, WIDE_REACH, Statements, collect_terms
from assistant.grounding.quantities import find_quantities
from assistant.grounding.quantity_index import QuantityIndex
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

_AFTER = 5
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
    said_by_sources, said_around = (
        _read_statements(stated),
        _read_statements([read_words(text) for text in context]),
    )
    said_by_claim = _read_statements([words])
    figures = QuantityIndex(one for text in context for one in find_quantities(text))
    found = []
    for at in find_negations(claim):
        scope = _read_scope(words, at)
        if not scope or words[at].folded == "neither":
            continue
        if _is_other_figure(claim, scope[0], figures):
            continue  # "Not 16 days": figures are looked for by themselves.
        if _is_opposed(scope[0], said_around):
            continue
        premise = all(word.term in asked for word in scope)
        if premise and _is_backed(scope, words[at], said_around, _MIN_DENIED):
            continue
        said, denied = _measure_said(scope, words[at], said_by_sources, idf)
        denied = max(denied, _measure_said(scope, words[at], said_around, idf)[1])
        # "Does not degrade" is as good as "keeps": what points somewhere is the directions' matter.
        plain = not look_up_directions(scope[0].folded) and scope[0].term not in _CHANGES
        unbacked = plain and not premise and not _is_backed(scope, words[at], said_around)
        if unbacked or (said >= _MIN_SAID and said > denied):
            found.append(Denial(words[at].folded, scope[0].folded, by_claim=True))
    for own, source in zip(stated, sources, strict=True):
        for at in find_negations(source):
            scope = _read_scope(own, at)
            if not scope:
                continue
            said, denied = _measure_said(scope, own[at], said_by_claim, idf)
            if said < _MIN_SAID or said <= denied:
                continue
            if not _is_affirmed(scope, said_around, idf):
                found.append(Denial(own[at].folded, scope[0].folded, by_claim=False))
    return found


def _read_statements(texts: Sequence[Sequence[ClauseWord]]) -> Statements:
    return Statements(texts, _denies_near, _is_denied)


def _is_other_figure(claim: str, word: ClauseWord, figures: QuantityIndex) -> bool:
    """Whether a word begins a figure that is none of ``figures``."""
    own = next((one for one in find_quantities(claim) if one.at == word.start), None)
    return own is not None and not figures.holds(own)


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
    clause, reach = words[at].clause, REACH
    for place, word in enumerate(words[at + 1 :], 1):
        if word.folded == "that" and not scope:
            clause, reach = word.clause, place + REACH
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
    statements: Statements,
    idf: Callable[[str], float],
) -> tuple[float, float]:
    """Returns how fully texts say a denied phrase, and how fully they deny it, [0, 1]."""
    said = denied = 0.0
    for around, is_denied in statements.find_occurrences(
        scope[0].term, strict=_is_strict(negation)
    ):
        near = _measure_match(scope, around, idf)
        if is_denied:
            denied = max(denied, near)
        else:
            said = max(said, near)
    return said, denied


def _is_backed(
    scope: Sequence[ClauseWord], negation: ClauseWord, statements: Statements, least: int = 1
) -> bool:
    """Whether texts deny anything near ``least`` words of a denied phrase, however put."""
    terms = collect_terms(scope)
    return statements.deny_near(terms, min(least, len(scope)), strict=_is_strict(negation))


def _is_opposed(denied: ClauseWord, statements: Statements) -> bool:
    """Whether texts have the denied word with a prefix that denies: 'unsupervised'."""
    stem = (denied.term or "")[:_SAME_STEM]
    return any(statements.have_beginning(prefix + stem) for prefix in ("un", "non"))


def _is_strict(negation: ClauseWord) -> bool:
    return negation.folded in _OF_VERBS or negation.folded.endswith("n't")


def _measure_match(
    scope: Sequence[ClauseWord], around: Collection[str | None], idf: Callable[[str], float]
) -> float:
    """Returns how much of a phrase is among the terms ``around`` a word, [0, 1]."""
    weights = [(idf(word.term), word.term in around) for word in scope if word.term]
    total = sum(weight for weight, _ in weights)
    return sum(weight for weight, met in weights if met) / total if total else 0.0


def _is_denied(words: Sequence[ClauseWord], at: int, strict: bool) -> bool:
    """Whether something near a word denies it.

    A negation counts wherever it is near, as in 'tested here, not there'. Words that may deny, as
    'avoid' or 'only', count within the clause, or before it in a list; ``strict`` takes those only
    that leave no doubt.
    """
    for other in range(max(at - WIDE_REACH, 0), min(at + REACH + 1, len(words))):
        word = words[other]
        same = word.clause == words[at].clause
        if other == at or not (same or at - other <= REACH):
            continue
        if _denies(word.folded) and (other < at or word.folded in _OF_VERBS):
            return True
        near = same and -REACH <= other - at <= _AFTER
        if _may_deny(word.folded, strict or not near) and (near or other < at):
            return True
    following = {word.folded for word in words[at + 1 : at + 3]}
    if FREE in {word.folded for word in words[at + 1 : at + 2]}:
        return True
    return bool(following & _DENIED_OBJECT) or _may_deny(words[at].folded, strict)


def _is_affirmed(
    scope: Sequence[ClauseWord], statements: Statements, idf: Callable[[str], float]
) -> bool:
    """Whether texts hold a denied phrase without any denial near it."""
    return any(
        not is_denied and _measure_match(scope, around, idf) >= _MIN_SAID
        for around, is_denied in statements.find_occurrences(scope[0].term, strict=False)
    )


def _denies_near(word: str, strict: bool) -> bool:
    return _denies(word) or _may_deny(word, strict)


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
