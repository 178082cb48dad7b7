from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from assistant.errors import IngestError
from assistant.store.records import (
    content_hash,
    create_records,
    delete_paper,
    insert_paper,
    library_digest,
    read_all_papers,
    read_keys,
    read_passages,
    spans_json,
    spans_of,
)
from tests import made_library


def test_the_hash_covers_the_record_and_not_where_it_was_read() -> None:
    paper = made_library.paper_of(1)
    same = dataclasses.replace(paper, source="other.ris")
    assert content_hash(paper) == content_hash(same)
    for change in ({"title": "T"}, {"abstract": "A"}, {"year": 1}, {"doi": None}, {"venue": "V"}):
        assert content_hash(dataclasses.replace(paper, **change)) != content_hash(paper)


def test_half_a_surrogate_pair_is_refused() -> None:
    paper = dataclasses.replace(made_library.paper_of(1), title="half \ud800 pair")
    with pytest.raises(IngestError, match=r"'paper1' holds half a surrogate pair \('\\ud800'\)"):
        content_hash(paper)


def test_the_digest_is_that_of_a_set() -> None:
    hashes = [content_hash(made_library.paper_of(n)) for n in range(3)]
    assert library_digest(hashes) == library_digest(hashes[::-1])
    assert library_digest(hashes) != library_digest(hashes[:2])


def test_papers_come_back_and_go(tmp_path: Path) -> None:
    records = create_records(tmp_path / "papers.sqlite")
    papers = [made_library.paper_of(n) for n in range(3)]
    for row, paper in enumerate(papers):
        insert_paper(records, row, paper, made_library.passages_of(paper), 2 * row, ["key", "key"])
    assert list(read_all_papers(records)) == list(enumerate(papers))
    assert read_passages(records, 1, papers[1]) == made_library.passages_of(papers[1])
    assert read_keys(records, 1) == ("key",)
    delete_paper(records, "paper1")
    delete_paper(records, "paper1")
    assert [row for row, _ in read_all_papers(records)] == [0, 2]
    assert read_keys(records, 1) == ()
    records.close()


def test_spans_survive() -> None:
    for passage in made_library.passages_of(made_library.paper_of(12)):
        assert spans_of(spans_json(passage)) == passage.sentences
