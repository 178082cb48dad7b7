"""What a soak reports: a table in Markdown, and a plot of what its processes took."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from assistant_evals.lab.soak_record import FAILURES, LIMITS, Record

_UNITS = {"memory": "MB", "descriptors": "open", "threads": "running", "disk": "MB"}


def write_table(record: Record) -> str:
    """Returns the counts, the growth and the verdict as Markdown."""
    minutes, growths = record.seconds / 60, list(record.measure_growth())
    n_unbounded = sum(not growth.is_bounded for growth in growths)
    passed = not record.n_failures and not n_unbounded
    lines = [
        f"# Soak of {minutes:.0f} minutes: {'passed' if passed else 'FAILED'}",
        "",
        f"{record.n_failures} failures; {n_unbounded} of {len(growths)} figures not bounded.",
        "",
        "| role | what happened | times |",
        "| --- | --- | ---: |",
        *(f"| {role} | {kind} | {n:,} |" for (role, kind), n in sorted(record.counts.items())),
        "",
        f"Of these must not happen: {', '.join(FAILURES)}.",
        "",
        "| role | measure | minutes | middle third | last third | most | bounded |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
        *(
            f"| {one.role} | {one.measure}, {_UNITS[one.measure]} | {one.minutes:.1f} "
            f"| {one.middle:.0f} | {one.last:.0f} | {one.most:.0f} "
            f"| {'yes' if one.is_bounded else 'NO'} |"
            for one in growths
        ),
        "",
        "Medians over the longest life of each role. Bounded: the last third takes no more than "
        + ", ".join(f"{limit:.0f} {_UNITS[name]} ({name})" for name, limit in LIMITS.items())
        + " above the middle one.",
        *(("", "First failures:", "") if record.details else ()),
        *(f"- {' '.join(detail.split())}" for detail in record.details),
    ]
    return "\n".join(lines) + "\n"


def has_passed(record: Record) -> bool:
    """Returns whether nothing failed and everything is bounded."""
    return not record.n_failures and all(one.is_bounded for one in record.measure_growth())


def write_plot(record: Record, file: Path) -> None:
    """Draws each measure over time, a line for each life of a role, into an HTML file."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=len(LIMITS), shared_xaxes=True, subplot_titles=list(LIMITS))
    samples = sorted(record.samples, key=lambda one: (one.role, one.life, one.seconds))
    for (role, life), of_life in groupby(samples, key=lambda one: (one.role, one.life)):
        points = list(of_life)
        for row, measure in enumerate(LIMITS, start=1):
            if measure in points[0].taken:
                line = go.Scatter(
                    x=[point.seconds / 60 for point in points],
                    y=[point.taken[measure] for point in points],
                    name=f"{role} {life}",
                    mode="lines",
                )
                figure.add_trace(line, row=row, col=1)
    figure.update_layout(
        height=300 * len(LIMITS), title=f"Soak of {record.seconds / 60:.0f} minutes"
    )
    figure.update_xaxes(title_text="minutes", row=len(LIMITS), col=1)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.write_html(file)
