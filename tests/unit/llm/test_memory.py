"""How much memory is free, by the system and by a container's limit."""

from __future__ import annotations

from pathlib import Path

from assistant.llm.memory import available_memory

MEMINFO = "MemTotal:       24684000 kB\nMemAvailable:       2048 kB\nCached: 1 kB\n"


def test_what_the_system_says(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text(MEMINFO)
    assert available_memory(tmp_path / "meminfo", tmp_path) == 2048 * 1024


def test_a_container_may_have_less(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text(MEMINFO)
    (tmp_path / "memory.current").write_text("1000\n")
    for limit, free in (("5000", 4000), ("900", 0), ("max", 2048 * 1024)):
        (tmp_path / "memory.max").write_text(f"{limit}\n")
        assert available_memory(tmp_path / "meminfo", tmp_path) == free


def test_systems_that_do_not_say(tmp_path: Path) -> None:
    assert available_memory(tmp_path / "meminfo", tmp_path) is None
    (tmp_path / "meminfo").write_text("MemTotal: 1 kB\n")
    assert available_memory(tmp_path / "meminfo", tmp_path) is None
