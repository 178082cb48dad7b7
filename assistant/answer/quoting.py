"""A question and its best papers -> one to four verbatim sentences that answer it.

Two linear models judge the evidence: which of the papers the question is about, and which
sentences of such a paper state what is asked. Sentences are then taken one by one where they add
most: while the paper is in doubt, the runner-up's best sentence is worth more than a fourth one
of the favourite. The likeliest sentence leads the answer.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.injection import flag_instructions
from assistant.types import Citation, Paper, Sentence, SentenceSpan

MAX_SENTENCES = 4
CITED_PAPER_GAIN = 0.5
"""What a first sentence of a paper gains beyond its own worth: the paper is then cited.
Source: measured on held-out folds, evals/lab/answers.py: .4 and .6 are alike, 1 loses facts."""

MIN_GAIN = 0.05
"""A further sentence must promise at least this share of the first one's gain.
Source: measured on held-out folds, evals/lab/answers.py: at .05 answers to named questions have 3.2
sentences in place of 4 and as many facts; at .1 2.4 and 1 % fewer, at .2 1.7 and 5 to 11 % less."""

MIN_VALUE_GAIN = 0.15
SURE_OF_PAPER = 0.8
"""Where one value is asked for and the paper is this sure, a further sentence must promise more.
Source: measured as above: such answers have 2.2 sentences in place of 3.1 and 1 % fewer facts."""

MIN_TOPIC_SHARE = 0.05
"""Of several papers on a topic, those less likely than this share of the likeliest are left out."""

DUPLICATE_COSINE = 0.95
"""Sentences this alike say the same; the lesser one is dropped."""

LEAD_SHARE = 0.5
"""A sentence that points back to one that is not quoted leads the answer only where every other
one has less than this share of its probability."""

# Words that open a sentence and mean something said before it.
_POINTS_BACK = re.compile(
    r"^\W*(?:it|its|they|their|them|this|these|those|that|such|he|she|his|her|here|there|then|thus"
    r"|hence|therefore|also|however|moreover|furthermore|additionally|besides|consequently"
    r"|nevertheless|similarly|instead|otherwise|finally|second(?:ly)?|third(?:ly)?|in addition"
    r"|in contrast|as a result|by contrast|on the other hand"
    r"|the (?:former|latter|second|third|other)"
    r"|another|both|but|and|or|so|yet|while doing so|for (?:example|instance))\b",
    re.IGNORECASE,
)


def select_sentences(
    scored: ScoredEvidence, max_sentences: int = MAX_SENTENCES, min_gain: float = MIN_GAIN
) -> tuple[Sentence, ...]:
    """Returns at most ``max_sentences`` quotations: the likeliest, then the others by paper.

    Papers come in the order of their likelihood, the sentences of each in its own order.
    At least one is chosen where any candidate has a sentence that is not an instruction to its
    reader; such sentences are never chosen.
    """
    question = scored.evidence.question
    pool = list_quotable(scored)
    if question.several:
        n_papers = min(question.n_papers or max_sentences, max_sentences)
        chosen = _select_from_several(scored, pool, max_sentences, n_papers)
    else:
        one_value = question.value is not None and scored.papers.max(initial=0.0) >= SURE_OF_PAPER
        least = max(min_gain, MIN_VALUE_GAIN) if one_value else min_gain
        chosen = _select_by_gain(scored, pool, max_sentences, least)
    places = [
        (scored.evidence.papers[k].candidate, i) for k, i in _order_for_reading(scored, chosen)
    ]
    return tuple(quote_sentence(candidate.paper, candidate.spans[i]) for candidate, i in places)


def quote_sentence(paper: Paper, span: SentenceSpan) -> Sentence:
    """Returns ``span`` of ``paper`` as a sentence that cites itself, without a label yet."""
    text = paper.abstract[span.start : span.end]
    citation = Citation(
        label="",
        paper_id=paper.paper_id,
        title=paper.title,
        quote=text,
        start=span.start,
        end=span.end,
        sentence=span.number,
        text_kind=paper.text_kind,
    )
    return Sentence(text=text, verdict="verbatim", score=1.0, citations=(citation,))


def list_quotable(scored: ScoredEvidence) -> list[tuple[int, int]]:
    """Returns the (paper, sentence) places that may be quoted."""
    places = []
    for k, paper in enumerate(scored.evidence.papers):
        candidate = paper.candidate
        spans = [(span.start, span.end) for span in candidate.spans]
        flags = flag_instructions(candidate.paper.abstract, spans)
        places += [(k, i) for i, flagged in enumerate(flags) if not flagged]
    return places


def _select_by_gain(
    scored: ScoredEvidence, pool: list[tuple[int, int]], budget: int, min_gain: float
) -> list[tuple[int, int]]:
    """Returns up to ``budget`` places, each the one that adds most to those before it."""
    chosen: list[tuple[int, int]] = []
    cited: set[int] = set()
    first_gain = 0.0
    left = list(pool)
    while left and len(chosen) < budget:
        gains = [
            scored.papers[k] * (scored.sentences[k][i] + CITED_PAPER_GAIN * (k not in cited))
            for k, i in left
        ]
        best = int(np.argmax(gains))
        first_gain = first_gain or gains[best]
        if gains[best] < min_gain * first_gain:
            break
        place = left.pop(best)
        if not _repeats(scored, place, chosen):
            chosen.append(place)
            cited.add(place[0])
    return chosen


def _order_for_reading(
    scored: ScoredEvidence, chosen: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Returns ``chosen`` with the leading sentence first, its paper next, then the other papers.

    A sentence that points back leads together with the one before it, where that is chosen.
    """
    if not chosen:
        return []

    def worth(place: tuple[int, int]) -> float:
        return float(scored.papers[place[0]] * scored.sentences[place[0]][place[1]])

    def stands_alone(place: tuple[int, int]) -> bool:
        return not _POINTS_BACK.match(scored.evidence.papers[place[0]].texts[place[1]])

    best = max(chosen, key=worth)
    k, i = best
    lead = [best]
    if not stands_alone(best):
        others = [p for p in chosen if stands_alone(p) and worth(p) >= LEAD_SHARE * worth(best)]
        if (k, i - 1) in chosen:
            lead = [(k, i - 1), best]
        elif others:
            lead = [max(others, key=worth)]
    first = lead[0][0]
    rest = [place for place in chosen if place not in lead]
    return lead + sorted(rest, key=lambda p: (p[0] != first, -scored.papers[p[0]], p[0], p[1]))


