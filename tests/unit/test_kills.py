"""What killing writers reports, and how the system calls to kill at are chosen."""

from __future__ import annotations

import pytest

from tests.whole.kills import bound_rate, is_failed, write_report
from tests.whole.traced_calls import list_calls

TRACE = """\
openat(AT_FDCWD, "a", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "b", O_RDWR|O_CREAT, 0644) = 4
[pid    12] pwrite64(4, "x", 1, 0) = 1
[pid    13] pwrite64(4, "x", 1, 0) = 1
[pid    12] pwrite64(4, "y", 1, 1 <unfinished ...>
[pid    13] rename("new", "current") = 0
[pid    12] <... pwrite64 resumed>) = 1
"""


def test_calls_are_counted_in_their_own_thread_and_reads_are_left_out() -> None:
    assert list_calls(TRACE) == {"openat": [2], "pwrite64": [1, 1, 2], "rename": [1]}


def test_without_a_failure_the_bound_is_the_rule_of_three() -> None:
    assert bound_rate(0, 500) == pytest.approx(3 / 500, rel=0.01)
    assert bound_rate(1, 500) > 4.5 / 500
    assert bound_rate(5, 5) == 1.0


def test_the_report_counts_kills_that_hit_alone() -> None:
    fine = {"mode": "calls", "killed": True, "completed": True, "versions": 1}
    outcomes = [
        {**fine, "state": "old"},
        {**fine, "state": "new"},
        {**fine, "state": "old", "killed": False},
        {**fine, "state": "old", "mode": "random"},
        {"mode": "random", "killed": True, "state": "lost", "error": "paper 3"},
        {"mode": "random", "killed": True, "state": "unreadable", "error": "damaged"},
        {"mode": "random", "killed": True, "state": "broken", "status": 9},
    ]
    report = write_report(outcomes)
    assert "| a system call | 2 | 1 | 1 | 0 | 0 |" in report
    assert "| a random time | 4 | 1 | 0 | 1 | 2 |" in report
    assert "6 kills that hit. Papers lost: 1, at most" in report
    assert "cannot be read or written on: 2, at most" in report
    assert [is_failed(outcome) for outcome in outcomes] == [False] * 4 + [True] * 3
