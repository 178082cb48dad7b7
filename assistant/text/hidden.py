"""Characters a reader cannot see: they carry hidden instructions or break search, so they go."""

from __future__ import annotations

import re

_TERMINAL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # titles, links and other strings
    r"|\x1b[@-Z\\-_]?"
)
_BREAKS = re.compile(r"[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_JOINER_SCRIPTS = "\u0590-\u08ff\u0900-\u0dff\ufb1d-\ufdff\ufe70-\ufefc"
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"  # zero width and direction
    r"\U000e0000-\U000e0fff"  # tags and supplementary variation selectors
    r"\U0001d173-\U0001d17a]"
    # Persian and the scripts of India spell with joiners; elsewhere they hide.
    rf"|(?<![{_JOINER_SCRIPTS}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINER_SCRIPTS}])"
    # One variation selector chooses a glyph; a run of them carries data.
    r"|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]+"
)


def strip_hidden(text: str) -> str:
    """Returns ``text`` without terminal escapes, control and invisible characters."""
    if text.isascii() and text.isprintable():
        return text
    text = _TERMINAL.sub("", text)
    text = _BREAKS.sub(" ", text)
    return _INVISIBLE.sub("", text)
