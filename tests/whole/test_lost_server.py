"""A Chroma server that comes back empty, or with something else, is not taken for the library."""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.errors_shown import describe_error

from assistant import Assistant, Settings
from assistant.errors import AssistantError, DamagedLibraryError, LibraryError, StoreError
from assistant.store.library import LibraryStore
from assistant.store.opening import restore_from_mirror
from tests.chroma_process import ChromaProcess
from tests.made_library import N_PAPERS, assert_whole, fill

HERE = Path(__file__).parent
REMEDY = "assistant library restore --from-mirror --library made"
LAST_SEEN = rf"version 1 of library 'made' \({N_PAPERS} papers\) was last seen; .*`{REMEDY}`"


def list_files(home: Path) -> dict[Path, bytes]:
    """Returns what the mirrors hold, the locks aside."""
    files = [path for path in (home / "mirrors").rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in files if path.name not in ("lock", "fetching")}


def restore(store: LibraryStore, *, replace: bool = False) -> list[tuple[int, int]]:
    """Restores the library; returns what progress was told."""
    told: list[tuple[int, int]] = []
    n = restore_from_mirror(store, replace=replace, progress=lambda *now: told.append(now))
    assert n == N_PAPERS
    return told


@pytest.fixture
def filled(server: ChromaProcess, home: Path) -> Iterator[LibraryStore]:
    """A library on the server, mirrored here."""
    with server.store(home) as store:
        fill(store, range(N_PAPERS))
        assert_whole(store.snapshot())
        yield store


@pytest.fixture
def elsewhere(server: ChromaProcess, tmp_path: Path) -> Iterator[LibraryStore]:
    """The library of that name as another machine opens it."""
    with server.store(tmp_path / "there") as store:
        yield store


def refuse_all(server: ChromaProcess, home: Path, store: LibraryStore, has: str) -> None:
    """Asserts that reading and writing are refused, by a store that is open and by a new one."""
    kept = list_files(home)
    with server.store(home) as reopened:
        for each in (store, reopened):
            uses: list[Callable[[], object]] = [each.snapshot, each.writer, each.check]
            uses.append(functools.partial(each.reindex, lambda _: []))
            if "passages" not in has:  # It is there, if not whole.
                uses.append(each.exists)
            for use in uses:
                with pytest.raises(StoreError, match=f"{has}, where {LAST_SEEN}"):
                    use()
    assert list_files(home) == kept


def test_an_empty_server_is_refused_and_restored(
    server: ChromaProcess, home: Path, filled: LibraryStore
) -> None:
    digest = filled.snapshot().digest
    server.empty()
    refuse_all(server, home, filled, "has no such library")
    told = restore(filled)
    assert told[-1] == (2 * N_PAPERS, 2 * N_PAPERS)
    assert filled.snapshot().digest == digest
    assert_whole(filled.snapshot())
    with pytest.raises(LibraryError, match=r"nothing to restore: .* has library 'made' whole"):
        restore(filled)
    fill(filled, range(N_PAPERS + 1))
    assert filled.snapshot().n_papers == N_PAPERS + 1


def test_another_library_of_that_name_is_refused_and_not_replaced_unasked(
    server: ChromaProcess, home: Path, elsewhere: LibraryStore, filled: LibraryStore
) -> None:
    server.empty()
    fill(elsewhere, range(3))
    fill(elsewhere, range(4))
    refuse_all(server, home, filled, r"has another library of that name \(version 2\)")
    with pytest.raises(LibraryError, match=r"has another library .*add --replace"):
        restore(filled)
    assert elsewhere.snapshot().n_papers == 4
    restore(filled, replace=True)
    assert_whole(filled.snapshot())
    # Who saw the other library is told that it is gone.
    with pytest.raises(StoreError, match=r"another library of that name \(version 3\)"):
        elsewhere.snapshot()


def test_fewer_papers_are_refused_and_restored(
    server: ChromaProcess, home: Path, filled: LibraryStore
) -> None:
    client = server.client()
    (name,) = [c.name for c in client.list_collections() if "-v1-" in c.name]
    collection = client.get_collection(name)
    collection.delete(ids=collection.get(limit=5)["ids"])
    refuse_all(server, home, filled, f"holds {2 * N_PAPERS - 5} of {2 * N_PAPERS} passages")
    restore(filled)
    assert_whole(filled.snapshot())


def test_a_collection_that_is_gone_is_refused_and_restored(
    server: ChromaProcess, elsewhere: LibraryStore, filled: LibraryStore
) -> None:
    client = server.client()
    (name,) = [c.name for c in client.list_collections() if "-v1-" in c.name]
    client.delete_collection(name)
    with pytest.raises(StoreError, match=r"has lost the library's papers, where " + LAST_SEEN):
        filled.snapshot()
    with pytest.raises(StoreError, match=r"has lost .*restore .* on a machine that has read"):
        elsewhere.snapshot()
    restore(filled)
    assert_whole(filled.snapshot())


