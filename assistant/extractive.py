"""A question and its best papers -> one to four verbatim sentences that answer it.

Two linear models judge the evidence: which of the papers the question is about, and which
sentences of such a paper state what is asked. Sentences are then taken one by one where they add
most: while the paper is in doubt, the runner-up's best sentence is worth more than a fourth one
of the favourite.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence, Judged
from assistant.extraction_features import (
    PAPER_FEATURES,
    SENTENCE_FEATURES,
    paper_features,
    sentence_features,
)
from assistant.instructions import instruction_flags
from assistant.linear_model import WITHOUT_WORDS, LinearModel, load_model, logistic, softmax
from assistant.types import Citation, Paper, Sentence, SentenceSpan

WEIGHTS = "extractive.json"
"""Source: fitted on the golden questions by evals/fit_extractive.py."""

MAX_SENTENCES = 4
CITED_PAPER_GAIN = 0.6
"""What a first sentence of a paper gains beyond its own worth: the paper is then cited.
Source: measured on held-out folds, evals/answers.py: from 0 to 0.6 the right paper is cited in
82 then 85 % of the described questions, with as many facts held; 1 loses facts."""

MIN_GAIN = 0.05
"""A further sentence must promise at least this share of the first one's gain.
Source: measured on held-out folds, evals/answers.py: at .05 answers to named questions have 3.2
sentences in place of 4 and as many facts; at .1 2.4 and 1 % fewer, at .2 1.7 and 5 to 11 % less."""

DUPLICATE_COSINE = 0.95
"""Sentences this alike say the same; the lesser one is dropped."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A sentence chosen for the answer.

    ``score`` in [0, 1] is the probability that it states what is asked: that of its paper times
    that of the sentence in it.
    """

    row: int
    paper: Paper
    span: SentenceSpan
    score: float


@dataclass(frozen=True, slots=True)
class Models:
    """The two linear models of extraction."""

    paper: LinearModel
    sentence: LinearModel


def shipped_models(with_words: bool = True) -> Models:
    """Returns the models that come with the package, for evidence with or without word vectors."""
    suffix = "" if with_words else WITHOUT_WORDS
    return Models(
        load_model(WEIGHTS, "paper" + suffix, PAPER_FEATURES),
        load_model(WEIGHTS, "sentence" + suffix, SENTENCE_FEATURES),
    )


def judge(evidence: Evidence, models: Models | None = None) -> Judged:
    """Returns the probabilities that each paper is asked about and each sentence answers."""
    models = models or shipped_models(evidence.words is not None)
    return Judged(
        evidence=evidence,
        papers=softmax(models.paper.scores(paper_features(evidence))),
        sentences=tuple(
            logistic(models.sentence.scores(sentence_features(evidence, paper)))
            for paper in evidence.papers
        ),
    )


def select_sentences(
    judged: Judged, max_sentences: int = MAX_SENTENCES, min_gain: float = MIN_GAIN
) -> tuple[Selected, ...]:
    """Returns at most ``max_sentences`` sentences: papers best first, each in its own order.

    At least one is chosen where any candidate has a sentence that is not an instruction to its
    reader; such sentences are never chosen.
    """
    question = judged.evidence.question
    pool = _pool(judged)
    if question.several:
        n_papers = min(question.n_papers or max_sentences, max_sentences)
        chosen = _from_several(judged, pool, max_sentences, n_papers)
    else:
        chosen = _by_gain(judged, pool, max_sentences, min_gain)
    order = {k: place for place, k in enumerate(np.argsort(-judged.papers, kind="stable").tolist())}
    chosen.sort(key=lambda choice: (order[choice[0]], choice[1]))
    return tuple(_selected(judged, k, i) for k, i in chosen)


def quote(paper: Paper, span: SentenceSpan, label: str) -> Sentence:
    """Returns ``span`` of ``paper`` as a sentence of an answer that cites itself as ``label``."""
    text = paper.abstract[span.start : span.end]
    citation = Citation(
        label=label,
        paper_id=paper.paper_id,
        title=paper.title,
        quote=text,
        start=span.start,
        end=span.end,
        sentence=span.number,
    )
    return Sentence(text=text, verdict="verbatim", score=1.0, citations=(citation,))


def _pool(judged: Judged) -> list[tuple[int, int]]:
    """Returns the (paper, sentence) places that may be quoted."""
    places = []
    for k, paper in enumerate(judged.evidence.papers):
        candidate = paper.candidate
        spans = [(span.start, span.end) for span in candidate.spans]
        flags = instruction_flags(candidate.paper.abstract, spans)
        places += [(k, i) for i, flagged in enumerate(flags) if not flagged]
    return places


def _by_gain(
    judged: Judged, pool: list[tuple[int, int]], budget: int, min_gain: float
) -> list[tuple[int, int]]:
    """Returns up to ``budget`` places, each the one that adds most to those before it."""
    chosen: list[tuple[int, int]] = []
    cited: set[int] = set()
    first_gain = 0.0
    left = list(pool)
    while left and len(chosen) < budget:
        gains = [
            judged.papers[k] * (judged.sentences[k][i] + CITED_PAPER_GAIN * (k not in cited))
            for k, i in left
        ]
        best = int(np.argmax(gains))
        first_gain = first_gain or gains[best]
        if gains[best] < min_gain * first_gain:
            break
        place = left.pop(best)
        if not _repeats(judged, place, chosen):
            chosen.append(place)
            cited.add(place[0])
    return chosen


def _from_several(
    judged: Judged, pool: list[tuple[int, int]], budget: int, n_papers: int
) -> list[tuple[int, int]]:
    """Returns the best sentences of the ``n_papers`` best papers, shared out evenly."""
    chosen: list[tuple[int, int]] = []
    ranked = np.argsort(-judged.papers, kind="stable")[:n_papers].tolist()
    by_paper = {
        k: sorted((i for kk, i in pool if kk == k), key=lambda i: -judged.sentences[k][i])
        for k in ranked
    }
    for turn in range(budget):
        for k in ranked:
            if len(chosen) == budget:
                return chosen
            if turn < len(by_paper[k]) and not _repeats(judged, (k, by_paper[k][turn]), chosen):
                chosen.append((k, by_paper[k][turn]))
    return chosen


def _repeats(judged: Judged, place: tuple[int, int], chosen: list[tuple[int, int]]) -> bool:
    """Returns whether the sentence at ``place`` says what one of ``chosen`` says already."""
    vector = _vector(judged, place)
    return any(float(vector @ _vector(judged, other)) >= DUPLICATE_COSINE for other in chosen)


def _vector(judged: Judged, place: tuple[int, int]) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = judged.evidence.papers[place[0]].candidate.vectors[place[1]]
    return vector


def _selected(judged: Judged, k: int, i: int) -> Selected:
    candidate = judged.evidence.papers[k].candidate
    score = float(judged.papers[k] * judged.sentences[k][i])
    return Selected(candidate.row, candidate.paper, candidate.spans[i], score)
