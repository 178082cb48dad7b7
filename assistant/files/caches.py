"""SQLite files that keep what can be made again; a damaged one is set aside."""

from __future__ import annotations

import sqlite3
import time
import weakref
from pathlib import Path

from assistant.files.private import make_file

_BUSY_TIMEOUT_S = 10.0
_DAY_S = 86_400
# For each day on which something was written: the last row that was there before.
_DAYS = "days (day INTEGER PRIMARY KEY, last_row INTEGER NOT NULL)"


def connect_cache(owner: object, database: str, table: str, columns: str) -> sqlite3.Connection:
    """Returns a connection to a file that has ``table``, tried by a read and for writing.

    ``database`` is a path, whose file is made for its owner alone, or ":memory:"; ``columns`` are
    those of the table, as SQL has them. Any thread may use the connection, one at a time. It is
    closed with ``owner``, where nobody closed it before that.

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
        connection.execute(f"CREATE TABLE IF NOT EXISTS {_DAYS}")
        connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        # A file that was opened read-only takes all of the above, and fails at the first write.
        connection.execute("BEGIN IMMEDIATE")
        connection.rollback()
    except sqlite3.Error:
        connection.close()
        raise
    close_with(owner, connection)
    return connection


def close_with(owner: object, connection: sqlite3.Connection) -> None:
    """Closes ``connection`` once nothing refers to ``owner`` any more.

    A connection refers to itself, through its cache of statements: left alone, it holds its file
    open until the garbage collector comes by.
    """
    weakref.finalize(owner, connection.close).atexit = False


def set_aside(path: Path) -> None:
    """Renames a damaged file to '.damaged', and removes the files that belong to it."""
    path.replace(path.with_name(f"{path.name}.damaged"))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def note_day(connection: sqlite3.Connection, table: str) -> None:
    """Notes, before the first rows of a day are written, which rows are older."""
    connection.execute(
        f"INSERT OR IGNORE INTO days SELECT ?, ifnull(max(rowid), 0) FROM {table}",
        (int(time.time() // _DAY_S),),
    )


def count_rows(connection: sqlite3.Connection, table: str) -> int:
    """Returns how many rows there are."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def used_bytes(connection: sqlite3.Connection) -> int:
    """Returns what is in use of the file; pages that were freed are used again."""
    of = {
        name: int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    }
    return (of["page_count"] - of["freelist_count"]) * of["page_size"]


def delete_oldest(
    connection: sqlite3.Connection, table: str, first_day: int, n_least: int, *, deletes: bool
) -> int:
    """Returns how many rows were written before ``first_day``, but at least the oldest ``n_least``.

    They are deleted where ``deletes`` is set; days are counted from 1970 on. What was written
    before days were noted counts as written on the first day that was.
    """
    older = _last_row_before(connection, table, first_day)
    # Rows are numbered in the order of writing.
    over = connection.execute(
        f"SELECT max(rowid) FROM (SELECT rowid FROM {table} ORDER BY rowid LIMIT ?)", (n_least,)
    ).fetchone()[0]
    until = max(older, over or 0)
    n_going = connection.execute(
        f"SELECT count(*) FROM {table} WHERE rowid <= ?", (until,)
    ).fetchone()[0]
    if deletes and n_going:
        with connection:
            connection.execute(f"DELETE FROM {table} WHERE rowid <= ?", (until,))
            # Where nothing is left, rows are numbered from 1 again.
            if _notes_days(connection):
                connection.execute(
                    f"DELETE FROM days WHERE last_row > (SELECT ifnull(max(rowid), 0) FROM {table})"
                )
    return int(n_going)


def _last_row_before(connection: sqlite3.Connection, table: str, first_day: int) -> int:
    if not _notes_days(connection):
        return 0
    days = connection.execute("SELECT day, last_row FROM days ORDER BY day").fetchall()
    since = [last_row for day, last_row in days if day >= first_day]
    if len(since) == len(days):
        return 0
    if since:
        return int(since[0])
    return int(connection.execute(f"SELECT ifnull(max(rowid), 0) FROM {table}").fetchone()[0])


def _notes_days(connection: sqlite3.Connection) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'days'")
    return found.fetchone() is not None


def shrink(path: Path, table: str) -> None:
    """Gives the system back what is no longer used of a file; nobody can write meanwhile."""
    connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S)
    try:
        counts = []
        if _notes_days(connection):
            counts = connection.execute(
                f"SELECT (SELECT count(*) FROM {table} WHERE rowid <= last_row), day FROM days"
            ).fetchall()
        connection.execute("VACUUM")
        # Rows may have got other numbers, in the same order.
        with connection:
            connection.executemany(
                "UPDATE days SET last_row = ifnull((SELECT max(rowid) FROM "
                f"(SELECT rowid FROM {table} ORDER BY rowid LIMIT ?)), 0) WHERE day = ?",
                counts,
            )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
