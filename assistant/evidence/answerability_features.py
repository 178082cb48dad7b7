"""Numbers that say whether a library holds what a question asks for.

Most look at one paper, the one the question is most likely about: an answer that is not there
is seen by the asked-for attribute, name or kind of value that this paper does not mention.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.gathering import PaperEvidence, QuestionEvidence, ScoredEvidence
from assistant.evidence.quantities import find_numerals, states_value
from assistant.evidence.sentence_features import compute_focus_weights

ABSTENTION_FEATURES = (
    "best_dense",
    "paper_dense",
    "best_sentence_cosine",
    "coverage",
    "rarest_missing",
    "unknown_share",
    "names_missing",
    "names_unknown",
    "names_held",
    "numbers_missing",
    "focus_coverage",
    "focus_in_sentence",
    "focus_missing",
    "focus_rarity",
    "beyond_title_missing",
    "beyond_title_missing_in_sentence",
    "title_coverage",
    "weakest_clause",
    "answer_coverage",
    "paper_probability",
    "best_sentence_probability",
    "two_best_sentences_probability",
    "number_asked",
    "number_asked_not_stated",
    "value_coverage",
    "value_cosine_gap",
    "words_met",
    "words_met_in_sentence",
    "words_met_in_answer",
    "least_met_word",
    "least_met_name",
    "focus_met",
    "focus_met_in_sentence",
    "words_beyond_title_missing",
    "rare_terms_unknown",
    "common_terms_unknown",
    "any_rare_term_unknown",
    "rare_terms_known",
    "n_terms",
    "best_match",
    "match_odds",
)
RELEVANCE_FEATURES = (
    "best_dense",
    "paper_dense",
    "best_sentence_cosine",
    "coverage",
    "rarest_missing",
    "unknown_share",
    "names_missing",
    "words_met",
    "words_met_in_sentence",
    "least_met_word",
    "rare_terms_unknown",
    "common_terms_unknown",
    "any_rare_term_unknown",
    "rare_terms_known",
    "n_terms",
    "paper_probability",
    "match_odds",
)
"""Those that say whether a paper on the matter is there at all; the rest are of the answer."""

EMBEDDER_BOUND = frozenset(
    {"best_dense", "paper_dense", "best_sentence_cosine", "value_cosine_gap"}
)
"""Features on the scale of one embedder's cosines: no use for another's."""
N_ANSWER_SENTENCES = 4


def compute_abstention_features(scored: ScoredEvidence) -> NDArray[np.float64]:
    """Returns (len(ABSTENTION_FEATURES),) float64 for a question with at least one candidate."""
    evidence = scored.evidence
    question = evidence.question
    k = int(np.argmax(scored.papers))
    paper = evidence.papers[k]
    held, everything = paper.sentence_terms, paper.all_terms
    top = evidence.max_idf
    total = evidence.weigh(question.terms) or 1.0
    focus_total = evidence.weigh(question.focus) or 1.0
    names = question.name_terms
    rest = [stem for stem in question.terms if stem not in paper.title_terms]
    rest_total = evidence.weigh(rest)
    missing = [stem for stem in question.terms if stem not in everything]
    unknown = [stem for stem in question.terms if stem not in evidence.known]
    facts = np.sort(scored.sentences[k])[::-1]
    stated = set(find_numerals(" ".join(paper.texts)))
    value_coverage, value_gap, not_stated = _compute_value_features(evidence, paper, total)
    return np.array(
        [
            max(p.candidate.dense for p in evidence.papers),
            paper.candidate.dense,
            max(float(p.cosines.max()) for p in evidence.papers),
            1 - evidence.weigh(missing) / total,
            max((evidence.idf[stem] for stem in missing), default=0.0) / top,
            evidence.weigh(unknown) / total,
            evidence.weigh([s for s in names if s not in everything]) / top,
            evidence.weigh([s for s in names if s not in evidence.known]) / top,
            evidence.weigh([s for s in names if s in everything]) / total,
            len(question.numbers - stated),
            _weigh_held(evidence, question.focus, everything) / focus_total,
            max(_weigh_held(evidence, question.focus, s) for s in held) / focus_total,
            (evidence.weigh(question.focus) - _weigh_held(evidence, question.focus, everything))
            / top,
            evidence.weigh(question.focus) / max(len(question.focus), 1) / top,
            (rest_total - _weigh_held(evidence, rest, everything)) / top,
            (rest_total - max(_weigh_held(evidence, rest, s) for s in held)) / top,
            _weigh_held(evidence, question.terms, paper.title_terms) / total,
            min(
                (_compute_clause_coverage(evidence, c, everything) for c in question.clauses),
                default=0.0,
            ),
            _weigh_held(evidence, question.terms, _collect_answer_terms(scored, k)) / total,
            scored.papers[k],
            facts[0],
            facts[:2].sum(),
            "number" in question.asks,
            not_stated,
            value_coverage,
            value_gap,
            *_compute_word_features(scored, k),
            *_compute_rarity_features(evidence),
            0.0 if paper.matches is None else float(paper.matches.max()),
            paper.match_odds,
        ],
        dtype=np.float64,
    )


def _weigh_held(
    evidence: QuestionEvidence, stems: list[str] | tuple[str, ...], held: frozenset[str]
) -> float:
    return evidence.weigh([stem for stem in stems if stem in held])


def _compute_clause_coverage(
    evidence: QuestionEvidence, clause: tuple[str, ...], held: frozenset[str]
) -> float:
    return _weigh_held(evidence, clause, held) / (evidence.weigh(clause) or 1.0)


def _collect_answer_terms(scored: ScoredEvidence, k: int) -> frozenset[str]:
    """Returns the stems of the likeliest sentences of paper ``k``."""
    best = np.argsort(-scored.sentences[k], kind="stable")[:N_ANSWER_SENTENCES]
    held = scored.evidence.papers[k].sentence_terms
    return frozenset().union(*(held[i] for i in best.tolist()))


def _compute_word_features(scored: ScoredEvidence, k: int) -> list[float]:
    """Returns those from "words_met" on; all 0 where words have no vectors."""
    evidence = scored.evidence
    met, asked = evidence.papers[k].met, evidence.words
    if asked is None or met is None or not asked.weights.size:
        return [0.0] * 8
    weights = asked.weights / (asked.weights.sum() or 1.0)
    title, sentences, anywhere = met[:, 0], met[:, 1:], met.max(axis=1)
    best = np.argsort(-scored.sentences[k], kind="stable")[:N_ANSWER_SENTENCES]
    lacking = asked.weights * (1 - anywhere) / evidence.max_idf
    is_name = np.array([bool(stems & evidence.question.name_terms) for stems in asked.stems])
    focus = compute_focus_weights(evidence)
    beyond = weights * (1 - title)
    return [
        float(weights @ anywhere),
        float((weights @ sentences).max()),
        float(weights @ sentences[:, best].max(axis=1)),
        float(lacking.max()),
        float((lacking * is_name).max()),
        float(focus @ anywhere),
        float((focus @ sentences).max()),
        float(beyond @ (1 - sentences.max(axis=1))),
    ]


def _compute_rarity_features(evidence: QuestionEvidence) -> list[float]:
    """Returns shares of the asked terms, and the log of their number.

    A word that is no everyday English and that no paper has is what the question is about; an
    everyday one may be another word for what a paper says.
    """
    asked = set(evidence.question.terms)
    unknown = asked - evidence.known
    n = max(len(asked), 1)
    return [
        len(unknown & evidence.rare) / n,
        len(unknown - evidence.rare) / n,
        float(bool(unknown & evidence.rare)),
        len(evidence.rare & evidence.known) / n,
        float(np.log(n)),
    ]


def _compute_value_features(
    evidence: QuestionEvidence, paper: PaperEvidence, total: float
) -> tuple[float, float, float]:
    """Returns how well the sentences that state a value of the asked kind fit the question.

    That is: the best coverage among them, their best cosine less the paper's best (<= 0), and 1.0
    where a value is asked for and no sentence states one. All 0 where none is asked for.
    """
    question = evidence.question
    if question.value is None:
        return 0.0, 0.0, 0.0
    places = [
        i
        for i, text in enumerate(paper.texts)
        if states_value(text, question.value)
        and (not find_numerals(text) or set(find_numerals(text)) - question.numbers)
    ]
    lowest, highest = float(paper.cosines.min()), float(paper.cosines.max())
    if not places:
        return 0.0, lowest - highest, 1.0
    coverage = max(_weigh_held(evidence, question.terms, paper.sentence_terms[i]) for i in places)
    return coverage / total, float(paper.cosines[places].max()) - highest, 0.0
