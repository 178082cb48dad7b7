"""A report of the evals as Markdown, for the summary of a CI job or a comment on a pull request.

What papers, models and people wrote shows as the text it is: it breaks no table, links to nothing
and calls nobody.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from assistant_evals.report.records import PART_VALUES

MAX_CASES = 20
"""Failed cases that are listed."""

MAX_BREACHES = 20
MAX_FLIPPED = 10
"""Cases named with a breach."""

MAX_FAILURES = 3
"""Reasons given with a failed case."""

MAX_TEXT = 240
"""Characters of one text that somebody wrote."""

MAX_LIST = 40_000
"""Characters of the list of failed cases; GitHub takes comments of up to 65,536."""

GROUPS = {
    "retrieval": "Retrieval",
    "citations": "Citations",
    "groundedness": "Groundedness",
    "facts": "Facts",
    "abstention": "Abstention",
    "injection": "Injection",
    "cost": "Cost",
}
"""The groups of metrics in the order they are shown, with their titles; others come after."""

_PAIR_FIGURES = ("roc_auc", "balanced_accuracy", "kappa", "threshold", "ece")
_PLACES = {"share": 3, "per 100 sentences": 2, "USD": 4}
_WHOLE_FROM = 100
"""Tokens and milliseconds from here on are shown without a fraction."""

# Controls, and the signs that turn the direction of writing: neither shows, both mislead.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKUP = re.compile(r"[&<>|`*_~\\\[\]]")
# A mention or an address, the number of an issue, and a link: none where a break follows.
_CALLS = re.compile(r"@|#|:(?=//)|www(?=\.)|\bgh-", re.I)
_COMMITS = re.compile(r"\b([0-9a-f]{6})([0-9a-f]+)\b", re.I)
_BREAK = "&#8203;"
"""A space of no width: GitHub looks for mentions and links after it has read the escapes."""


def render_markdown(report: dict[str, Any]) -> str:
    """Returns the report as Markdown: the gate's verdict, the metrics, and what failed."""
    blocks = [
        *_gate(report),
        "### Metrics",
        _metrics(report),
        *_parts(report),
        *_trust(report.get("trust") or {}),
        *_failed(report),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escape(text: object, limit: int = MAX_TEXT) -> str:
    """Returns ``text`` as one line of Markdown that shows it, cut at ``limit``, and does nothing.

    Source: CommonMark 0.31.2, section 2.5: character references never stand for structure. The
    dollar sign as GitHub's "Writing mathematical expressions" has it.
    """
    line = " ".join(_CONTROLS.sub(" ", "" if text is None else str(text)).split())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    parts = []
    for part in re.split(r"(\$)", _COMMITS.sub("\\1\x00\\2", _CALLS.sub("\\g<0>\x00", line))):
        escaped = _MARKUP.sub(lambda sign: f"&#{ord(sign.group())};", part)
        parts.append("<span>$</span>" if part == "$" else escaped)
    return "".join(parts).replace("\x00", _BREAK)


def format_number(value: object, unit: str = "share") -> str:
    """Returns a figure with as many places as its unit needs, '–' where there is none."""
    if not is_number(value):
        return "–"
    number = float(value)  # type: ignore[arg-type]
    small = 0 if abs(number) >= _WHOLE_FROM else 1
    places = small if unit in ("tokens", "ms") else _PLACES.get(unit, 2)
    return f"{number:,.{places}f}".replace("-", "−")


def is_number(value: object) -> bool:
    """Returns whether ``value`` is a figure that can be shown."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def format_bound(metric: dict[str, Any]) -> str:
    """Returns 'at least 0.900', 'at most 0.050' where lower is better, '' without a floor."""
    if not is_number(metric.get("floor")):
        return ""
    side = "at least" if metric.get("higher_is_better", True) else "at most"
    return f"{side} {format_number(metric['floor'], metric.get('unit') or 'share')}"


def format_title(metric: dict[str, Any]) -> str:
    """Returns the metric's title, with its unit where that is no share."""
    named = str(metric.get("title") or metric.get("name") or "")
    unit = metric.get("unit") or "share"
    return named if unit == "share" else f"{named} ({unit})"


def _gate(report: dict[str, Any]) -> Iterator[str]:
    gate = report.get("gate")
    breaches = (gate or {}).get("breaches") or []
    if gate is None:
        yield "## Evals: no gate"
        yield "Nothing was asked of this run, so nothing of it could fail."
    elif gate.get("passed"):
        yield "## ✅ Evals passed"
    else:
        yield f"## ❌ Evals failed: {_count(len(breaches), 'breach', 'breaches')}"
    lines = [_breach(breach) for breach in breaches[:MAX_BREACHES]]
    if len(breaches) > MAX_BREACHES:
        lines.append(f"- and {len(breaches) - MAX_BREACHES:,} more")
    yield "\n".join(lines)
    yield from (f"Note: {escape(note)}" for note in (gate or {}).get("notes") or [])
    yield _facts(report)


def _breach(breach: dict[str, Any]) -> str:
    ids = breach.get("cases") or []
    line = f"- ❌ {escape(breach.get('message') or breach.get('metric'))}"
    if ids:
        named = ", ".join(_id(each) for each in ids[:MAX_FLIPPED])
        more = f" and {len(ids) - MAX_FLIPPED:,} more" if len(ids) > MAX_FLIPPED else ""
        line += f" Cases: {named}{more}"
    return line


def _facts(report: dict[str, Any]) -> str:
    suite, library = report.get("suite") or {}, report.get("library") or {}
    cases = report.get("cases") or []
    n_failed = sum(not case.get("passed") for case in cases)
    model, judge = report.get("model"), report.get("judge")
    times = report.get("times") or {}
    facts = [
        f"{n_failed:,} of {_count(len(cases), 'case')} failed",
        f"suite {escape(suite.get('name'))}",
        f"library {escape(library.get('name'))}, {_count(library.get('n_papers'), 'paper')}",
        f"answers by {escape(model)}" if model else "answers are quotations",
        f"judged by {escape(judge)}" if judge else "",
        f"seed {escape(report.get('seed'))}",
        f"{format_number(times['seconds'], 'ms')} s" if is_number(times.get("seconds")) else "",
        escape(format_time(report.get("created"))),
    ]
    return " · ".join(fact for fact in facts if fact)


def format_time(created: object) -> str:
    """Returns '26 November 2026, 05:00 UTC'; the text itself where it is no moment."""
    try:
        moment = datetime.fromisoformat(str(created))
    except ValueError:
        return str(created or "")
    zone = f" {moment.tzname()}" if moment.tzinfo else ""
    return f"{moment.day} {moment:%B %Y, %H:%M}{zone}"


def group_metrics(metrics: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Returns the metrics under the titles of their groups."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for metric in metrics:
        found.setdefault(str(metric.get("group") or "other"), []).append(metric)
    return [(GROUPS.get(name, name.capitalize()), each) for name, each in found.items() if each]


def _metrics(report: dict[str, Any]) -> str:
    lines = []
    for group, metrics in group_metrics(report.get("metrics") or []):
        lines.append(_row(f"**{escape(group)}**", "", "", "", "", ""))
        for metric in metrics:
            unit = metric.get("unit") or "share"
            lines.append(
                _row(
                    escape(format_title(metric)),
                    format_number(metric.get("mean"), unit),
                    _interval(metric, unit),
                    _counts(metric),
                    format_bound(metric) or "–",
                    _verdict(metric),
                )
            )
    if not lines:
        return "Nothing was measured."
    return _table(("Measure", "Value", "95 % interval", "n", "Floor", "Verdict"), lines, "lrrrll")


def _interval(metric: dict[str, Any], unit: str = "share") -> str:
    if not (is_number(metric.get("low")) and is_number(metric.get("high"))):
        return "–"
    return f"{format_number(metric['low'], unit)} to {format_number(metric['high'], unit)}"


def _counts(metric: dict[str, Any]) -> str:
    notes = []
    if metric.get("n_inapplicable"):
        notes.append(f"{metric['n_inapplicable']:,} not applicable")
    if metric.get("n_errors"):
        notes.append(_count(metric["n_errors"], "error"))
    return f"{metric.get('n') or 0:,}" + (f" ({', '.join(notes)})" if notes else "")


def _verdict(metric: dict[str, Any]) -> str:
    if not is_number(metric.get("floor")):
        seen = metric.get("seen")
        return "➖ no floor" if seen is None else "✅ seen" if seen else "➖ not seen"
    if metric.get("passed") is None:
        return "❔ not judged"
    return "✅ passed" if metric["passed"] else "❌ failed"


def _parts(report: dict[str, Any]) -> Iterator[str]:
    parts = report.get("parts") or []
    if not parts:
        return
    yield "### Sets and kinds of cases"
    rows = [
        _row(
            escape(part.get("set")),
            escape(part.get("kind")),
            f"{part.get('n_passed') or 0:,} of {part.get('n') or 0:,}",
            f"{part.get('n_errors') or 0:,}",
            *(format_number((part.get("means") or {}).get(name)) for name in PART_VALUES),
        )
        for part in parts
    ]
    heads = ("Set", "Kind", "Passed", "Errors", *map(escape, PART_VALUES.values()))
    yield _table(heads, rows, f"llrr{'r' * len(PART_VALUES)}")


def _trust(trust: dict[str, Any]) -> Iterator[str]:
    mutations, pairs = trust.get("mutations") or [], trust.get("pairs") or []
    agreement, unseen = trust.get("agreement"), trust.get("unseen") or []
    if not (mutations or pairs or agreement or unseen):
        return
    yield "### How far the judge can be trusted"
    if mutations:
        yield "How well its scores tell sound sentences from the same ones spoilt:"
        rows = [
            _row(
                escape(each.get("title") or each.get("name")),
                format_number(each.get("auc")),
                _interval(each),
                format_number(each.get("kept")),
                f"{each.get('n') or 0:,}",
                format_bound(each) or "–",
                _verdict(each),
            )
            for each in mutations
        ]
        marks = ("Mutation", "AUC", "95 % interval", "Let pass", "n")
        yield _table((*marks, "Floor", "Verdict"), rows, "lrrrrll")
    if pairs:
        yield "How well it agrees with sentences that people labelled:"
        rows = [_pair(each) for each in pairs]
        heads = ("Pairs", "n", "ROC AUC", "Balanced accuracy", "κ", "Threshold", "ECE")
        yield _table((*heads, "Measured"), rows, "lrrrrrrl")
    if agreement:
        yield (
            f"Agreement with {escape(agreement.get('judge'))}: Cohen’s κ "
            f"{format_number(agreement.get('kappa'))} over "
            f"{_count(agreement.get('n'), 'sentence')}, "
            f"{_count(agreement.get('n_errors'), 'error')}."
        )
    if unseen:
        yield "What it does not see, or lets pass:"
        yield "\n".join(f"- {escape(sentence)}" for sentence in unseen)


def _pair(pair: dict[str, Any]) -> str:
    return _row(
        escape(pair.get("name")),
        f"{pair.get('n') or 0:,}",
        *(format_number(pair.get(name)) for name in _PAIR_FIGURES),
        escape(format_time(pair.get("when"))) or "in this run",
    )


def _failed(report: dict[str, Any]) -> Iterator[str]:
    cases = [case for case in report.get("cases") or [] if not case.get("passed")]
    if not cases:
        return
    lines: list[str] = []
    for case in cases[:MAX_CASES]:
        line = _case(case)
        if sum(map(len, lines)) + len(line) > MAX_LIST:
            break
        lines.append(line)
    if len(lines) < len(cases):
        lines.append(f"- and {len(cases) - len(lines):,} more")
    summary = _count(len(cases), "case")
    yield f"<details>\n<summary>{summary} failed</summary>"
    yield "\n".join(lines)
    yield "</details>"


def _case(case: dict[str, Any]) -> str:
    failures = case.get("failures") or []
    reasons = [f"Error: {case['error']}"] if case.get("error") else []
    reasons += [str(failure) for failure in failures[:MAX_FAILURES]]
    if len(failures) > MAX_FAILURES:
        reasons.append(f"and {len(failures) - MAX_FAILURES:,} more")
    why = " ".join(escape(reason) for reason in reasons) or "the report does not say why"
    return (
        f"- {_id(case.get('id'))} ({escape(case.get('kind'))}) {escape(case.get('question'))}  \n"
        f"  {why}"
    )


def _id(case_id: object) -> str:
    return f"<code>{escape(case_id)}</code>"


def _table(heads: tuple[str, ...], rows: list[str], align: str) -> str:
    rules = (":--" if side == "l" else "--:" for side in align)
    return "\n".join([_row(*heads), _row(*rules), *rows])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _count(number: object, noun: str, plural: str = "") -> str:
    n = number if isinstance(number, int) else 0
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"
