"""Sentences that failed the check, back to the model once, and what it makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answer.writing.draft import DraftReader, DraftSentence, SentenceEnded
from assistant.llm.fencing import neutralise
from assistant.types import Sentence

_LINE = re.compile(r"^\W*(?:sentence\s+)?(\d{1,2})\s*[.:)\]]\s*(.*)$", re.IGNORECASE)
_DROP = re.compile(r"^\W*drop\b", re.IGNORECASE)


def describe_failures(failed: Mapping[int, Sentence]) -> str:
    """Returns the sentences to correct, numbered from 1 in order, each with what is wrong."""
    return "\n".join(
        f"{number}: {neutralise(sentence.text)}\n   Wrong: {_describe_fault(sentence)}"
        for number, sentence in enumerate(failed.values(), start=1)
    )


def read_revision(
    reply: str, failed: Sequence[int], labels: Sequence[str], shown: str
) -> dict[int, DraftSentence]:
    """Returns sentence index -> the corrected sentence; what was dropped or left out is absent.

    ``failed`` are the indices in the order in which they were numbered. A line without a number
    counts only where a single sentence was to be corrected.
    """
    lines: dict[int, str] = {}
    for line in reply.splitlines():
        numbered = _LINE.match(line)
        if numbered and 1 <= int(numbered[1]) <= len(failed):
            lines.setdefault(failed[int(numbered[1]) - 1], numbered[2])
        elif len(failed) == 1 and line.strip():
            lines.setdefault(failed[0], line)
    revised = {}
    for index, line in lines.items():
        if _DROP.match(line):
            continue
        draft = DraftReader(labels, shown)
        events = [*draft.feed(line), *draft.finish()]
        ended = [event.sentence for event in events if isinstance(event, SentenceEnded)]
        if ended and not draft.not_stated:
            revised[index] = ended[0]
    return revised


def _describe_fault(sentence: Sentence) -> str:
    """Returns what the check found, in words that a model can act on."""
    reasons = [flag.message for flag in sentence.flags]
    if sentence.judge == "contradicted":
        reasons.append("The sources say the contrary.")
    return " ".join(neutralise(reason) for reason in reasons) or "The sources do not say this."
