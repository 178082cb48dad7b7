"""The asked detail of a paper in a model's words, checked as every other sentence is."""

from __future__ import annotations

from assistant.answer.quoting import quote_sentence
from assistant.answer.readable import ReadablePaper
from assistant.answer.survey.judgements import Judgement
from assistant.grounding.checker import MOVED, Checker, SourceSentence
from assistant.suspects import FAILED
from assistant.types import Sentence


class DetailChecker:
    """Checks what a model says of one paper against that paper's own sentences."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def check(self, readable: ReadablePaper, said: Judgement, question: str) -> Sentence | None:
        """Returns the detail as a sentence that cites what bears it out, without a label yet.

        None where the model gave none, or its paper does not bear it out.
        """
        if not said.detail:
            return None
        paper = readable.paper
        passages = [
            SourceSentence(paper.paper_id, readable.title, readable.quote(span), span.number)
            for span in readable.spans
        ]
        named = [i for i, span in enumerate(readable.spans) if span.number == said.stated_by]
        found = self._checker.check(said.detail, passages, named, question)
        if found.verdict in FAILED:
            return None
        spans = [readable.spans[i] for i in found.choose_cited(named) or found.support]
        if not spans:
            return None
        return Sentence(
            text=said.detail,
            verdict=found.verdict,
            score=found.score,
            citations=tuple(c for s in spans for c in quote_sentence(paper, s).citations),
            flags=tuple(flag for flag in found.flags if flag.kind not in MOVED),
            lexical=found.lexical,
            judge=found.judge,
        )
