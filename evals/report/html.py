"""A report of the evals as one page that opens from a file, with no network and no server.

The page's script draws it from the report's JSON; what papers, models and people wrote reaches the
document as text only.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

_STYLES = ("page.css", "plots.css", "cases.css")
_SCRIPTS = ("dom.js", "plots.js", "cases.js", "page.js")
"""The parts of the page's script, in the order they need one another."""


def render_html(report: dict[str, Any]) -> str:
    """Returns the report as an HTML page that holds its own style, script and data.

    Raises:
        ValueError: a number of the report is infinite or none at all.
    """
    script = "\n".join(_part(name) for name in _SCRIPTS)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    suite = (report.get("suite") or {}).get("name") or ""
    day = str(report.get("created") or "")[:10]
    return Template(_part("page.html")).substitute(
        title=escape(" ".join(f"Evals {suite} {day}".split())),
        policy=policy,
        style="\n".join(_part(name) for name in _STYLES),
        report=embed_json(report),
        script=script,
    )


def embed_json(report: dict[str, Any]) -> str:
    """Returns the report as JSON that can stand in a ``<script>``: ASCII without any '<'.

    Source: HTML Living Standard, "Restrictions for contents of script elements".
    """
    text = json.dumps(report, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _part(name: str) -> str:
    return (files("assistant_evals.report") / "report_page" / name).read_text(encoding="utf-8")
