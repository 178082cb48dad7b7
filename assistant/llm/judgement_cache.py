"""Judgements of a model kept by what it was asked, so that nothing is asked and paid for twice.

One SQLite file that several processes may use at once. Nothing in it is precious: without it, all
is asked again, and a notice says why.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

from assistant.files.caches import connect_cache, note_day, set_aside
from assistant.files.private import make_folder

logger = logging.getLogger(__name__)

_TABLE, _COLUMNS = "judgements", "key BLOB PRIMARY KEY, judgement TEXT NOT NULL"
_KEYS_A_QUERY = 500  # well under SQLite's limit on variables


def make_key(*parts: str) -> bytes:
    """Returns the key of a judgement: 32 bytes that any change of a part would change."""
    joined = "\0".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()


class JudgementCache:
    """Texts by key, in the file at ``path``; any thread may use it.

    ``notices`` holds a sentence where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.notices: list[str] = []
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        try:
            make_folder(path.parent)
            self._connection = connect_cache(self, str(path), _TABLE, _COLUMNS)
        except sqlite3.OperationalError as exc:
            self._give_up(exc)
        except sqlite3.DatabaseError as exc:
            self._replace(exc)
        except OSError as exc:
            self._give_up(exc)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, str]:
        """Returns the judgements that are there, by key."""
        found: dict[bytes, str] = {}
        with self._lock:
            if self._connection is None:
                return found
            try:
                for start in range(0, len(keys), _KEYS_A_QUERY):
                    part = keys[start : start + _KEYS_A_QUERY]
                    marks = ",".join("?" * len(part))
                    query = f"SELECT key, judgement FROM judgements WHERE key IN ({marks})"
                    found.update(self._connection.execute(query, part).fetchall())
            except sqlite3.Error as exc:
                self._give_up(exc)
        return found

    def put(self, judgements: Mapping[bytes, str]) -> None:
        """Keeps ``judgements`` in one transaction; equal keys are replaced."""
        with self._lock:
            if self._connection is None or not judgements:
                return
            try:
                with self._connection:
                    note_day(self._connection, _TABLE)
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO judgements VALUES (?, ?)", judgements.items()
                    )
            except sqlite3.Error as exc:
                self._give_up(exc)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _replace(self, exc: Exception) -> None:
        """Sets the damaged file aside and begins an empty one."""
        try:
            set_aside(self._path)
            self._connection = connect_cache(self, str(self._path), _TABLE, _COLUMNS)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
            return
        self._notify(
            f"the kept judgements {str(self._path)!r} were damaged ({exc}); the file was set aside "
            "as '.damaged', and papers are read anew"
        )

    def _give_up(self, exc: Exception) -> None:
        self._notify(
            f"the kept judgements {str(self._path)!r} cannot be used ({exc}); papers are read anew "
            "for each question"
        )
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _notify(self, sentence: str) -> None:
        logger.warning("%s", sentence)
        self.notices.append(sentence)
