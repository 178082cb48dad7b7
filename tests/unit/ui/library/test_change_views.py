"""What a visitor is told of a change of the library."""

from __future__ import annotations

from typing import Any

import pytest
from assistant_ui.library.change_views import (
    MAX_LISTED,
    going_view,
    report_view,
    summary,
    view_end,
)

from assistant.reports import Copied, IngestReport, Skipped


def report(**outcomes: Any) -> dict[str, Any]:
    return IngestReport(**outcomes).to_dict()


def ids(count: int) -> tuple[str, ...]:
    return tuple(f"p{n}" for n in range(count))


@pytest.mark.parametrize(
    ("outcomes", "n_skipped", "sentence"),
    [
        ({"added": ids(1)}, 0, "Added 1 paper."),
        ({"added": ids(1200)}, 0, "Added 1,200 papers."),
        ({"added": ids(2), "updated": ids(1)}, 0, "Added 2 papers and updated 1 paper."),
        (
            {"added": ids(2), "updated": ids(3), "unchanged": ids(4)},
            5,
            "Added 2 papers, updated 3 papers, found 4 papers there already and skipped 5.",
        ),
        ({"unchanged": ids(1)}, 0, "Found 1 paper there already."),
        ({"added": ids(2), "n_copies": 1}, 0, "Added 2 papers and joined 1 copy."),
        ({"removed": ids(2)}, 0, "Removed 2 papers."),
        ({}, 2, "Skipped 2."),
        ({}, 0, "Nothing was changed: the files hold no papers."),
    ],
)
def test_the_summary_counts(outcomes: dict[str, Any], n_skipped: int, sentence: str) -> None:
    assert summary(report(**outcomes), n_skipped) == sentence


def test_files_that_were_not_read_come_before_records() -> None:
    made = report_view(
        report(added=ids(1), skipped=(Skipped("a.bib", 4, "has no title"),)),
        [Skipped("b.pdf", None, "is not read")],
        str.upper,
    )
    assert made["skipped"] == [
        {"file": "b.pdf", "line": None, "reason": "is not read"},
        {"file": "a.bib", "line": 4, "reason": "has no title"},
    ]
    assert made["n_skipped"] == 2
    assert made["lists"] == [{"name": "Added", "n": 1, "titles": ["P0"]}]
    assert made["changed"]
    assert not made["is_well"]


def test_long_lists_are_cut_and_counted() -> None:
    skipped = [Skipped("a.bib", n, "has no title") for n in range(MAX_LISTED + 7)]
    made = report_view(report(updated=ids(MAX_LISTED + 3)), skipped, str)
    assert (len(made["skipped"]), made["n_skipped"]) == (MAX_LISTED, MAX_LISTED + 7)
    assert (len(made["lists"][0]["titles"]), made["lists"][0]["n"]) == (MAX_LISTED, MAX_LISTED + 3)


def test_what_changed_nothing_is_no_change() -> None:
    assert not report_view(report(unchanged=ids(3)), [], str)["changed"]
    assert report_view(report(removed=ids(3)), [], str)["changed"]


def test_no_path_of_the_server_is_told() -> None:
    told = view_end("'/home/ann/.local/share/x' cannot be written", is_well=False)
    assert "/home" not in told["summary"]
    made = report_view(report(notices=("the cache '/home/ann/c.sqlite' is broken",)), [], str)
    assert made["notices"] == ["the cache 'c.sqlite' is broken"]


def test_progress_holds_what_the_bar_shows_and_no_more() -> None:
    message = {"stage": "adding", "done": 3, "total": 9, "settings": {"llm_api_key": "secret"}}
    assert going_view(message) == {"stage": "adding", "done": 3, "total": 9}


def test_copies_are_listed_with_the_papers_that_they_went_into() -> None:
    copies = (Copied("On Tea", "tea", "On Tea"), Copied("ON TEA.", "tea", "On Tea"))
    made = report_view(report(added=ids(1), copies=copies, n_copies=2), [], str)
    listed = {"name": "Copies", "n": 2, "titles": ["On Tea", "ON TEA. (joined to: On Tea)"]}
    assert made["lists"][-1] == listed
    assert made["is_well"]
