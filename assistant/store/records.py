"""A version's papers and passages in one SQLite file: the truth that the indexes are built from.

Rows of either table count from 0 without gaps, so they index the version's arrays.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assistant.errors import IngestError
from assistant.types import Paper, Passage, SentenceSpan

RECORDS_FILE = "papers.sqlite"

_SEPARATOR = "\n"
"""Between the values of a filter column; no author, venue or keyword holds a line break."""

_TABLES = """
CREATE TABLE library (schema INTEGER NOT NULL, embedder TEXT NOT NULL, dim INTEGER NOT NULL);
CREATE TABLE papers (
  row INTEGER PRIMARY KEY, paper_id TEXT NOT NULL UNIQUE, content_hash TEXT NOT NULL,
  year INTEGER, authors TEXT NOT NULL, venue TEXT NOT NULL, keywords TEXT NOT NULL,
  source TEXT, record TEXT NOT NULL);
CREATE TABLE passages (
  row INTEGER PRIMARY KEY, paper INTEGER NOT NULL, passage_id TEXT NOT NULL UNIQUE,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, n_tokens INTEGER NOT NULL,
  sentences TEXT NOT NULL);
CREATE INDEX passages_of_paper ON passages (paper);
CREATE TABLE keys (key TEXT NOT NULL, paper INTEGER NOT NULL, PRIMARY KEY (key, paper))
  WITHOUT ROWID;
"""


def content_hash(paper: Paper) -> str:
    """Returns the SHA-256 of all that a paper says of itself, hexadecimal.

    The file that it was read from is left out: the same record read from elsewhere is unchanged.

    Raises:
        IngestError: a text holds half a surrogate pair, which no file can store.
    """
    record = paper.to_dict()
    record.pop("source", None)
    try:
        return hashlib.sha256(
            json.dumps(record, sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()
    except UnicodeEncodeError as error:
        raise IngestError(
            f"paper {paper.paper_id!r} holds half a surrogate pair "
            f"({error.object[error.start : error.end]!r}); remove it or repair the file's encoding"
        ) from error


def library_digest(hashes: Iterable[str]) -> str:
    """Returns the SHA-256 over the papers' content hashes in sorted order, hexadecimal."""
    digest = hashlib.sha256()
    for value in sorted(hashes):
        digest.update(bytes.fromhex(value))
    return digest.hexdigest()


def create_records(path: Path) -> sqlite3.Connection:
    """Returns a connection to a new, empty file; durability comes from syncing it at the end."""
    records = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
    records.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_TABLES}")
    return records


def open_records(path: Path) -> sqlite3.Connection:
    """Returns a connection to a published file: any thread may use it, nothing is ever written."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)


def insert_paper(
    records: sqlite3.Connection,
    row: int,
    paper: Paper,
    passages: Sequence[Passage],
    first_passage: int,
    keys: Iterable[str],
) -> None:
    """Writes one paper as ``row`` and its passages from row ``first_passage`` on."""
    records.execute(
        "INSERT INTO papers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row,
            paper.paper_id,
            content_hash(paper),
            paper.year,
            _SEPARATOR.join(paper.authors).casefold(),
            (paper.venue or "").casefold(),
            _SEPARATOR.join(paper.keywords).casefold(),
            paper.source,
            json.dumps(paper.to_dict(), ensure_ascii=False),
        ),
    )
    records.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (first_passage + n, row, p.passage_id, p.start, p.end, p.n_tokens, spans_json(p))
            for n, p in enumerate(passages)
        ),
    )
    records.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", ((key, row) for key in keys))


def delete_paper(records: sqlite3.Connection, paper_id: str) -> None:
    """Removes a paper with its passages and keys; the other rows keep their numbers."""
    found = records.execute("SELECT row FROM papers WHERE paper_id = ?", (paper_id,)).fetchone()
    if found is not None:
        records.execute("DELETE FROM passages WHERE paper = ?", found)
        records.execute("DELETE FROM keys WHERE paper = ?", found)
        records.execute("DELETE FROM papers WHERE row = ?", found)


def read_paper(record: str) -> Paper:
    """Returns the paper stored as ``record``."""
    return Paper.from_dict(json.loads(record))


def read_passages(records: sqlite3.Connection, row: int, paper: Paper) -> tuple[Passage, ...]:
    """Returns the passages of the paper in ``row``, in the order of its text."""
    found = records.execute(
        'SELECT passage_id, start, "end", n_tokens, sentences FROM passages'
        " WHERE paper = ? ORDER BY row",
        (row,),
    )
    return tuple(
        Passage(
            passage_id=passage_id,
            paper_id=paper.paper_id,
            text=paper.abstract[start:end],
            start=start,
            end=end,
            sentences=spans_of(sentences),
            n_tokens=n_tokens,
        )
        for passage_id, start, end, n_tokens, sentences in found
    )


def read_keys(records: sqlite3.Connection, row: int) -> tuple[str, ...]:
    """Returns the keys by which a duplicate of the paper in ``row`` is recognised."""
    return tuple(key for (key,) in records.execute("SELECT key FROM keys WHERE paper = ?", (row,)))


def read_all_papers(records: sqlite3.Connection) -> Iterator[tuple[int, Paper]]:
    """Yields every row and its paper, in row order."""
    for row, record in records.execute("SELECT row, record FROM papers ORDER BY row"):
        yield row, read_paper(record)


def spans_json(passage: Passage) -> str:
    """Returns a passage's sentences as a flat JSON list of number, start and end."""
    return json.dumps([v for s in passage.sentences for v in (s.number, s.start, s.end)])


def spans_of(text: str) -> tuple[SentenceSpan, ...]:
    """Returns the sentences that ``spans_json`` wrote."""
    values = iter(json.loads(text))
    return tuple(SentenceSpan(*triple) for triple in zip(values, values, values, strict=True))
