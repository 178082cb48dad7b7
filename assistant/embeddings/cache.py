"""Vectors kept by what they are vectors of: the embedder's fingerprint and the text's SHA-256.

One SQLite file that several processes may use at once; a killed writer loses its open batch at
most. Nothing in it is precious: a damaged file is set aside and filled again.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.files.caches import close_with, connect_cache, note_day, set_aside
from assistant.files.disk_space import describe_need, is_full
from assistant.files.private import make_folder

logger = logging.getLogger(__name__)

_TABLE = "vectors"
_COLUMNS = """
    fingerprint TEXT NOT NULL,
    text_sha256 BLOB NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (fingerprint, text_sha256)
"""
_KEYS_A_QUERY = 500  # well under SQLite's limit on variables
_SPARE_BYTES = 4 * 2**20  # SQLite's log grows to that before it is merged.
_COPIES = 2  # in the table, and in the log
_FILES = 3  # the database, its log, and the index of that


def hash_text(text: str) -> bytes:
    """Returns the SHA-256 of ``text`` in UTF-8, 32 bytes; lone surrogates are allowed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class EmbeddingCache:
    """Vectors on disk as float32, by fingerprint and text key; in memory where ``path`` is None.

    ``notices`` holds a sentence for each thing a person should know: a damaged file that was set
    aside, a file that cannot be used.
    """

    def __init__(self, path: Path | None) -> None:
        self.notices: list[str] = []
        self._path = path
        self._lock = Lock()
        self._read_only = False
        self._connection = self._open()

    def get(self, fingerprint: str, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Returns the vectors that are there, by key, each (dim,) float32 and read-only.

        A file that cannot be read counts as empty, with a notice: vectors can be made again.
        """
        found: dict[bytes, NDArray[np.float32]] = {}
        try:
            for start in range(0, len(keys), _KEYS_A_QUERY):
                part = keys[start : start + _KEYS_A_QUERY]
                for key, blob in self._select(fingerprint, part):
                    found[key] = np.frombuffer(blob, dtype=np.float32)
        except (sqlite3.DatabaseError, ValueError) as exc:
            if self._read_only or isinstance(exc, sqlite3.OperationalError):
                self._notify(f"the embedding cache {str(self._path)!r} cannot be read ({exc})")
            else:
                self._replace(exc)
            return {}
        return found

    def put(self, fingerprint: str, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Stores ``vectors`` in one transaction; equal keys are replaced.

        Raises:
            StoreError: the file cannot be written (read-only, full disk, locked for 10 s).
        """
        rows = [
            (fingerprint, key, np.ascontiguousarray(vector, dtype=np.float32).tobytes())
            for key, vector in vectors.items()
        ]
        try:
            self._insert(rows)
        except sqlite3.OperationalError as exc:
            if self._path is not None and is_full(self._path.parent, exc):
                n_bytes = _SPARE_BYTES + _COPIES * sum(len(row[2]) for row in rows)
                need = describe_need(self._path.parent, n_bytes, _FILES)
                raise StoreError(f"the embedding cache {need} and run the command again") from exc
            raise StoreError(
                f"the embedding cache {str(self._path)!r} cannot be written ({exc}); "
                "give its folder write permission"
            ) from exc
        except sqlite3.DatabaseError as exc:
            self._replace(exc)
            self._insert(rows)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def _select(self, fingerprint: str, keys: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        query = (
            "SELECT text_sha256, vector FROM vectors "
            f"WHERE fingerprint = ? AND text_sha256 IN ({','.join('?' * len(keys))})"
        )
        with self._lock:
            return self._connection.execute(query, (fingerprint, *keys)).fetchall()

    def _insert(self, rows: Sequence[tuple[str, bytes, bytes]]) -> None:
        with self._lock, self._connection:
            note_day(self._connection, _TABLE)
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _open(self) -> sqlite3.Connection:
        """Returns a connection: to the file, to the file read-only, or to memory, with a notice."""
        if self._path is None:
            return connect_cache(self, ":memory:", _TABLE, _COLUMNS)
        try:
            make_folder(self._path.parent)
            return connect_cache(self, str(self._path), _TABLE, _COLUMNS)
        except (sqlite3.OperationalError, OSError) as exc:
            self._notify(
                f"the embedding cache {str(self._path)!r} cannot be written ({exc}); "
                "new vectors are not kept"
            )
            self._read_only = True
            with suppress(sqlite3.Error):
                return _connect_read_only(self, self._path)
            return _connect_read_only(self, None)
        except sqlite3.DatabaseError as exc:
            set_aside(self._path)
            self._notify_damage(exc)
            return connect_cache(self, str(self._path), _TABLE, _COLUMNS)

    def _replace(self, exc: Exception) -> None:
        """Sets the damaged file aside and begins an empty one."""
        self._notify_damage(exc)
        with self._lock:
            self._connection.close()
            if self._path is not None:
                set_aside(self._path)
            self._connection = self._open()

    def _notify_damage(self, exc: Exception) -> None:
        self._notify(
            f"the embedding cache {str(self._path)!r} was damaged ({exc}); it was set aside as "
            "'.damaged' and is being filled again"
        )

    def _notify(self, sentence: str) -> None:
        if sentence not in self.notices:
            logger.warning("%s", sentence)
            self.notices.append(sentence)


def _connect_read_only(owner: EmbeddingCache, path: Path | None) -> sqlite3.Connection:
    """Returns a connection that reads ``path`` or an empty table, and refuses to write."""
    if path is None:
        connection = connect_cache(owner, ":memory:", _TABLE, _COLUMNS)
        connection.execute("PRAGMA query_only = ON")
        return connection
    # Immutable where nothing else opens it: a write-ahead log needs a folder to write to.
    for options in ("mode=ro", "mode=ro&immutable=1"):
        uri = f"{path.resolve().as_uri()}?{options}"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            connection.execute("SELECT * FROM vectors LIMIT 1").fetchone()
        except sqlite3.Error:
            connection.close()
        else:
            close_with(owner, connection)
            return connection
    raise sqlite3.OperationalError(f"cannot read {str(path)!r}")
