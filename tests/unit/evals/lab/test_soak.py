"""What a soak calls lost, swapped, misquoted, not whole, and unbounded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from assistant_evals.lab.soak_papers import (
    Ledger,
    find_edition,
    judge_answer,
    list_numbers,
    write_abstract,
    write_title,
)
from assistant_evals.lab.soak_record import Record, Sample, read_disk, read_process
from assistant_evals.lab.soak_report import has_passed, write_plot, write_table


def quote(number: int, edition: int, length: int = 40) -> dict[str, Any]:
    text = write_abstract(number, edition)[:length]
    cited = {"title": write_title(number), "quote": text, "start": 0, "end": length, "sentence": 1}
    return {"text": text, "citations": [cited]}


def changed(number: int, edition: int) -> dict[str, Any]:
    """Returns a quote of what differs from edition to edition."""
    return quote(number, edition, len(write_abstract(number, edition)))


@pytest.mark.parametrize(
    ("sentences", "outcome"),
    [
        ([changed(3, 4)], "answered"),
        ([changed(3, 5)], "answered"),
        ([changed(3, 4), changed(9, 4)], "answered"),
        ([], "lost"),
        ([{"text": "It is salty.", "citations": []}], "lost"),
        ([changed(9, 4)], "swapped"),
        ([changed(3, 3)], "misquoted"),
        ([changed(3, 4), changed(9, 5)], "misquoted"),
        ([{"text": "", "citations": [{**changed(3, 4)["citations"][0], "start": 1}]}], "misquoted"),
    ],
)
def test_what_became_of_an_answer(sentences: list[dict[str, Any]], outcome: str) -> None:
    assert judge_answer(3, {"sentences": sentences}, [4, 5]) == outcome


def test_a_library_is_one_edition_or_not_whole() -> None:
    whole = {write_title(n): write_abstract(n, 2) for n in list_numbers(2)}
    assert find_edition(whole, [1, 2]) == 2
    assert find_edition(whole, [1]) is None
    assert find_edition({**whole, write_title(0): write_abstract(0, 1)}, [1, 2]) is None
    assert find_edition(dict(list(whole.items())[1:]), [1, 2]) is None


def test_the_ledger_outlives_its_writer(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.json")
    assert (ledger.begun, ledger.done) == (0, 0)
    ledger.begin(1)
    ledger.finish(1)
    ledger.begin(2)
    again = Ledger(tmp_path / "ledger.json")
    assert (again.begun, again.done) == (2, 1)


def record_of(*memory: float) -> Record:
    record = Record()
    record.samples = [Sample(60.0 * n, "reader", 1, {"memory": mb}) for n, mb in enumerate(memory)]
    return record


def test_growth_is_judged_after_the_first_third(tmp_path: Path) -> None:
    warming = record_of(100, 300, 500, 500, 510, 505, 500, 505, 510)
    assert has_passed(warming)
    growing = record_of(100, 200, 300, 400, 500, 600, 700, 800, 900)
    assert not has_passed(growing)
    (growth,) = growing.measure_growth()
    assert (growth.middle, growth.last, growth.most) == (500, 800, 900)
    table = write_table(growing)
    assert table.startswith("# Soak of 0 minutes: FAILED\n")
    assert "| reader | memory, MB | 8.0 | 500 | 800 | 900 | NO |" in table
    write_plot(growing, tmp_path / "build" / "soak.html")
    assert "reader 1" in (tmp_path / "build" / "soak.html").read_text(encoding="utf-8")


def test_one_failure_fails_it_and_one_who_met_nobody_does_not() -> None:
    record = Record()
    record.add("page", "answered")
    record.add("page", "away", "refused")
    assert has_passed(record)
    record.add("page", "swapped", "3: another lake")
    assert not has_passed(record)
    assert "page, swapped: 3: another lake" in write_table(record)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="read from /proc")
def test_what_this_process_takes(tmp_path: Path) -> None:
    import os

    taken = read_process(os.getpid())
    assert taken is not None
    assert min(taken.values()) >= 1
    (tmp_path / "file").write_bytes(b"x" * 2_000_000)
    assert read_disk(tmp_path)["disk"] >= 2
    assert read_process(2**22 + 1) is None
