"""Pages as one text, "11-19", whatever signs and fields a format has for them."""

from __future__ import annotations

import re

_DASHES = re.compile(r"\s*(?:-{2,3}|[\u2010-\u2015\u2212])\s*")


def normal_pages(text: str | None) -> str | None:
    """Returns pages with plain hyphens for dashes: "11-19" for TeX's "11--19", "5" for "5-5"."""
    text = _DASHES.sub("-", text or "").strip("- ")
    first, _, last = text.partition("-")
    return (first if first == last else text) or None


def join_pages(first: str | None, last: str | None) -> str | None:
    """Returns the pages from ``first`` to ``last``, either of which may be missing or be both."""
    start, end = normal_pages(first), normal_pages(last)
    if start and end and not start.endswith(f"-{end}"):
        return normal_pages(f"{start}-{end}")
    return start or end