def _select_from_several(
    scored: ScoredEvidence, pool: list[tuple[int, int]], budget: int, n_papers: int
) -> list[tuple[int, int]]:
    """Returns the best sentences of the ``n_papers`` best papers, shared out evenly."""
    chosen: list[tuple[int, int]] = []
    ranked = np.argsort(-scored.papers, kind="stable")[:n_papers].tolist()
    if scored.evidence.question.broad:
        least = MIN_TOPIC_SHARE * scored.papers.max(initial=0.0)
        ranked = [k for k in ranked if scored.papers[k] >= least]
    by_paper = {
        k: sorted((i for kk, i in pool if kk == k), key=lambda i: -scored.sentences[k][i])
        for k in ranked
    }
    for turn in range(budget):
        for k in ranked:
            if len(chosen) == budget:
                return chosen
            if turn < len(by_paper[k]) and not _repeats(scored, (k, by_paper[k][turn]), chosen):
                chosen.append((k, by_paper[k][turn]))
    return chosen


def _repeats(scored: ScoredEvidence, place: tuple[int, int], chosen: list[tuple[int, int]]) -> bool:
    """Returns whether the sentence at ``place`` says what one of ``chosen`` says already."""
    vector = _get_vector(scored, place)
    return any(float(vector @ _get_vector(scored, other)) >= DUPLICATE_COSINE for other in chosen)


def _get_vector(scored: ScoredEvidence, place: tuple[int, int]) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = scored.evidence.papers[place[0]].candidate.vectors[place[1]]
    return vector
