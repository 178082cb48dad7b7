"""Titles that a record has in two parts."""

from __future__ import annotations


def join_title(title: str | None, subtitle: str | None) -> str:
    """Returns 'Title: Subtitle', or the one that there is; '' for neither.

    A title that ends in its subtitle is whole already; one that ends in a sign needs no colon.
    """
    title, subtitle = title or "", (subtitle or "").strip()
    if not title or not subtitle:
        return title or subtitle
    if title.casefold().endswith(subtitle.casefold()):
        return title
    title = title.rstrip(": ")
    return f"{title}{' ' if title[-1] in '?!.–—-' else ': '}{subtitle}"
