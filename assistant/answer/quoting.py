"""A question and its best papers -> as few verbatim sentences as answer it, often one.

Two linear models judge the evidence: which of the papers the question is about, and which
sentences of such a paper answer. The likeliest sentence leads the answer; another follows only
where it is not much less likely to be the one that was asked for.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.injection import flag_instructions, show_title
from assistant.types import Citation, Paper, Sentence, SentenceSpan

MAX_SENTENCES = 4
MAX_OF_ONE_PAPER = 3
"""Sentences of one paper, unless several are asked for: a fourth is from one that was in doubt."""

MIN_ODDS_SHARE = 0.02
"""A further sentence's odds of answering must be at least this share of the first's: beside one
that is all but certain, a probability of a tenth is little.
Source: measured with each field held out, evals/lab/held_out.py: at .05 1 % fewer hold all facts,
with .2 sentences less; at .01 as many, with .1 sentences more."""

MIN_TOPIC_SHARE = 0.05
"""Of several papers on a topic, those less likely than this share of the likeliest are left out."""

DUPLICATE_COSINE = 0.95
"""Sentences this alike say the same; the lesser one is dropped."""

LEAD_SHARE = 0.5
"""A sentence that points back to one that is not quoted leads the answer only where every other
one has less than this share of its probability."""

# Pronouns that open a sentence and stand for what was named before it; "it is shown" stands for
# nothing. Source: measured with each field held out, evals/lab/held_out.py: with "this", "however"
# and the like among them, 2 to 7 % fewer answers of six fields begin with a sentence that answers.
_POINTS_BACK = re.compile(
    r"^\W*(?:it(?! (?:is|was|has been|can be|appears|seems|follows)\b)|its|they|their|them"
    r"|he|she|his|her|the (?:former|latter))\b",
    re.IGNORECASE,
)


def select_sentences(
    scored: ScoredEvidence, max_sentences: int = MAX_SENTENCES, min_share: float = MIN_ODDS_SHARE
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
        chosen = _select_likeliest(scored, pool, max_sentences, min_share)
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
        title=show_title(paper),
        quote=text,
        start=span.start,
        end=span.end,
        sentence=span.number,
        text_kind=paper.text_kind,
        notice=paper.notice,
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


def _compute_worth(scored: ScoredEvidence, place: tuple[int, int]) -> float:
    """Returns the probability that the question is of this paper and the sentence answers it."""
    k, i = place
    return float(scored.papers[k] * scored.sentences[k][i])


def _compute_odds(scored: ScoredEvidence, place: tuple[int, int]) -> float:
    """Returns the odds that the sentence answers, weighed by the probability of its paper."""
    k, i = place
    answers = float(scored.sentences[k][i])
    return float(scored.papers[k]) * answers / max(1 - answers, 1e-9)


def _select_likeliest(
    scored: ScoredEvidence, pool: list[tuple[int, int]], budget: int, min_share: float
) -> list[tuple[int, int]]:
    """Returns up to ``budget`` places, likeliest first, none that repeats one before it."""
    chosen: list[tuple[int, int]] = []
    ranked = sorted(pool, key=lambda place: -_compute_worth(scored, place))
    for place in ranked:
        if len(chosen) == budget:
            break
        if _compute_odds(scored, place) < min_share * _compute_odds(scored, ranked[0]):
            continue
        n_of_paper = sum(k == place[0] for k, _ in chosen)
        if n_of_paper < MAX_OF_ONE_PAPER and not _repeats(scored, place, chosen):
            chosen.append(place)
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
        return _compute_worth(scored, place)

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
