"""The folder of a report: its four files, the newest one, and the figures of pairs beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant_evals.errors import GoldenError, make_unwritable_error

from assistant.files import private

REPORTS_FOLDER = "reports"
REPORT_FILE = "report.json"
PAIRS_FILE = "pairs.json"
JOURNAL_FILE = "unfinished.jsonl"


def choose_folder(home: Path, now: datetime) -> Path:
    """Returns a folder for a report in the home folder, by the time of its run."""
    return home / REPORTS_FOLDER / now.strftime("%Y%m%d-%H%M%S")


def check_writable(folder: Path) -> None:
    """Makes the folder, before anything is asked for a report in it.

    Raises:
        GoldenError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise make_unwritable_error(f"report folder {folder}", error) from error


def write_report(folder: Path, report: dict[str, Any]) -> None:
    """Writes report.json, report.md, report.html and junit.xml.

    Raises:
        GoldenError: the folder cannot be written.
    """
    from assistant_evals.report.html import render_html
    from assistant_evals.report.junit import render_junit
    from assistant_evals.report.markdown import render_markdown

    files = {
        "report.md": render_markdown(report),
        "report.html": render_html(report),
        "junit.xml": render_junit(report),
        # Last, since it is what others take for a report that is whole.
        REPORT_FILE: json.dumps(report, ensure_ascii=False, indent=1) + "\n",
    }
    try:
        for name, text in files.items():
            write_whole(folder / name, text)
    except OSError as error:
        raise make_unwritable_error(f"report folder {folder}", error) from error


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that a reader finds the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    # Half a surrogate pair, which some file may hold, is no text.
    new.write_bytes(text.encode("utf-8", "replace"))
    new.replace(path)


def read_report(given: Path) -> dict[str, Any]:
    """Returns the report in a file, or in the folder that holds it.

    Raises:
        GoldenError: there is none.
    """
    path = given / REPORT_FILE if given.is_dir() else given
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GoldenError(f"{given} is no report of the evals: {error}") from error
    if not isinstance(record, dict) or record.get("schema") != 1 or "cases" not in record:
        raise GoldenError(f"{given} is no report that this release reads")
    return record


def read_last_pairs(home: Path) -> list[dict[str, Any]]:
    """Returns the figures that ``assistant eval judge`` kept last; [] where it never ran."""
    try:
        found = json.loads((home / REPORTS_FOLDER / PAIRS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []


def keep_pairs(home: Path, figures: list[Mapping[str, Any]]) -> None:
    """Keeps the figures of labelled pairs, for every report from now on to carry.

    Raises:
        GoldenError: the home folder cannot be written.
    """
    path = home / REPORTS_FOLDER / PAIRS_FILE
    try:
        private.write_whole(path, json.dumps(figures, indent=1) + "\n")
    except OSError as error:
        raise make_unwritable_error(str(path), error) from error
