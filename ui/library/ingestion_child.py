"""The process that changes the library: ``python -m assistant_ui.library.ingestion_child``.

It reads one line of JSON, the request of ``assistant_ui.library.changes``, and prints a line of
JSON for each step, at last a report or an error. It ends when its standard input does, so that it
never outlives the page.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from assistant import (
    Assistant,
    AssistantError,
    IngestReport,
    Paper,
    Settings,
    Skipped,
    UnreadableError,
    read_papers,
)

Tell = Callable[[dict[str, Any]], None]

GRACE_S = 5.0
"""Seconds to take away what was begun. Chroma keeps other code waiting for one call at most."""

STOPS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

_NICENESS = 10
_BETWEEN_TOLD_S = 0.1
"""Progress is told no oftener: papers that are known already pass by the thousand."""


class NamedFile(io.BytesIO):
    """A file under the name that its owner gave it, which reports and papers keep."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def main() -> int:
    """Returns the exit code: 0 where the last line is a report, 2 where it is an error."""
    tell = _teller()
    for sign in STOPS:
        signal.signal(sign, _stop)
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_page, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        tell({"report": change_library(request, tell).to_dict()})
    except AssistantError as error:
        tell({"error": str(error)})
        return AssistantError.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def change_library(request: Mapping[str, Any], tell: Tell) -> IngestReport:
    """Returns what was changed in the library as ``request`` asks; all of it or nothing.

    Raises:
        AssistantError: it could not be done; the library is as it was.
    """
    with Assistant.open(Settings(**request["settings"]), create=True) as assistant:
        if request["task"] == "remove":
            tell({"stage": "saving"})
            report = assistant.remove(*request["paper_ids"])
        else:
            report = _ingest_files(assistant, request, tell)
        return replace(report, notices=(*assistant.notices, *report.notices))


def _ingest_files(assistant: Assistant, request: Mapping[str, Any], tell: Tell) -> IngestReport:
    tell({"stage": "reading"})
    skipped: list[Skipped] = []
    notices: list[str] = []
    papers: list[Paper] = []
    keep = bool(request.get("keep_without_abstract"))
    for file in request["files"]:
        try:
            items = list(_read(file, notices.append, keep))
        except UnreadableError as error:
            # That one of several files cannot be read is told; the others are taken.
            skipped.append(Skipped(file["name"], None, error.reason, None))
            continue
        papers.extend(item for item in items if isinstance(item, Paper))
        skipped.extend(item for item in items if isinstance(item, Skipped))
    report = IngestReport()
    if papers:
        report = assistant.ingest(papers, progress=_progress(tell))
    return replace(
        report,
        skipped=(*skipped, *report.skipped),
        notices=(*dict.fromkeys(notices), *report.notices),
    )


def _read(
    file: Mapping[str, str], notify: Callable[[str], None], keep_without_abstract: bool
) -> Iterator[Paper | Skipped]:
    try:
        content = Path(file["path"]).read_bytes()
    except OSError as error:
        raise UnreadableError(file["name"], "did not arrive; upload it again") from error
    return read_papers(
        NamedFile(file["name"], content),
        notify=notify,
        limited=True,
        keep_without_abstract=keep_without_abstract,
    )


def _progress(tell: Tell) -> Callable[[int, int | None], None]:
    told_at = 0.0

    def progress(n_done: int, n_total: int | None) -> None:
        nonlocal told_at
        is_all = n_done == n_total
        if is_all or time.monotonic() - told_at >= _BETWEEN_TOLD_S:
            told_at = time.monotonic()
            tell({"stage": "saving" if is_all else "adding", "done": n_done, "total": n_total})

    return progress


def _teller() -> Tell:
    """Returns what prints a line; whatever else prints goes to standard error from now on."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    return tell


def _stop(signum: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + signum)


def _end_with_the_page() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
