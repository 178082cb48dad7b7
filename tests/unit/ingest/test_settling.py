"""Files are taken once they are still."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingest import settling
from assistant.ingest.settling import SETTLE_S, SettlingFiles


def test_a_file_is_taken_once_when_it_is_still() -> None:
    files, path = SettlingFiles(), Path("a.bib")
    path.write_text("x")
    files.note(path, 10.0)
    assert files.take(10.0) == []
    assert files.take(10.0 + SETTLE_S) == [path]
    assert files.take(99.0) == []


def test_a_file_that_grows_unannounced_is_waited_for() -> None:
    files, path = SettlingFiles(), Path("a.bib")
    path.write_text("x")
    files.note(path, 10.0)
    path.write_text("xy")
    assert files.take(12.0) == []
    assert files.take(12.0 + SETTLE_S / 2) == []
    assert files.take(12.0 + SETTLE_S) == [path]


def test_a_file_that_comes_back_is_not_gone() -> None:
    files, path = SettlingFiles(), Path("a.bib")
    files.note(path, 10.0)
    path.write_text("x")
    assert files.take(11.0) == []
    assert files.take(12.0) == [path]
    path.unlink()
    files.note(path, 20.0)
    assert files.take(21.0) == [path]


@given(st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 3)), max_size=30))
def test_none_is_taken_before_its_last_change_is_old(steps: list[tuple[int, int | None]]) -> None:
    stamps: dict[Path, tuple[int, int]] = {}
    path, now, changed_at = Path("a.bib"), 0.0, None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settling, "_stamp", stamps.get)
        files = SettlingFiles()
        for tenths, size in steps:
            now += tenths / 10
            if size is not None:
                stamps[path] = (size, 0)
                files.note(path, now)
                changed_at = now
            elif files.take(now):
                assert changed_at is not None
                assert now - changed_at >= SETTLE_S - 1e-9
                changed_at = None
        files.take(now + 2 * SETTLE_S)
        assert files.take(now + 3 * SETTLE_S) == []
