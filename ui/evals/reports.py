"""Reports of the evals: ``<home>/reports/<name>/report.html``, each a whole page by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse

REPORTS_FOLDER = "reports"
REPORT_PAGE = "report.html"
"""File and folder are those that ``assistant eval run`` writes."""

REPORTS_PATH = "/reports"
"""Where the server offers the reports; ``server.security`` says what a report may do."""


@dataclass(frozen=True, slots=True)
class EvalReport:
    """A report by the name of its folder, and when it was written."""

    name: str
    path: Path
    written: datetime


def list_reports(home: Path) -> list[EvalReport]:
    """Returns the reports under the home folder, the last one written first."""
    reports = []
    for path in (home / REPORTS_FOLDER).glob(f"*/{REPORT_PAGE}"):
        # One may be removed meanwhile.
        with suppress(OSError):
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            reports.append(EvalReport(path.parent.name, path, written))
    return sorted(reports, key=lambda report: (report.written, report.name), reverse=True)


def serve_reports(home: Path) -> Callable[[Request], FileResponse]:
    """Returns the endpoint of ``REPORTS_PATH/{name}``: no other files of the home folder."""

    def serve(request: Request) -> FileResponse:
        name = request.path_params["name"]
        for report in list_reports(home):
            if report.name == name:
                return FileResponse(report.path, media_type="text/html")
        raise HTTPException(404, f"There is no report {name[:80]!r} any more.")

    return serve
