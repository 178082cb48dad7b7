"""What a library must do wherever its vectors are kept: in a folder, or on a Chroma server."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import LibraryError, LockedError, QuestionError
from assistant.store.library import LibraryStore
from assistant.store.opening import open_store
from assistant.types import Filters
from tests.chroma_process import ChromaProcess
from tests.made_library import (
    DIM,
    EMBEDDER,
    assert_whole,
    fill,
    paper_of,
    passages_of,
    put,
    vector_of,
)

Open = Callable[..., LibraryStore]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    process = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    process.start()
    yield process
    process.kill()


@pytest.fixture(params=["folder", "server"])
def open_made(request: pytest.FixtureRequest, home: Path, server: ChromaProcess) -> Iterator[Open]:
    opened: list[LibraryStore] = []
    name = f"made.of-v1.{abs(hash(request.node.name)) % 10**9}"

    def open_made(embedder: str = EMBEDDER, dim: int | None = DIM) -> LibraryStore:
        url = server.url if request.param == "server" else None
        opened.append(open_store(home, name, embedder, dim, chroma_url=url))
        return opened[-1]

    yield open_made
    for store in opened:
        store.close()


def test_everything_put_comes_back(open_made: Open) -> None:
    store = open_made()
    fill(store, range(12))
    snapshot = open_made().snapshot()
    assert (snapshot.n_papers, snapshot.n_passages) == (12, 24)
    assert list(snapshot.papers()) == [paper_of(n) for n in range(12)]
    assert_whole(snapshot)
    assert snapshot.keys(3) == ("doi:10.1000/3",)
    assert [s.number for s in snapshot.sentences(3)] == [1, 2, 3]
    assert snapshot.lexical.score(["count"]).shape == (12,)
    assert store.check() == ()


def test_one_paper_is_a_library(open_made: Open) -> None:
    store = open_made()
    with store.writer() as writer:
        assert put(writer, paper_of(1)) == "added"
        writer.commit()
    assert_whole(store.snapshot())


def test_an_unchanged_paper_costs_nothing(open_made: Open) -> None:
    store = open_made()
    first = fill(store, range(5))
    digest = store.snapshot().digest
    with store.writer() as writer:
        moved = dataclasses.replace(paper_of(2), source="elsewhere.bib")
        assert writer.is_unchanged(moved)
        assert put(writer, moved) == "unchanged"
        assert writer.commit() == first
    assert store.snapshot().digest == digest


def test_a_source_and_keys_can_be_written_anew(open_made: Open) -> None:
    store = open_made()
    first = fill(store, range(5))
    with store.writer() as writer:
        moved = dataclasses.replace(paper_of(2), source="elsewhere.bib")
        passages = passages_of(moved)
        vectors = np.stack([vector_of(moved.title + one.text) for one in passages])
        assert writer.upsert(moved, passages, vectors, ["k"], anew=True) == "unchanged"
        assert writer.find_papers("k") == ("paper2",)
        assert writer.commit() != first
    snapshot = store.snapshot()
    assert (snapshot.paper(2), snapshot.keys(2)) == (moved, ("k",))
    assert snapshot.passages(2) == passages
    assert snapshot.nearest(vectors[0], 1)[1][0] > 0.999


def test_a_changed_paper_is_replaced_whole_and_in_place(open_made: Open) -> None:
    store = open_made()
    fill(store, range(30))
    with store.writer() as writer:
        assert put(writer, paper_of(2, edition=1)) == "updated"
        assert put(writer, paper_of(99)) == "added"
        assert writer.remove("paper4")
        assert not writer.remove("paper4")
        assert writer.paper("paper4") is None
        assert writer.paper("paper2") == paper_of(2, edition=1)
        writer.commit()
    snapshot = store.snapshot()
    assert snapshot.paper_ids[2:5] == ("paper2", "paper3", "paper5")
    assert snapshot.paper_ids[-1] == "paper99"
    assert snapshot.paper(2) == paper_of(2, edition=1)
    old = vector_of(paper_of(2).title + passages_of(paper_of(2))[0].text)
    assert snapshot.nearest(old, 1)[1][0] < 0.999
    assert_whole(snapshot)


def test_order_does_not_change_the_digest(open_made: Open) -> None:
    store = open_made()
    fill(store, range(6))
    digest = store.snapshot().digest
    with store.writer(replace=True) as writer:
        for number in reversed(range(6)):
            put(writer, paper_of(number))
        writer.commit()
    assert store.snapshot().paper_ids[0] == "paper5"
    assert store.snapshot().digest == digest


def test_a_duplicate_is_found_by_its_keys(open_made: Open) -> None:
    store = open_made()
    fill(store, range(3))
    with store.writer() as writer:
        put(writer, paper_of(7))
        assert writer.find_papers("doi:10.1000/2") == ("paper2",)
        assert writer.find_papers("doi:10.1000/7", limit=1) == ("paper7",)
        assert writer.keys("paper7") == ("doi:10.1000/7",)
        assert writer.keys_beginning("doi:10.1000/") == tuple(f"doi:10.1000/{n}" for n in range(3))
        assert writer.keys_beginning("doi;") == ()
        writer.remove("paper2")
        assert writer.find_papers("doi:10.1000/2") == writer.find_papers("doi:none") == ()
        assert writer.papers_of_source("made.bib") == ("paper0", "paper1", "paper7")


def test_what_is_not_committed_never_happened(open_made: Open) -> None:
    store = open_made()
    version = fill(store, range(3))

    def interrupted() -> None:
        with store.writer() as writer:
            put(writer, paper_of(8))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert store.snapshot().version == version
    assert [p.name for p in (store.folder / "versions").iterdir()] == [str(version)]
    fill(store, range(4))
    assert store.snapshot().n_papers == 4


def test_a_reader_keeps_its_version_until_it_asks_again(open_made: Open) -> None:
    writing, reading = open_made(), open_made()
    fill(writing, range(20))
    before = reading.snapshot()
    assert reading.snapshot() is before
    fill(writing, range(25))
    assert before.n_papers == 20
    assert_whole(before)
    after = reading.snapshot()
    assert after.version > before.version
    assert after.n_papers == 25


def test_a_second_writer_is_told_who_writes(open_made: Open) -> None:
    store, other = open_made(), open_made()
    with store.writer(), pytest.raises(LockedError, match=rf"being written by PID {os.getpid()}"):
        other.writer()
    with other.writer():
        pass


def test_no_library_is_not_an_empty_one(open_made: Open) -> None:
    store = open_made()
    assert not store.exists()
    with pytest.raises(LibraryError, match=r"no library 'made\.of-v1.*assistant ingest"):
        store.snapshot()


def test_another_embedder_is_refused_until_reindexed(open_made: Open) -> None:
    fill(open_made(), range(4))
    other = open_made("hash:2")
    for use in (other.snapshot, other.writer):
        with pytest.raises(LibraryError, match=r"built with 'hash:1'.*'hash:2'.*reindex"):
            use()
    with pytest.raises(LibraryError, match=r"32 dimensions.*64 dimensions"):
        open_made(EMBEDDER, 64).snapshot()
    done: list[tuple[int, int]] = []
    other.reindex(
        lambda papers: [
            (passages_of(p), np.stack([-vector_of(p.title + q.text) for q in passages_of(p)]))
            for p in papers
        ],
        lambda n, total: done.append((n, total)),
    )
    assert done == [(4, 4)]
    snapshot = other.snapshot()
    assert snapshot.manifest.embedder == "hash:2"
    assert list(snapshot.papers()) == [paper_of(n) for n in range(4)]
    assert snapshot.keys(1) == ("doi:10.1000/1",)


def test_an_emptied_library_has_no_results_but_is_one(open_made: Open) -> None:
    store = open_made()
    fill(store, range(2))
    with store.writer() as writer:
        writer.remove("paper0")
        writer.remove("paper1")
        writer.commit()
    snapshot = store.snapshot()
    assert snapshot.n_papers == 0
    assert snapshot.nearest(vector_of("anything"), 5)[0].size == 0
    fill(store, range(3))
    assert_whole(store.snapshot())


def test_nearest_agrees_with_exact_search(open_made: Open) -> None:
    store = open_made()
    fill(store, range(150))
    snapshot = store.snapshot()
    for number in range(20):
        query = vector_of(f"query {number}")
        rows, cosines = snapshot.nearest(query, 10)
        exact = snapshot.cosines(query)
        assert rows.tolist() == np.argsort(-exact)[:10].tolist()
        np.testing.assert_allclose(cosines, exact[rows], atol=1e-5)
    assert len(snapshot.nearest(query, 10**6)[0]) == snapshot.n_passages


@pytest.mark.parametrize("vector", [np.full(DIM, np.nan, np.float32), np.ones(3, np.float32)])
def test_a_query_that_is_no_vector_is_refused(open_made: Open, vector: np.ndarray) -> None:
    store = open_made()
    fill(store, range(2))
    with pytest.raises(QuestionError, match="32 finite values"):
        store.snapshot().nearest(vector, 1)


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (Filters(), range(30)),
        (Filters(year_from=2020, year_to=2021), [20, 21]),
        (Filters(authors=("author7", "AUTHOR8")), [7, 8]),
        (Filters(authors=("ümläut",), year_from=2024), [24]),
        (Filters(venues=("counting",), keywords=("none",)), []),
        (Filters(paper_ids=("paper3", "paper4"), authors=("author3",)), [3]),
    ],
)
def test_filters_leave_what_matches(open_made: Open, filters: Filters, numbers: range) -> None:
    store = open_made()
    fill(store, range(30))
    assert np.flatnonzero(store.snapshot().matching(filters)).tolist() == list(numbers)


def test_papers_with_a_doi_are_told_from_those_without(open_made: Open) -> None:
    store = open_made()
    with store.writer() as writer:
        put(writer, paper_of(1))
        put(writer, dataclasses.replace(paper_of(2), doi=None))
        writer.commit()
    assert store.snapshot().matching(Filters(has_doi=True)).tolist() == [True, False]


def test_a_vector_that_cannot_be_searched_is_refused(open_made: Open) -> None:
    store = open_made()
    paper = paper_of(1)
    with store.writer() as writer:
        for vectors in (np.zeros((2, DIM)), np.full((2, DIM), np.nan), np.ones((1, DIM))):
            with pytest.raises(LibraryError, match="'paper1' came with"):
                writer.upsert(paper, passages_of(paper), vectors.astype(np.float32))
        with pytest.raises(LibraryError, match="no passage"):
            writer.upsert(paper, (), np.zeros((0, DIM), np.float32))
        assert writer.commit() is None
