"""What is made is its owner's alone, whatever the umask; what was made before can be closed."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli.user_settings import write_settings
from assistant.files.caches import connect_cache
from assistant.files.folders import close_home, find_home
from assistant.files.private import (
    close_to_others,
    is_open_to_others,
    make_file,
    make_folder,
    open_private,
    write_whole,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of files")


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["0", "022", "077"], autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_are_made_with_those_above_and_others_left_as_they_are(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    before = mode(there)
    make_folder(there / "a" / "b")
    make_folder(there / "a" / "b")
    assert [mode(there / "a"), mode(there / "a" / "b")] == [0o700, 0o700]
    assert mode(there) == before
    (there / "file").write_text("")
    with pytest.raises(OSError, match=r"exists|directory"):
        make_folder(there / "file")


def test_files_are_made_closed_and_kept(tmp_path: Path) -> None:
    with open_private(tmp_path / "a", "w", encoding="utf-8") as file:
        file.write("x")
    make_file(tmp_path / "b")
    write_whole(tmp_path / "c" / "d", "y")
    write_settings(tmp_path / "e" / "assistant.toml", {"llm": "none"})
    make_file(tmp_path / "a")
    assert (tmp_path / "a").read_text() == "x"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {mode(path) for path in files} == {0o600}
    assert {mode(tmp_path / "c"), mode(tmp_path / "e")} == {0o700}


def test_what_sqlite_makes_beside_a_cache_is_closed_too(tmp_path: Path) -> None:
    class Cache:
        pass

    cache = Cache()
    connection = connect_cache(cache, str(tmp_path / "cache.sqlite"), "t", "a INTEGER")
    with connection:
        connection.execute("INSERT INTO t VALUES (1)")
    names = {path.name: mode(path) for path in tmp_path.glob("cache*")}
    assert names.keys() >= {"cache.sqlite", "cache.sqlite-wal"}
    assert set(names.values()) == {0o600}
    connection.close()
    assert sqlite3.connect(tmp_path / "cache.sqlite").execute("SELECT a FROM t").fetchone() == (1,)


def test_a_tree_that_others_made_is_closed_and_links_are_not_followed(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    (tree / "a" / "file").write_text("x")
    (tree / "a" / "script").write_text("x")
    (tree / "a" / "script").chmod(0o755)
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o644)
    (tree / "link").symlink_to(outside)
    close_to_others(tree)
    assert mode(tree / "a" / "file") == 0o600
    assert mode(tree / "a" / "script") == 0o700
    assert not any(is_open_to_others(path) for path in (tree, tree / "a"))
    assert mode(outside) == 0o644


def test_only_the_home_folder_that_nobody_named_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if not find_home().is_relative_to(tmp_path):
        pytest.skip("this system's folder for data cannot be moved by a variable")
    close_home(find_home())
    for folder in (find_home(), tmp_path / "shared"):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        close_home(folder)
    assert mode(find_home()) == 0o700
    assert mode(tmp_path / "shared") == 0o755
