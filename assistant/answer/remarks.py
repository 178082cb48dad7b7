"""What a reader is told of an answer and its sentences besides their text, in words."""

from __future__ import annotations

from assistant.answers import Answer
from assistant.types import Sentence

_PASSED = ("verbatim", "supported")


def remark(sentence: Sentence) -> str:
    """Returns why a sentence is not to be taken as it stands; '' where it passed every check.

    The failing verdict comes first, then each flag with its message: 'unsupported; number: ...'.
    """
    parts: list[str] = [] if sentence.verdict in _PASSED else [sentence.verdict]
    kinds = {flag.kind for flag in sentence.flags}
    # Where nothing was checked, a missing citation is the lesser news.
    if not sentence.citations and "uncited" not in kinds and sentence.verdict != "unchecked":
        parts.append("uncited")
    for flag in sentence.flags:
        message = flag.message.strip().removesuffix(".")
        parts.append(f"{flag.kind}: {message}" if message else flag.kind)
    return "; ".join(parts)


def shortfall(answer: Answer) -> str:
    """Returns what of the question the answer leaves open, as its LLM named it; '' for nothing."""
    if answer.missing is None:
        return ""
    missing = answer.missing.strip()
    if not missing:
        return "The papers do not state the rest."
    return f"Not stated here: {missing if missing.endswith(('.', '!', '?')) else f'{missing}.'}"


def provenance(answer: Answer) -> str:
    """Returns whose words the answer's sentences are: 'Quotations, word for word'."""
    if answer.mode == "extractive":
        return "Quotations, word for word"
    return f"Answer by {answer.model or 'an LLM'}, each sentence checked"
