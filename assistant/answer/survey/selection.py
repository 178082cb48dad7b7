"""Questions over the library as a whole: which of its papers belong, each with its own words.

"Which papers ...?" and "How many papers ...?" are answered by every candidate that a linear model
finds likely enough, for itself and beside the likeliest, not by a fixed number of them. The same
model chooses the two or three papers that a comparison is of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answer.survey.criterion import Criterion, find_criterion
from assistant.answer.survey.features import (
    SURVEY_FEATURES,
    compute_sentence_coverage,
    compute_survey_features,
)
from assistant.answer.survey.recognition import asks_for_number, asks_for_papers
from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.injection import flag_instructions
from assistant.evidence.linear_model import WITHOUT_WORDS, LinearModel, load_model, logistic
from assistant.evidence.question import QuestionAnalysis
from assistant.types import Paper, SentenceSpan

WEIGHTS = "survey.json"
"""Source: fitted on every second question of golden/own_survey.jsonl by evals/lab/survey.py."""

SURVEY_TOP_K = 50
"""Papers judged. Source: measured, evals/lab/survey.py, held out: of the papers that must be in the
answer 81 % are among the first 10, 91 % among 30, 93 % among 50 and 96 % among 100."""

MIN_PROBABILITY = 0.2
MIN_SHARE_OF_BEST = 0.3
"""A paper is included from this probability on, and from this share of the likeliest one's.
Source: measured on folds, evals/lab/survey.py; .15 to .25 and .3 to .4 are alike."""

COMPARED_SENTENCES = 6
"""Sentences of a comparison, shared out evenly. Source: measured, evals/lab/survey.py: with 4 it
holds .48 of the facts of such questions, with 6 .63."""


@dataclass(frozen=True, slots=True)
class IncludedPaper:
    """A paper that belongs in the answer.

    ``spans`` are sentences of it in their order: the one that shows that it belongs and, where a
    detail is asked for, the likeliest to state it; of a paper compared with another, up to three.
    ``probability`` in [0, 1] is that the paper belongs.
    """

    paper: Paper
    spans: tuple[SentenceSpan, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Survey:
    """The papers that belong, likeliest first.

    ``n_judged`` counts the candidates that were judged one by one, ``n_searched`` all abstracts
    that were searched for them.
    """

    included: tuple[IncludedPaper, ...]
    n_judged: int
    n_searched: int


def load_survey_model(with_words: bool = True) -> LinearModel:
    """Returns the model that comes with the package, for evidence with or without word vectors."""
    return load_model(WEIGHTS, "belongs" + ("" if with_words else WITHOUT_WORDS), SURVEY_FEATURES)


def survey_papers(
    scored: ScoredEvidence,
    n_searched: int,
    threshold: float = MIN_PROBABILITY,
    share_of_best: float = MIN_SHARE_OF_BEST,
    model: LinearModel | None = None,
) -> Survey:
    """Returns which candidates of ``scored`` belong in the answer; none, where none is likely.

    A paper needs a probability of ``threshold`` and of ``share_of_best`` times the highest; it
    is left out where all of its sentences are instructions to their reader.
    """
    evidence = scored.evidence
    wanted = find_criterion(evidence.question)
    probabilities = estimate_belonging(scored, wanted, model)
    least = max(threshold, share_of_best * float(probabilities.max(initial=0.0)))
    order = np.argsort(-probabilities, kind="stable").tolist()
    included = [
        one
        for k in order
        if probabilities[k] >= least
        and (one := include_paper(scored, k, wanted, float(probabilities[k]))) is not None
    ]
    return Survey(tuple(included), len(evidence.papers), n_searched)


def compare_papers(
    scored: ScoredEvidence,
    n_searched: int,
    max_sentences: int = COMPARED_SENTENCES,
    model: LinearModel | None = None,
) -> Survey:
    """Returns the papers that a comparison is of, as many as its question says, else two.

    They are the likeliest, however likely, with their likeliest sentences.
    """
    question = scored.evidence.question
    probabilities = estimate_belonging(scored, find_criterion(question), model)
    n_papers = min(question.n_papers or 2, max_sentences)
    included: list[IncludedPaper] = []
    for k in np.argsort(-probabilities, kind="stable").tolist():
        if len(included) == n_papers:
            break
        places = _rank_sentences(scored, k)[: max_sentences // n_papers]
        if places:
            included.append(_make_included(scored, k, places, float(probabilities[k])))
    return Survey(tuple(included), len(scored.evidence.papers), n_searched)


def estimate_belonging(
    scored: ScoredEvidence, wanted: Criterion, model: LinearModel | None = None
) -> NDArray[np.float64]:
    """Returns the probability that each candidate meets ``wanted``, (n_papers,) in [0, 1]."""
    model = model or load_survey_model(scored.evidence.words is not None)
    return logistic(model.score(compute_survey_features(scored.evidence, wanted)))


def estimate_answerability(found: Survey, relevance: float) -> float:
    """Returns how likely the library holds what a survey asks for, [0, 1], higher is likelier.

    The geometric mean of the probability of the likeliest paper and of ``relevance``, which
    ``assistant.evidence.answerability`` gives the question; 0 where no paper is included.
    Source: measured, evals/lab/survey.py, held out: at .25 it declines 2 of 73 surveys that have an
    answer and answers 1 of 13 that have none; the latter alone declines 8 and answers none.
    """
    best = max((one.probability for one in found.included), default=0.0)
    return math.sqrt(best * relevance)


def format_heading(found: Survey, question: QuestionAnalysis) -> str:
    """Returns the line above the papers: how many were found, of how many abstracts searched.

    It adds that there may be more where a number is asked for, as only candidates were judged,
    and where so many of these belong that others will, too.
    """
    n = len(found.included)
    of = f"of {found.n_searched:,} abstract{'' if found.n_searched == 1 else 's'}"
    if not n:
        return f"None {of} was found to match."
    verb = "was" if n == 1 else "were"
    unjudged = found.n_searched > found.n_judged and n > found.n_judged / 2
    more = "; there may be more" if unjudged or asks_for_number(question) else ""
    return f"{n:,} {of} {verb} found to match{more}:"


def include_paper(
    scored: ScoredEvidence,
    k: int,
    wanted: Criterion,
    probability: float,
    shown_by: int | None = None,
) -> IncludedPaper | None:
    """Returns candidate ``k`` with one or two sentences; None where none of it may be quoted.

    ``shown_by`` is the place of the sentence that shows that it belongs, where that is known.
    """
    evidence, paper = scored.evidence, scored.evidence.papers[k]
    allowed = _rank_sentences(scored, k)
    if not allowed:
        return None
    if shown_by is None:
        met = np.max(
            [compute_sentence_coverage(evidence, paper, s) for s in wanted.alternatives], axis=0
        )
        shown_by = max(allowed, key=lambda i: scored.sentences[k][i] + met[i])
    places = [shown_by]
    if wanted.detail or not asks_for_papers(evidence.question):
        places += [i for i in allowed if i != shown_by][:1]
    return _make_included(scored, k, places, probability)


def _rank_sentences(scored: ScoredEvidence, k: int) -> list[int]:
    """Returns the sentences of candidate ``k`` that may be quoted, the likeliest answer first."""
    candidate = scored.evidence.papers[k].candidate
    spans = [(span.start, span.end) for span in candidate.spans]
    flags = flag_instructions(candidate.paper.abstract, spans)
    ranked = np.argsort(-scored.sentences[k], kind="stable").tolist()
    return [i for i in ranked if not flags[i]]


def _make_included(
    scored: ScoredEvidence, k: int, places: list[int], probability: float
) -> IncludedPaper:
    candidate = scored.evidence.papers[k].candidate
    return IncludedPaper(
        candidate.paper, tuple(candidate.spans[i] for i in sorted(places)), probability
    )
