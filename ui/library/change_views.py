"""What a change of the library looks like while it goes on and when it is over, as JSON types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from assistant_ui.parts.errors_shown import hide_paths

from assistant import Skipped

MAX_LISTED = 100
"""Titles, or skipped records, that a report lists; further ones are counted."""

_ATTRIBUTES = ("stage", "done", "total")


def going_view(message: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a message of ``LibraryChanges`` that is not the last, for the progress bar."""
    return {name: message[name] for name in _ATTRIBUTES if name in message}


def view_end(sentence: str, *, is_well: bool) -> dict[str, Any]:
    """Returns an end that is told in one sentence."""
    return {"stage": "ended", "is_well": is_well, "summary": hide_paths(sentence)}


def report_view(
    report: Mapping[str, Any], skipped: Sequence[Skipped], title_of: Callable[[str], str]
) -> dict[str, Any]:
    """Returns the report of a change: counts, titles, and what was skipped with the reason.

    Args:
        report: ``IngestReport.to_dict``.
        skipped: files that were not read at all; they come first.
        title_of: paper id -> title.
    """
    all_skipped = [
        {name: one[name] for name in ("file", "line", "reason")}
        for one in (*map(asdict, skipped), *report["skipped"])
    ]
    n_skipped = len(skipped) + report["n_skipped"]
    n_changed = sum(len(report[name]) for name in ("added", "updated", "removed"))
    return {
        "stage": "ended",
        "is_well": not all_skipped,
        "summary": summary(report, n_skipped),
        "notices": [hide_paths(notice) for notice in report["notices"]],
        "lists": [
            {
                "name": name.capitalize(),
                "n": len(report[name]),
                "titles": [title_of(paper_id) for paper_id in report[name][:MAX_LISTED]],
            }
            for name in ("added", "updated")
            if report[name]
        ]
        + _list_copies(report),
        "skipped": all_skipped[:MAX_LISTED],
        "n_skipped": n_skipped,
        "changed": n_changed > 0,
    }


def summary(report: Mapping[str, Any], n_skipped: int) -> str:
    """Returns the counts of a report as one sentence."""
    parts = [
        f"{done} {_papers(len(report[name]))}"
        for name, done in (("added", "added"), ("updated", "updated"), ("removed", "removed"))
        if report[name]
    ]
    if report["unchanged"]:
        parts.append(f"found {_papers(len(report['unchanged']))} there already")
    if n_copies := report["n_copies"]:
        parts.append("joined 1 copy" if n_copies == 1 else f"joined {n_copies:,} copies")
    if n_skipped:
        parts.append(f"skipped {n_skipped:,}")
    if not parts:
        return "Nothing was changed: the files hold no papers."
    text = " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
    return f"{text[0].upper()}{text[1:]}."


def _list_copies(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    titles = [
        copy["title"]
        if copy["title"] == copy["paper_title"]
        else f"{copy['title']} (joined to: {copy['paper_title']})"
        for copy in report["copies"][:MAX_LISTED]
    ]
    return [{"name": "Copies", "n": report["n_copies"], "titles": titles}] if titles else []


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count:,} papers"
