from __future__ import annotations

import pytest

from assistant.cli.progress import format_rate_and_time_left, show_progress


@pytest.mark.parametrize(
    ("n_done", "n_total", "elapsed_s", "shown"),
    [
        (0, 100, 3.0, ""),
        (5, None, 0.0, ""),
        (50, 100, 10.0, "5.0 papers/s, 0:00:10 left"),
        (50, None, 10.0, "5.0 papers/s"),
        (100, 100, 8.0, "12.5 papers/s, 0:00:00 left"),
        (1, 100_000, 2.0, "0.5 papers/s, 2 days, 7:33:18 left"),
    ],
)
def test_rate_and_time_left(n_done: int, n_total: int | None, elapsed_s: float, shown: str) -> None:
    assert format_rate_and_time_left(n_done, n_total, elapsed_s) == shown


def test_what_is_counted_has_its_name() -> None:
    assert format_rate_and_time_left(5, None, 1.0, "abstracts") == "5.0 abstracts/s"


def test_nothing_is_shown_where_no_one_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(shown=False) as progress:
        assert progress is None
    assert capsys.readouterr() == ("", "")