def test_passages_that_the_library_does_not_know_are_damage(
    server: ChromaProcess, filled: LibraryStore
) -> None:
    client = server.client()
    (name,) = [c.name for c in client.list_collections() if "-v1-" in c.name]
    collection = client.get_collection(name)
    found = collection.get(include=["embeddings", "metadatas"])
    collection.delete(ids=found["ids"])
    foreign = [f"x{i}" for i in found["ids"]]
    collection.add(ids=foreign, embeddings=found["embeddings"], metadatas=found["metadatas"])
    snapshot = filled.snapshot()
    with pytest.raises(DamagedLibraryError, match=r"Chroma has passage 'x.*library reindex"):
        snapshot.nearest(snapshot.vectors[0], 1)
    assert filled.check() != ()


def test_a_version_that_other_machines_know_of_is_restored_for_them_too(
    server: ChromaProcess, elsewhere: LibraryStore, filled: LibraryStore
) -> None:
    assert elsewhere.snapshot().n_papers == N_PAPERS
    server.empty()
    restore(filled)
    assert_whole(elsewhere.snapshot())
    # Newer papers of another machine are not undone.
    fill(elsewhere, range(N_PAPERS + 5))
    client = server.client()
    (name,) = [c.name for c in client.list_collections() if "-v3-" in c.name]
    client.delete_collection(name)
    with pytest.raises(LibraryError, match=r"has newer papers \(version 3 .*add --replace"):
        restore(filled)


def test_a_mirror_of_an_earlier_release_remembers_too(
    server: ChromaProcess, home: Path, filled: LibraryStore
) -> None:
    (memory,) = home.rglob("last_seen.json")
    memory.unlink()
    assert filled.exists()
    server.empty()
    with pytest.raises(StoreError, match="has no such library, where " + LAST_SEEN):
        filled.exists()
    restore(filled)
    assert_whole(filled.snapshot())


def test_a_first_use_that_was_killed_is_a_first_use(server: ChromaProcess, home: Path) -> None:
    command = [sys.executable, HERE / "one_writer.py", "hold", home, server.url]
    with subprocess.Popen(map(str, command), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.kill()
    with server.store(home) as store:
        assert not store.exists()
        fill(store, range(3))
        assert_whole(store.snapshot())


def test_a_killed_restoring_can_be_given_again(
    server: ChromaProcess, home: Path, filled: LibraryStore
) -> None:
    server.empty()
    code = (
        "import os, signal, sys\n"
        f"sys.path.insert(0, {str(HERE.parents[1])!r})\n"
        "from pathlib import Path\n"
        "from assistant.store.opening import open_store, restore_from_mirror\n"
        "from tests.made_library import DIM, EMBEDDER\n"
        f"store = open_store(Path({str(home)!r}), 'made', EMBEDDER, DIM,\n"
        f"    chroma_url={server.url!r})\n"
        "die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "restore_from_mirror(store, replace=False, progress=die)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], check=False)
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(StoreError, match="has no such library"):
        filled.snapshot()
    restore(filled)
    assert_whole(filled.snapshot())
    fill(filled, range(N_PAPERS + 1))
    names = [c.name for c in server.client().list_collections()]
    assert sum(name.startswith("made-v") for name in names) == 2
    assert "made-lock" not in names


def test_a_mirror_that_is_damaged_is_not_restored(
    server: ChromaProcess, home: Path, filled: LibraryStore
) -> None:
    server.empty()
    (records,) = home.rglob("papers.sqlite")
    records.write_bytes(b"?")
    with pytest.raises(LibraryError, match=r"no whole copy of library 'made' .*ingest its sources"):
        restore(filled)


def test_a_library_on_this_machine_has_nothing_to_restore(made: LibraryStore) -> None:
    with pytest.raises(LibraryError, match=r"kept on this machine.*ASSISTANT_CHROMA_URL"):
        restore(made)


def test_every_command_refuses_and_restoring_brings_the_papers_back(
    server: ChromaProcess,
    home: Path,
    tmp_path: Path,
    command: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", server.url)
    file = tmp_path / "tea.jsonl"
    file.write_text('{"id": "tea", "title": "On Tea", "abstract": "Tea is brewed from leaves."}\n')
    assert command("ingest", file).code == 0
    page = OpenLibrary(Settings())
    assert page.assistant.n_papers == 1
    server.empty()
    kept = list_files(home)
    for words in (
        ("ask", "What is tea brewed from?"),
        ("search", "tea"),
        ("ingest", file),
        *(("library", each) for each in ("list", "stats", "export", "reindex")),
        ("library", "show", "tea"),
        ("library", "remove", "tea", "--yes"),
    ):
        ran = command(*words)
        assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1), words
        assert "has no such library, where version 1 of library 'default' (1 paper)" in ran.err
    assert list_files(home) == kept
    told = command("doctor")
    assert told.code == 1
    assert "FAIL  Chroma: the Chroma server at" in told.out
    for use in (Assistant.open, OpenLibrary):
        with pytest.raises(StoreError, match="has no such library"):
            use(Settings())
    with pytest.raises(StoreError) as refused:
        page.assistant.ask("What is tea brewed from?")
    page.assistant.close()
    said = describe_error(refused.value)
    assert "has no such library, where version 1 of library 'default' (1 paper)" in said
    assert str(home) not in said
    assert command("library", "restore").code == AssistantError.exit_code
    ran = command("library", "restore", "--from-mirror")
    assert ran.out == "1 paper of 'default' restored to the server, and checked there\n"
    assert command("library", "list").out.startswith("tea\t")
