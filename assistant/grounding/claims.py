"""A claim against a text of one's own, through the check that answers go through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import QuestionError
from assistant.text.half_characters import mend_halves
from assistant.text.sentences import split_sentences
from assistant.types import Citation, Sentence

if TYPE_CHECKING:
    from assistant.grounding.checker import Checker


def check_claim(checker: Checker, source: str, claim: str) -> Sentence:
    """Returns ``claim`` with its verdict and the sentences of ``source`` that bear it out best.

    The citations' offsets are into ``source``, its half characters mended; they name no paper.

    Raises:
        QuestionError: the source or the claim holds no words or is too long.
    """
    source, claim = mend_halves(source), mend_halves(claim)
    try:
        found = checker.check_pair(source, claim)
    except ValueError as error:
        raise QuestionError(str(error)) from error
    spans = split_sentences(source)
    return Sentence(
        text=claim,
        verdict=found.verdict,
        score=found.score,
        citations=tuple(
            Citation("1", "", "", source[span.start : span.end], span.start, span.end, span.number)
            for span in (spans[i] for i in found.support)
        ),
        flags=found.flags,
        lexical=found.lexical,
        judge=found.judge,
    )
