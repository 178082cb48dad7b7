"""How long a claim and its source may be, and the parts of a claim longer than a sentence."""

from __future__ import annotations

from assistant.text.sentences import MAX_SENTENCE_CHARS, split_sentences

MAX_CLAIM_CHARS = 2_000
"""Characters of a claim: a sentence, or a paragraph. What is longer is several claims."""

MAX_SOURCE_CHARS = 100_000
"""Characters of a source: as long as an abstract may be."""


def check_lengths(source: str, claim: str) -> None:
    """Raises ValueError where a source or a claim is longer than can be checked."""
    if len(claim) > MAX_CLAIM_CHARS:
        raise ValueError(
            f"the claim has {len(claim):,} characters and at most {MAX_CLAIM_CHARS:,} can be "
            "checked; give it sentence by sentence"
        )
    if len(source) > MAX_SOURCE_CHARS:
        raise ValueError(
            f"the source has {len(source):,} characters and at most {MAX_SOURCE_CHARS:,} can be "
            "checked; give the part that the claim rests on"
        )


def cut_claim(claim: str) -> tuple[str, ...]:
    """Returns ``claim`` itself, or whole sentences of it at a time where it is longer than one.

    Each part has at most MAX_SENTENCE_CHARS, as a sentence of a source has: the check compares
    each with each.
    """
    if len(claim) <= MAX_SENTENCE_CHARS:
        return (claim,)
    parts: list[tuple[int, int]] = []
    for span in split_sentences(claim):
        if parts and span.end - parts[-1][0] <= MAX_SENTENCE_CHARS:
            parts[-1] = (parts[-1][0], span.end)
        else:
            parts.append((span.start, span.end))
    texts = (claim[start:end] for start, end in parts)
    return tuple(text for text in texts if any(map(str.isalnum, text)))
