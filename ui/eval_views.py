"""Reports of the evals as JSON for the browser: what ``static/evals.js`` draws."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from assistant_ui.errors_shown import without_paths
from assistant_ui.eval_reports import Case, Metric, Report, Reports
from assistant_ui.turn_view import sentence_view

from assistant.answers import Answer
from assistant.errors import QuestionError

_PLACES = frozenset({"home"})
"""Settings that say where on the server something lies, and are not shown."""


def reports_view(found: Reports, name: str) -> dict[str, Any]:
    """Returns the list of reports, and the one of that ``name``, else the newest, as JSON types."""
    shown = found.named(name)
    return {
        "faults": list(found.faults),
        "reports": [
            {"name": each.name, "title": f"{each.name}, {when(each.report.created)}"}
            for each in found.reports
        ],
        "current": shown.name if shown else "",
        "report": report_view(shown.report) if shown else None,
    }


def report_view(report: Report) -> dict[str, Any]:
    """Returns a report as JSON types: its metrics and failed cases, without their answers."""
    failed = [case for case in report.cases if not case.passed]
    return {
        "facts": facts(report),
        "settings": [
            [key, shown_setting(value)]
            for key, value in sorted(report.settings.items())
            if key not in _PLACES and value is not None
        ],
        "metrics": [metric_view(metric) for metric in report.metrics],
        "n_cases": len(report.cases),
        "failures": [
            {"id": case.id, "kind": case.kind, "question": case.question} for case in failed
        ],
    }


def facts(report: Report) -> list[str]:
    """Returns what was measured, in a few words each."""
    library = report.library
    return [
        when(report.created),
        f"library {library.name}, {library.n_papers:,} papers, digest {library.digest[:12]}",
        f"answers by {shown_setting(report.model)}" if report.model else "answers are quotations",
        f"seed {report.seed}",
    ]


def metric_view(metric: Metric) -> dict[str, Any]:
    """Returns a metric as JSON types: its figures as text, and their places on its bar, [0, 1]."""
    low, high = scale(metric)
    width = high - low

    def place(value: float | None) -> float | None:
        return None if value is None else round((value - low) / width, 4)

    return {
        "name": metric.name,
        "title": metric.title,
        "mean": "–" if metric.mean is None else figure(metric.mean),
        "interval": "" if None in (metric.low, metric.high) else interval(metric),
        "counts": counts(metric),
        "verdict": verdict(metric),
        "passed": metric.passed,
        "scale": [figure(low), figure(high)],
        "at": place(metric.mean),
        "from": place(metric.low),
        "to": place(metric.high),
        "floor": place(metric.floor),
    }


def scale(metric: Metric) -> tuple[float, float]:
    """Returns the ends of a metric's bar: 0 and 1, or wider where its values are."""
    shown = (metric.mean, metric.low, metric.high, metric.floor)
    values = [value for value in shown if value is not None]
    return min([0.0, *values]), max([1.0, *values])


def interval(metric: Metric) -> str:
    """Returns '0.91 to 0.95'."""
    return f"{figure(metric.low or 0.0)} to {figure(metric.high or 0.0)}"


def figure(value: float) -> str:
    """Returns a figure with as many places as matter: '0.93', '12.5', '1,234'."""
    places = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:,.{places}f}".replace("-", "−")


def counts(metric: Metric) -> str:
    """Returns '245 cases, 3 not applicable, 1 error'."""
    parts = [_count(metric.n, "case")]
    if metric.n_inapplicable:
        parts.append(f"{metric.n_inapplicable:,} not applicable")
    if metric.n_errors:
        parts.append(_count(metric.n_errors, "error"))
    return ", ".join(parts)


def verdict(metric: Metric) -> str:
    """Returns whether the metric is where it must be, '' where nothing is asked of it."""
    if metric.floor is None:
        return ""
    bound = f"{'at least' if metric.higher_is_better else 'at most'} {figure(metric.floor)}"
    if metric.passed is None:
        return f"must be {bound}; not judged"
    return f"{'passed' if metric.passed else 'failed'}: must be {bound}"


def case_view(case: Case) -> dict[str, Any]:
    """Returns a case with its answer as JSON types."""
    return {
        "id": case.id,
        "kind": case.kind,
        "question": case.question,
        "failures": [without_paths(failure) for failure in case.failures],
        **answer_view(case.answer),
    }


def answer_view(record: dict[str, Any] | None) -> dict[str, Any]:
    """Returns the answer of a case: sentences with verdicts and quotes, or what it said instead.

    ``note`` says why there is none.
    """
    if record is None:
        return {"said": "", "sentences": [], "note": "There was no answer."}
    try:
        answer = Answer.from_dict(record)
    except QuestionError:
        return {"said": "", "sentences": [], "note": "The answer in the report cannot be read."}
    return {
        "said": answer.text if answer.abstained or not answer.sentences else "",
        "sentences": []
        if answer.abstained
        else [
            {
                **sentence_view(index, sentence),
                "quotes": [
                    {"label": quote.label, "title": quote.title, "quote": quote.quote}
                    for quote in sentence.citations
                ],
            }
            for index, sentence in enumerate(answer.sentences)
        ],
        "note": "It declined to answer." if answer.abstained else "",
    }


def shown_setting(value: object) -> str:
    """Returns a setting as text, files by their names only."""
    provider, colon, name = str(value).partition(":")
    if provider == "gguf" and colon:
        kind = PureWindowsPath if "\\" in name else PurePosixPath
        return f"{provider}:{kind(name).name}"
    return without_paths(str(value))


def when(moment: datetime) -> str:
    """Returns '4 March 2026, 05:06 UTC'."""
    zone = f" {moment.tzname()}" if moment.tzinfo else ""
    return f"{moment.day} {moment:%B %Y, %H:%M}{zone}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
