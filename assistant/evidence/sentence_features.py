"""Numbers that say how well a paper, and each of its sentences, fits a question.

Each function returns one row a paper or sentence, its columns in the order of the names beside it.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.gathering import PaperEvidence, QuestionEvidence
from assistant.evidence.quantities import ValueKind, find_numerals, states_value
from assistant.evidence.question import find_names
from assistant.text.terms import extract_terms

PAPER_FEATURES = (
    "fused",
    "dense_z",
    "lexical_z",
    "lexical",
    "first",
    "reciprocal_rank",
    "best_sentence",
    "two_best_sentences",
    "coverage",
    "title_coverage",
    "window_coverage",
    "name_coverage",
    "title_name_coverage",
    "focus_coverage",
    "focus_in_sentence",
    "states_value",
    "words_met",
    "words_met_in_title",
    "words_met_in_sentence",
    "words_met_in_window",
    "focus_met",
    "match_odds",
    "title_coverage_if_broad",
    "words_met_in_title_if_broad",
)
SENTENCE_FEATURES = (
    "cosine",
    "cosine_in_paper",
    "is_nearest",
    "previous_cosine",
    "coverage",
    "coverage_in_paper",
    "coverage_beyond_title",
    "rare_coverage",
    "has_most",
    "neighbour_coverage",
    "clause_coverage",
    "focus_coverage",
    "first",
    "second",
    "last",
    "place",
    "length",
    "short_paper",
    "has_number",
    "number_asked_and_stated",
    "value_asked_and_stated",
    "names_asked_and_new",
    "name_asked_and_new",
    "reason_asked_and_given",
    "late_and_number_asked",
    "words_met",
    "words_met_in_paper",
    "words_met_beyond_title",
    "words_met_here_only",
    "focus_met",
    "clause_met",
    "match",
)
_REASON = re.compile(
    r"\b(?:because|since|so that|due to|as|therefore|thus|hence|but|however|although)\b", re.I
)
_MANY_NAMES = 4


def compute_paper_features(evidence: QuestionEvidence) -> NDArray[np.float64]:
    """Returns (n_papers, len(PAPER_FEATURES)) float64, in the order of the candidates."""
    question = evidence.question
    total = evidence.weigh(question.terms) or 1.0
    focus_total = evidence.weigh(question.focus) or 1.0
    names = question.name_terms
    rows = []
    for rank, paper in enumerate(evidence.papers):
        candidate, held = paper.candidate, paper.sentence_terms
        nearest = np.sort(paper.cosines_z)[::-1]
        windows = [a | b for a, b in zip(held, (*held[1:], frozenset()), strict=True)]
        rows.append(
            [
                candidate.score,
                candidate.dense_z,
                candidate.lexical_z,
                candidate.lexical / total,
                rank == 0,
                1 / (rank + 1),
                nearest[0],
                nearest[:2].mean(),
                _compute_share(evidence, question.terms, paper.all_terms, total),
                _compute_share(evidence, question.terms, paper.title_terms, total),
                max(_compute_share(evidence, question.terms, window, total) for window in windows),
                _compute_share(evidence, names, paper.all_terms, total),
                _compute_share(evidence, names, paper.title_terms, total),
                _compute_share(evidence, question.focus, paper.all_terms, focus_total),
                max(_compute_share(evidence, question.focus, s, focus_total) for s in held),
                question.value is not None
                and any(
                    _states_new_value(text, question.value, question.numbers)
                    for text in paper.texts
                ),
                *_compute_paper_word_features(evidence, paper),
                paper.match_odds,
            ]
        )
    found = np.asarray(rows, dtype=np.float64).reshape(len(rows), len(PAPER_FEATURES) - 2)
    in_title = [PAPER_FEATURES.index(name) for name in ("title_coverage", "words_met_in_title")]
    return np.concatenate([found, found[:, in_title] * question.broad], axis=1)


def compute_sentence_features(
    evidence: QuestionEvidence, paper: PaperEvidence
) -> NDArray[np.float64]:
    """Returns (n_sentences, len(SENTENCE_FEATURES)) float64 for one candidate of ``evidence``."""
    question = evidence.question
    asked, held = question.terms, paper.sentence_terms
    n = len(held)
    total = evidence.weigh(asked) or 1.0
    focus_total = evidence.weigh(question.focus) or 1.0
    coverage = np.array([_compute_share(evidence, asked, s, total) for s in held])
    rest = [stem for stem in asked if stem not in paper.title_terms]
    rest_total = evidence.weigh(rest) + evidence.max_idf
    rare = _compute_rare_coverage(evidence, paper)
    clauses = [(c, evidence.weigh(c) + evidence.max_idf) for c in question.clauses]
    numbers = np.array([bool(set(find_numerals(text)) - question.numbers) for text in paper.texts])
    values = np.array(
        [
            question.value is not None and _states_new_value(text, question.value, question.numbers)
            for text in paper.texts
        ]
    )
    title_names = {name for name, _ in _find_names(paper.candidate.paper.title)}
    new_names = np.array(
        [
            sum(
                name not in title_names and not stems <= set(asked)
                for name, stems in _find_names(text)
            )
            for text in paper.texts
        ]
    ).clip(max=_MANY_NAMES)
    reasons = np.array([_gives_reason(text) for text in paper.texts])
    place = np.arange(n) / max(n - 1, 1)
    number_asked, name_asked = "number" in question.asks, "name" in question.asks
    columns = (
        paper.cosines_z,
        paper.cosines_z - paper.cosines_z.mean(),
        paper.cosines_z == paper.cosines_z.max(),
        np.r_[0.0, (paper.cosines_z - paper.cosines_z.mean())[:-1]],
        coverage,
        coverage - coverage.mean(),
        [evidence.weigh([t for t in rest if t in s]) / rest_total for s in held],
        rare,
        (rare == rare.max()) & (rare > 0),
        _take_higher_neighbour(rare),
        [max((_compute_share(evidence, c, s, w) for c, w in clauses), default=0.0) for s in held],
        [_compute_share(evidence, question.focus, s, focus_total) for s in held],
        np.arange(n) == 0,
        np.arange(n) == 1,
        np.arange(n) == n - 1,
        place,
        np.log([max(len(s), 1) for s in held]),
        np.full(n, 1 / n),
        numbers,
        numbers & number_asked,
        values,
        new_names * name_asked,
        (new_names > 0) & name_asked,
        reasons & ("reason" in question.asks),
        place * number_asked,
        *_compute_sentence_word_features(evidence, paper),
        np.zeros(n) if paper.matches is None else paper.matches,
    )
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def _compute_paper_word_features(evidence: QuestionEvidence, paper: PaperEvidence) -> list[float]:
    """Returns the five of PAPER_FEATURES from "words_met"; all 0 where words have no vectors."""
    if evidence.words is None or paper.met is None:
        return [0.0] * 5
    weights = _normalise(evidence.words.weights)
    title, sentences = paper.met[:, 0], paper.met[:, 1:]
    following = np.c_[sentences[:, 1:], np.zeros(len(weights))]
    return [
        float(weights @ paper.met.max(axis=1)),
        float(weights @ title),
        float((weights @ sentences).max()),
        float((weights @ np.maximum(sentences, following)).max()),
        float(compute_focus_weights(evidence) @ paper.met.max(axis=1)),
    ]


def _compute_sentence_word_features(
    evidence: QuestionEvidence, paper: PaperEvidence
) -> list[NDArray[np.float64]]:
    """Returns the six of SENTENCE_FEATURES from "words_met"; all 0 where words have no vectors."""
    n = len(paper.texts)
    if evidence.words is None or paper.met is None or not len(evidence.words.weights):
        return [np.zeros(n)] * 6
    weights = _normalise(evidence.words.weights)
    title, sentences = paper.met[:, :1], paper.met[:, 1:]
    covered = weights @ sentences
    spread = sentences - sentences.mean(axis=1, keepdims=True)
    clauses = [
        _normalise(
            evidence.words.weights * [bool(stems & set(clause)) for stems in evidence.words.stems]
        )
        for clause in evidence.question.clauses
    ]
    return [
        covered,
        covered - covered.mean(),
        weights @ np.maximum(sentences - title, 0.0),
        weights @ np.maximum(spread, 0.0),
        compute_focus_weights(evidence) @ sentences,
        np.max([clause @ spread for clause in clauses], axis=0) if clauses else np.zeros(n),
    ]


def compute_focus_weights(evidence: QuestionEvidence) -> NDArray[np.float64]:
    """Returns each asked word's share of what is asked for, (n_asked_words,); all 0 if nothing."""
    assert evidence.words is not None
    focus = set(evidence.question.focus)
    return _normalise(
        evidence.words.weights * [bool(stems & focus) for stems in evidence.words.stems]
    )


