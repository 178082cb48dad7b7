"""Numbers that say whether a paper belongs in a whole-library answer.

Several papers may belong, or none: beside how well each meets the criterion, they say how near it
comes to the best of the candidates, and how good that best one is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.answer.survey.criterion import Criterion
from assistant.evidence.gathering import PaperEvidence, QuestionEvidence

_OWN = (
    "coverage",
    "coverage_in_title",
    "coverage_in_sentence",
    "coverage_in_window",
    "rarest_held",
    "dense_z",
    "best_sentence",
    "met",
    "met_in_title",
    "met_in_sentence",
    "met_in_window",
    "met_on_average",
    "least_met",
    "rarest_met",
)
_TO_BEST = (
    "coverage",
    "coverage_in_window",
    "met",
    "met_in_title",
    "met_in_sentence",
    "met_in_window",
    "met_on_average",
)
_BELOW_BEST = ("dense_z", "best_sentence")
_OF_QUESTION = ("coverage", "met_in_window")
SURVEY_FEATURES = (
    *_OWN,
    *(f"{name}_to_best" for name in _TO_BEST),
    "lexical_to_best",
    *(f"{name}_below_best" for name in _BELOW_BEST),
    *(f"best_{name}" for name in _OF_QUESTION),
    "coverage_of_all",
    "met_of_all",
)


def compute_survey_features(evidence: QuestionEvidence, wanted: Criterion) -> NDArray[np.float64]:
    """Returns (n_papers, len(SURVEY_FEATURES)) float64, in the order of the candidates.

    Where one alternative of the criterion is enough, each of a paper's own features is that of
    the alternative it meets best; the last two are of all alternatives together.
    """
    n = len(evidence.papers)
    if not n:
        return np.zeros((0, len(SURVEY_FEATURES)))
    ways = np.array(
        [
            [_compute_own(evidence, p, stems) for stems in wanted.alternatives]
            for p in evidence.papers
        ]
    )
    own = ways.max(axis=1)
    whole = own
    if len(wanted.alternatives) > 1:
        whole = np.array([_compute_own(evidence, p, wanted.stems) for p in evidence.papers])
    lexical = np.array([[paper.candidate.lexical] for paper in evidence.papers])
    best = own.max(axis=0)
    return np.concatenate(
        [
            own,
            _divide_by_best(own[:, _find_places(_TO_BEST)]),
            _divide_by_best(lexical),
            (own - best)[:, _find_places(_BELOW_BEST)],
            np.tile(best[_find_places(_OF_QUESTION)], (n, 1)),
            whole[:, _find_places(("coverage", "met"))],
        ],
        axis=1,
    )


def compute_sentence_coverage(
    evidence: QuestionEvidence, paper: PaperEvidence, stems: frozenset[str]
) -> NDArray[np.float64]:
    """Returns how far each sentence of ``paper`` says ``stems``, (n_sentences,) in [0, 1].

    The mean of the share of their idf that it holds and of how well it meets them by meaning;
    the former alone where words have no vectors. All 0 without stems.
    """
    held = np.array([_compute_coverage(evidence, stems, s) for s in paper.sentence_terms])
    if evidence.words is None or paper.met is None or not stems:
        return held
    met: NDArray[np.float64] = _compute_word_weights(evidence, stems) @ paper.met[:, 1:]
    return (held + met) / 2


def _compute_own(
    evidence: QuestionEvidence, paper: PaperEvidence, stems: frozenset[str]
) -> list[float]:
    """Returns the features ``_OWN`` of one paper; those by meaning are 0 without word vectors."""
    held = paper.sentence_terms
    windows = [a | b for a, b in zip(held, (*held[1:], frozenset()), strict=True)]
    rarest = max(stems, key=lambda stem: (evidence.idf.get(stem, 0.0), stem), default=None)
    return [
        _compute_coverage(evidence, stems, paper.all_terms),
        _compute_coverage(evidence, stems, paper.title_terms),
        max(_compute_coverage(evidence, stems, sentence) for sentence in held),
        max(_compute_coverage(evidence, stems, window) for window in windows),
        float(rarest in paper.all_terms),
        paper.candidate.dense_z,
        float(paper.cosines_z.max()),
        *_compute_own_by_meaning(evidence, paper, stems),
    ]


def _compute_own_by_meaning(
    evidence: QuestionEvidence, paper: PaperEvidence, stems: frozenset[str]
) -> tuple[float, ...]:
    if evidence.words is None or paper.met is None:
        return (0.0,) * 7
    weights = _compute_word_weights(evidence, stems)
    asked = weights > 0
    if not asked.any():
        return (0.0,) * 7
    title, sentences = paper.met[:, 0], paper.met[:, 1:]
    following = np.c_[sentences[:, 1:], np.zeros(len(weights))]
    anywhere = paper.met.max(axis=1)
    in_sentences = weights @ sentences
    return (
        float(weights @ anywhere),
        float(weights @ title),
        float(in_sentences.max()),
        float((weights @ np.maximum(sentences, following)).max()),
        float(in_sentences.mean()),
        float(anywhere[asked].min()),
        float(anywhere[int(np.argmax(weights))]),
    )


def _compute_coverage(
    evidence: QuestionEvidence, stems: frozenset[str], held: frozenset[str]
) -> float:
    """Returns the share of the idf of ``stems`` that is ``held``, [0, 1]; 0 without stems."""
    total = evidence.weigh(stems)
    return evidence.weigh(stems & held) / total if total else 0.0


def _compute_word_weights(evidence: QuestionEvidence, stems: frozenset[str]) -> NDArray[np.float64]:
    """Returns each asked word's share of ``stems``, (n_asked_words,), summing to 1 or 0."""
    assert evidence.words is not None
    named = [not stems.isdisjoint(found) for found in evidence.words.stems]
    weights: NDArray[np.float64] = evidence.words.weights * np.array(named, dtype=bool)
    shares: NDArray[np.float64] = weights / (weights.sum() or 1.0)
    return shares


def _find_places(names: tuple[str, ...]) -> list[int]:
    return [_OWN.index(name) for name in names]


def _divide_by_best(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns each column as a share of its highest value; 0 where that is 0."""
    best = columns.max(axis=0)
    return columns / np.where(best > 0, best, 1.0)
