"""The sentences that a model writes, checked one by one while they come."""

from __future__ import annotations

from collections.abc import Generator

from assistant.answer.writing.draft import DraftEvent, DraftSentence, SentenceBegun, SentenceEnded
from assistant.answer.writing.sources import NumberedSentence, ShownSources
from assistant.events import Checked, Cited, Event, SentenceStarted, TextAdded
from assistant.evidence.injection import show_title
from assistant.grounding.checker import Checker, SourceSentence
from assistant.types import Citation, Sentence, SentenceSpan


class SentenceChecker:
    """Turns draft sentences into checked ones, with the papers' labels in reading order.

    ``sentences`` are those so far; ``corrects`` is the place of the one that corrects what the
    question takes for granted. Where ``unfinished``, one without a stop was cut off.
    """

    def __init__(self, checker: Checker, sources: ShownSources, question: str) -> None:
        """Checks sentences that answer ``question`` against ``sources`` with ``checker``."""
        self._question = question
        self.sentences: list[Sentence] = []
        self.corrects: int | None = None
        self.unfinished = False
        self._checker = checker
        self._shown = sources.sentences
        self._by_label = sources.index_labels()
        self._passages = [
            SourceSentence(
                s.paper.paper_id,
                show_title(s.paper),
                s.text,
                s.span.number if s.span else 0,
                suspect=not s.label,
            )
            for s in (*sources.sentences, *sources.withheld)
        ]
        self._labels: dict[str, str] = {}

    def take(self, happened: DraftEvent) -> Generator[Event, None, None]:
        """Yields our events for one of the draft's."""
        if isinstance(happened, SentenceBegun):
            yield SentenceStarted(happened.index, "llm")
        elif isinstance(happened, SentenceEnded):
            sentence = self.check_sentence(happened.sentence)
            if happened.sentence.corrects:
                self.corrects = len(self.sentences)
            self.sentences.append(sentence)
            for citation in sentence.citations:
                yield Cited(happened.index, citation)
            yield Checked(happened.index, sentence)
        else:
            yield TextAdded(happened.index, happened.text)

    def check_sentence(self, draft: DraftSentence) -> Sentence:
        """Returns the sentence with its citations, verdict and score."""
        cited = [self._by_label[label] for label in draft.labels]
        found = self._checker.check(draft.text, self._passages, cited, self._question)
        cut_off = self.unfinished and draft.text[-1:] not in ".!?\u3002\uff01\uff1f"
        return Sentence(
            text=draft.text,
            verdict="unchecked" if cut_off else found.verdict,
            score=found.score,
            citations=tuple(self._cite(self._shown[i]) for i in found.choose_cited(cited)),
            flags=found.flags,
            lexical=found.lexical,
            judge=found.judge,
        )

    def _cite(self, shown: NumberedSentence) -> Citation:
        paper, span = shown.paper, shown.span or SentenceSpan(0, 0, len(shown.text))
        label = self._labels.setdefault(paper.paper_id, str(len(self._labels) + 1))
        place = span.start, span.end, span.number
        # A title is the authors' own, whoever wrote the abstract.
        kind = paper.text_kind if shown.span else "abstract"
        return Citation(
            label,
            paper.paper_id,
            show_title(paper),
            shown.text,
            *place,
            text_kind=kind,
            notice=paper.notice,
        )
