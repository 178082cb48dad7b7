"""Writes what visitors think of a sentence to ``disputes.jsonl``, for the evals to read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import portalocker
from portalocker.exceptions import LockException

from assistant import Answer, Paper, QuestionError, StoreError
from assistant.files.private import make_file, make_folder

DISPUTES_FILE = "disputes.jsonl"
DISPUTES_SCHEMA = 1
"""File and format are those that ``assistant_evals.cases.disputes`` reads."""

MAX_COMMENT_CHARS = 1_000
LOCK_SECONDS = 5.0
"""How long a writer waits for the others; each takes milliseconds."""


def record_rating(
    folder: Path,
    answer: Answer,
    index: int,
    good: bool,
    comment: str,
    papers: Iterable[Paper],
    library: str,
    now: datetime,
) -> dict[str, Any]:
    """Returns the row that was added to the file in ``folder``, on disk when this returns.

    Args:
        folder: the home folder.
        answer: the answer that was rated.
        index: which of its sentences, from 0.
        good: whether the sentence was praised, not disputed.
        comment: why, in the visitor's words; may be empty.
        papers: the papers that the answer cites; others are left out.
        library: the library's name.
        now: the time, with its zone.

    Raises:
        QuestionError: there is no such sentence, or the comment is too long.
        StoreError: the file cannot be written.
    """
    row = rating_row(answer, index, good, comment, papers, library, now)
    # Escaped: a lone surrogate, which a browser may send, has no UTF-8.
    _append(folder / DISPUTES_FILE, json.dumps(row).encode("ascii"))
    return row


def rating_row(
    answer: Answer,
    index: int,
    good: bool,
    comment: str,
    papers: Iterable[Paper],
    library: str,
    now: datetime,
) -> dict[str, Any]:
    """Returns the row of a rating as JSON types; arguments and errors as ``record_rating``."""
    if not 0 <= index < len(answer.sentences):
        raise QuestionError(
            f"the answer has no sentence {index + 1}; rate one of its {len(answer.sentences)}"
        )
    comment = comment.strip()
    if len(comment) > MAX_COMMENT_CHARS:
        raise QuestionError(
            f"a comment of {len(comment):,} characters is too long; "
            f"write at most {MAX_COMMENT_CHARS:,}"
        )
    record = answer.to_dict()
    cited = {citation.paper_id for s in answer.sentences for citation in s.citations}
    return {
        "schema": DISPUTES_SCHEMA,
        "created": now.isoformat(timespec="seconds"),
        "rating": "up" if good else "down",
        "comment": comment,
        "library": library,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "sentence": record["sentences"][index],
        "sentence_index": index,
        "sources": [
            {"paper_id": paper.paper_id, "title": paper.title, "abstract": paper.abstract}
            for paper in papers
            if paper.paper_id in cited
        ],
        "answer": record,
    }


def _append(path: Path, line: bytes) -> None:
    """Adds one line, all of it or nothing of it."""
    try:
        make_folder(path.parent)
        # Who cleaned up meanwhile has put another file in its place.
        while not _append_to_this(path, line):
            pass
    except LockException as error:
        raise StoreError(
            f"the rating was not saved: {path.name} is locked by another process; try again"
        ) from error
    except OSError as error:
        raise StoreError(
            f"the rating was not saved: {path.name} cannot be written ({error.strerror})"
        ) from error


def _append_to_this(path: Path, line: bytes) -> bool:
    """Adds a line to the file that was opened, and returns True where it is still at its place."""
    make_file(path)
    with portalocker.Lock(path, "ab+", timeout=LOCK_SECONDS, buffering=0) as file:
        if not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return False
        end = file.seek(0, os.SEEK_END)
        rest = memoryview(_after(file, end) + line + b"\n")
        try:
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise
    return True


def _after(file: IO[bytes], end: int) -> bytes:
    """Returns what must stand before a new line: a line end where a crash cut the last one."""
    if not end:
        return b""
    file.seek(end - 1)
    return b"" if file.read(1) == b"\n" else b"\n"
