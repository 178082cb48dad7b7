"""What the library holds on a question, as whoever answers gets it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer.compose import FoundPapers, abstain
from assistant.answer.declining import (
    NOT_SUPPORTED,
    describe_not_found,
    find_unmatched,
    quote_nearest,
)
from assistant.answer.other_languages import SharedWords
from assistant.answer.readable import ReadablePaper
from assistant.answers import Answer
from assistant.evidence.answerability import Assessment
from assistant.evidence.gathering import ScoredEvidence
from assistant.types import Abstention, AbstentionReason, Filters


@dataclass(frozen=True, slots=True)
class Findings:
    """Papers, their evidence, and whether they answer the question.

    ``to_show`` is what an LLM reads of the papers, where one writes. ``shared`` are the words that
    were matched of a question in another language than English.
    """

    papers: FoundPapers
    evidence: ScoredEvidence
    assessment: Assessment
    n_searched: int
    to_show: tuple[ReadablePaper, ...] = ()
    shared: SharedWords | None = None

    def abstain(
        self,
        filters: Filters | None,
        answer: Answer,
        reason: AbstentionReason = "nothing_relevant",
    ) -> Answer:
        """Returns ``answer`` as one that declines, with the closest papers and their sentences.

        ``filters`` say which papers were searched.
        """
        unmatched = find_unmatched(self.evidence.evidence)
        message = NOT_SUPPORTED
        if self.shared is not None:
            reason, message = "other_language", self.shared.refusal
        elif reason != "not_supported":
            message = describe_not_found(unmatched, filters, self.n_searched)
        closest = self.papers.closest
        nearest = quote_nearest(self.evidence, closest)
        return abstain(answer, Abstention(reason, message, closest, nearest, unmatched))
