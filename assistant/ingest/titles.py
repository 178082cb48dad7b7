"""Titles that a record has in two parts."""

from __future__ import annotations


def join_title(title: str | None, subtitle: str | None) -> str:
    """Returns 'Title: Subtitle', or the one that there is; '' for neither.

    A title that holds its subtitle already, or ends in a sign of its own, is left as it is but for
    what it lacks.
    """
    title, subtitle = (title or "").rstrip(": "), (subtitle or "").strip()
    if not title or not subtitle:
        return title or subtitle
    if title.casefold().endswith(subtitle.casefold()):
        return title
    return f"{title}{' ' if title[-1] in '?!.–—-' else ': '}{subtitle}"
