"""Which of the papers found an LLM is shown, and which of their sentences."""

from __future__ import annotations

import numpy as np

from assistant.evidence.answerability import Assessment
from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.injection import flag_instructions
from assistant.types import Paper, SentenceSpan

LLM_ABSTAIN_BELOW = 0.05
"""Below this relevance, where no paper is found by its name either, no LLM is asked.
Source: measured with each field held out, evals/lab/held_out.py: of answerable questions .2 % are
below, of those on matters that no paper is about 43 %."""

MIN_SHOWN = 4
SHOWN_MASS = 0.95
"""Papers are shown until they hold this much of the probability, and MIN_SHOWN at least.
Source: measured on held-out folds, evals/lab/shown.py: for questions that describe a paper 5.4
papers on average, the right one among them as often as among ten (.934); three hold it in .893."""


def is_worth_asking(assessment: Assessment) -> bool:
    """Returns whether an LLM may find an answer in the papers, and not only in its memory."""
    return assessment.found or assessment.relevance >= LLM_ABSTAIN_BELOW


def select_papers_to_show(
    scored: ScoredEvidence, at_least: int = MIN_SHOWN, mass: float = SHOWN_MASS
) -> list[tuple[Paper, tuple[SentenceSpan, ...]]]:
    """Returns papers with their sentences, the likeliest paper first.

    Where several papers are asked for, all; else those that the question may be about. Sentences
    that give orders to their reader are left out, and a paper that has no others.
    """
    order = np.argsort(-scored.papers, kind="stable")
    held = np.cumsum(scored.papers[order])
    n = len(order)
    if not scored.evidence.question.several:
        n = max(at_least, int(np.searchsorted(held, mass)) + 1)
    shown = []
    for k in order[:n].tolist():
        candidate = scored.evidence.papers[k].candidate
        places = [(span.start, span.end) for span in candidate.spans]
        flags = flag_instructions(candidate.paper.abstract, places)
        spans = tuple(span for span, bad in zip(candidate.spans, flags, strict=True) if not bad)
        if spans:
            shown.append((candidate.paper, spans))
    return shown
