"""Which questions can be asked at all."""

from __future__ import annotations

from assistant.errors import QuestionError
from assistant.text.half_characters import holds_broken_bytes, mend_halves

MAX_QUESTION_CHARS = 10_000
"""A pasted abstract or two is a question; a pasted paper is not."""


def check_question(question: str) -> str:
    """Returns ``question`` trimmed, its half characters mended.

    Raises:
        QuestionError: it is empty, without a letter or digit, too long, or not text.
    """
    broken = holds_broken_bytes(question)
    question = mend_halves(question).strip()
    if not question:
        raise QuestionError("the question is empty; ask something")
    if "\x00" in question or broken:
        raise QuestionError(
            "the question holds a NUL byte or broken text encoding; type it again as plain text"
        )
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question is {len(question):,} characters long; "
            f"ask in at most {MAX_QUESTION_CHARS:,}"
        )
    if not any(sign.isalnum() for sign in question):
        raise QuestionError(f"the question {question!r} has no letter or digit; ask in words")
    return question
