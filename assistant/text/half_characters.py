"""Half characters: where text enters they are joined, or stand as U+FFFD, the sign for no sign.

A character beyond U+FFFF, such as an emoji, is two halves (surrogates) in UTF-16 and in JSON's
escapes. A text that is cut between them ends in a half, which no file, server or page can take.
Python also reads bytes that are no UTF-8 as low halves, U+DC80 to U+DCFF.
"""

from __future__ import annotations

import re
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")
_BROKEN_BYTE = re.compile("(?<![\ud800-\udbff])[\udc80-\udcff]")


def mend_halves(text: str) -> str:
    """Returns ``text`` with halves that belong together joined and lone ones as U+FFFD."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def mend_all(value: Any) -> Any:
    """Returns a value of JSON types, or a tuple, with the halves in all of its texts mended."""
    if isinstance(value, str):
        return mend_halves(value)
    if isinstance(value, dict):
        return {mend_all(key): mend_all(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(mend_all, value))
    return value


def holds_broken_bytes(text: str) -> bool:
    """Whether ``text`` was read from bytes that are no UTF-8: another encoding, not half a sign."""
    return _BROKEN_BYTE.search(text) is not None


class HalfJoiner:
    """Joins halves over the pieces in which a text comes."""

    def __init__(self) -> None:
        self._held = ""

    def join(self, piece: str) -> str:
        """Returns the text up to now that was not returned before, but for a half at its end."""
        text = self._held + piece
        self._held = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return mend_halves(text.removesuffix(self._held))

    def rest(self) -> str:
        """Returns U+FFFD where the text ended in a half, else ''."""
        held, self._held = self._held, ""
        return mend_halves(held)