def _normalise(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return weights / (weights.sum() or 1.0)


def _compute_share(
    evidence: QuestionEvidence,
    stems: tuple[str, ...] | frozenset[str],
    held: frozenset[str],
    total: float,
) -> float:
    """Returns the idf of those ``stems`` that are ``held``, as a share of ``total``."""
    return evidence.weigh([stem for stem in stems if stem in held]) / total


def _compute_rare_coverage(evidence: QuestionEvidence, paper: PaperEvidence) -> NDArray[np.float64]:
    """Returns coverage where a term counts less the more of the paper's sentences hold it.

    A term in every sentence of the paper does not tell its sentences apart.
    """
    held, n = paper.sentence_terms, len(paper.sentence_terms)
    weights = {}
    for stem in evidence.question.terms:
        count = sum(stem in s for s in held)
        if count:
            weights[stem] = evidence.idf[stem] * (1 - (count - 1) / n)
    total = sum(weights.values()) + evidence.max_idf
    return np.array([sum(w for stem, w in weights.items() if stem in s) / total for s in held])


def _take_higher_neighbour(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns for each place the higher value of the places before and after it, else 0."""
    higher: NDArray[np.float64] = np.maximum(np.r_[0.0, values[:-1]], np.r_[values[1:], 0.0])
    return higher


def _states_new_value(text: str, kind: ValueKind, known: frozenset[str]) -> bool:
    """Returns whether ``text`` states a value of ``kind``, not only numbers the question has."""
    found = set(find_numerals(text))
    return states_value(text, kind) and (not found or bool(found - known))


@lru_cache(maxsize=20_000)
def _gives_reason(text: str) -> bool:
    return _REASON.search(text) is not None


@lru_cache(maxsize=20_000)
def _find_names(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Returns the names in ``text``, each with its stems."""
    return tuple((name, frozenset(extract_terms(name))) for name in find_names(text))
