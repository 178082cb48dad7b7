"""Lists in a table's cell, as Python, NumPy, R or JSON print them: "['Ames, Rhea', 'Poe, Ann']"."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

MAX_LIST_CHARS = 1_000_000
"""A longer list stays text: to parse it would take a hundred times its size."""

_STRING = r"""(?:'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")"""
_STRINGS = re.compile(_STRING, re.DOTALL)
# NumPy puts spaces between them, which Python itself would join to one string.
_LIST_OF_STRINGS = re.compile(rf"\s*(?:[\[(]|c\()\s*+(?:{_STRING}\s*+,?\s*+)*+[\])]\s*", re.DOTALL)


def read_written_list(text: str) -> list[Any] | None:
    """Returns the list that ``text`` is as a program prints it; None if it is none."""
    if text.strip()[:1] not in ("[", "(", "c") or len(text) > MAX_LIST_CHARS:
        return None
    if _LIST_OF_STRINGS.fullmatch(text):
        return [_read_string(found.group()) for found in _STRINGS.finditer(text)]
    if not text.lstrip().startswith("["):
        return None
    for parse in (json.loads, ast.literal_eval):
        try:
            values = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return values if isinstance(values, list) else None
    return None


def _read_string(written: str) -> str:
    try:
        return str(ast.literal_eval(written))
    except (ValueError, SyntaxError):
        return written[1:-1]
