"""Whether a Chroma server has what was last seen there, decided without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.store.last_seen import LastSeen, Pointer, find_mismatch, read_last_seen

SEEN = LastSeen(5, 20, "made-v5-a", "ours")


@pytest.mark.parametrize(
    ("seen", "pointer"),
    [
        (None, None),
        (None, Pointer(3, "made-v3-a", "", "theirs")),
        (LastSeen(0), None),
        (LastSeen(0), Pointer(1, "made-v1-a")),
        (SEEN, Pointer(5, "made-v5-a", "", "ours")),
        (SEEN, Pointer(9, "made-v9-a", "", "ours")),
        # An earlier release writes no lineage.
        (SEEN, Pointer(6, "made-v6-a", "made-v5-a", "")),
        (LastSeen(5, 20), Pointer(5, "made-v5-b")),
    ],
)
def test_a_new_server_or_a_newer_version_is_no_mismatch(
    seen: LastSeen | None, pointer: Pointer | None
) -> None:
    assert find_mismatch(seen, pointer) is None


@pytest.mark.parametrize(
    ("pointer", "told"),
    [
        (None, "has no such library"),
        (Pointer(9, "made-v9-a", "", "theirs"), "has another library of that name (version 9)"),
        (Pointer(5, "made-v5-b", "", ""), "has another library of that name (version 5)"),
        (Pointer(5, "made-v5-b", "", "ours"), "has another version 5 of it"),
        (Pointer(4, "made-v4-a", "", "ours"), "has its older version 4"),
        (Pointer(4, "made-v4-a"), "has its older version 4"),
    ],
)
def test_what_a_server_has_instead_is_named(pointer: Pointer | None, told: str) -> None:
    assert find_mismatch(SEEN, pointer) == told


def test_what_was_seen_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "made" / "last_seen.json"
    assert read_last_seen(path) is None
    SEEN.write(path)
    assert read_last_seen(path) == SEEN
    assert [file.name for file in path.parent.iterdir()] == ["last_seen.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"version": "5"}', '{"n_papers": 5}', "\0"])
def test_a_damaged_memory_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "last_seen.json"
    path.write_text(text)
    assert read_last_seen(path) is None
