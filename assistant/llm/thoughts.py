"""Keeps a model's thoughts, which some servers send as text, out of its answer."""

from __future__ import annotations

_OPENING = "<think>"
_CLOSING = "</think>"


class Thoughts:
    """Takes ``<think>...</think>`` off the beginning of a text that comes in pieces.

    Source: the chat templates of DeepSeek-R1 and Qwen3, which use these marks.
    """

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._over = False

    @property
    def going_on(self) -> bool:
        """Whether a thought has begun that has not ended."""
        return self._inside and not self._over

    def strip(self, text: str) -> str:
        """Returns what of the text up to now is no thought and was not returned before."""
        if self._over:
            return text
        self._held += text
        if not self._inside:
            begun = self._held.lstrip()
            if begun.startswith(_OPENING):
                self._inside = True
            elif not _OPENING.startswith(begun):
                return self.rest()
        if self._inside:
            before, closing, after = self._held.partition(_CLOSING)
            if closing:
                self._over, self._held = True, ""
                return after
            # Long thoughts are dropped as they come, but for a closing mark that has begun.
            self._held = before[-len(_CLOSING) :]
        return ""

    def rest(self) -> str:
        """Returns what was held back in case it began a thought; a thought without end is lost."""
        held = "" if self._inside else self._held
        self._over, self._held = True, ""
        return held
