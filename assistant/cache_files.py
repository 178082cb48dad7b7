"""SQLite files that keep what can be made again; a damaged one is set aside."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from assistant.private_files import make_file

_BUSY_TIMEOUT_S = 10.0


def connect_cache(database: str, table: str, columns: str) -> sqlite3.Connection:
    """Returns a connection to a file that has ``table``, tried by a read and for writing.

    ``database`` is a path, whose file is made for its owner alone, or ":memory:"; ``columns`` are
    those of the table, as SQL has them. Any thread may use the connection, one at a time.

    Raises:
        sqlite3.OperationalError: the file cannot be opened or written, or is locked for 10 s.
        OSError: there is no file, and none can be made.
        sqlite3.DatabaseError: it is damaged, or no such file.
    """
    if database != ":memory:":
        make_file(Path(database))
    connection = sqlite3.connect(database, timeout=_BUSY_TIMEOUT_S, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
        connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        # A file that was opened read-only takes all of the above, and fails at the first write.
        connection.execute("BEGIN IMMEDIATE")
        connection.rollback()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def set_aside(path: Path) -> None:
    """Renames a damaged file to '.damaged', and removes the files that belong to it."""
    path.replace(path.with_name(f"{path.name}.damaged"))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
