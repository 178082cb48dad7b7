"""Text of papers made safe to show a model: no word of it reads as a label, a fence or a role."""

from __future__ import annotations

import re

_BRACKETS = str.maketrans({"[": "(", "]": ")", "\u3010": "(", "\u3011": ")"})

_FENCE = re.compile(r"\b(begin|end)[\s_-]+sources\b", re.IGNORECASE)

_CONTROL_TOKEN = re.compile(r"<[|\uff5c/]*\s*([a-z_][\w:-]*)\s*[|\uff5c/]*>?", re.IGNORECASE)

_ROLE = re.compile(r"(?<!\w)(system|user|assistant|human|ai)\s*:", re.IGNORECASE)

_SPACE = re.compile(r"\s+")


def neutralise(text: str) -> str:
    """Returns ``text`` on one line, without what a model could take for labels, fences or roles.

    Only what is shown to the model changes; what is quoted is the abstract itself.
    """
    text = _CONTROL_TOKEN.sub(r" \1 ", text.translate(_BRACKETS))
    text = _SPACE.sub(" ", text).strip()
    return _ROLE.sub(r"\1 -", _FENCE.sub(r"\1 of sources", text))
