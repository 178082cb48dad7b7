"""Keeps readers, writers, a page and a Chroma server busy for an hour, kills them, and reports.

    python -m assistant_evals.lab.soak [--minutes 60] [--output build]

Two readers and the page's visitors ask one library while a writer changes all of it; another reader
and writer share one on a Chroma server; slow clients hold on to the page, whose LLM fails at times.
Writers, page and server are killed at random. Each answer is checked: its quotes are cut from one
edition that was current while it was made, and the paper asked about is among them.

It fails where an answer is lost, swapped or misquoted, where a library is not whole, where anything
else goes wrong that nobody brought about, and where memory, descriptors, threads or disk grow on.
Linux alone: what processes take is read from /proc.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant_evals.lab.served_page import find_free_port
from assistant_evals.lab.soak_clients import Asker, drip
from assistant_evals.lab.soak_llm import faulting_llm
from assistant_evals.lab.soak_processes import Role, chroma, page, reader, writer
from assistant_evals.lab.soak_record import Record, read_disk
from assistant_evals.lab.soak_report import has_passed, write_plot, write_table
from assistant_evals.lab.soak_roles import open_ledger

_SAMPLE_S = 5.0
_KILL_S = (3.0, 25.0)
"""The pause between kills, at least and at most."""

_N_ASKERS = 2
_N_SLOW = 5
_KILL_SHARES = {"writer": 10, "server writer": 5, "Chroma server": 3, "page": 1}
"""How often each is killed against the others; readers live on, so that their growth shows."""


def soak(minutes: float, scratch: Path, record: Record) -> None:
    """Records what happens in so many minutes."""
    here, there, over = scratch / "here", scratch / "there", threading.Event()
    here.mkdir()
    there.mkdir()
    page_port, chroma_port = find_free_port(), find_free_port()
    at_server = {"ASSISTANT_CHROMA_URL": f"http://127.0.0.1:{chroma_port}"}
    with faulting_llm() as llm:
        roles = {
            role.name: role
            for role in (
                chroma(scratch / "chroma", chroma_port, record),
                writer("writer", here, record),
                writer("server writer", there, record, **at_server),
                reader("reader 1", here, record),
                reader("reader 2", here, record),
                reader("server reader", there, record, **at_server),
                page(here, page_port, llm, record),
            )
        }
        with _running(roles, (here, there)):
            served = roles["page"]
            asker = Asker(
                page_port,
                open_ledger(here),
                record,
                over,
                lambda: served.life if served.is_up else None,
            )
            clients = [
                *(threading.Thread(target=asker.ask_on, args=(n,)) for n in range(_N_ASKERS)),
                *(
                    threading.Thread(target=drip, args=(page_port, record, over))
                    for _ in range(_N_SLOW)
                ),
            ]
            for client in clients:
                client.start()
            try:
                _kill_on(roles, record, minutes * 60, scratch)
            finally:
                over.set()
                for client in clients:
                    client.join()


@contextmanager
def _running(roles: dict[str, Role], homes: Sequence[Path]) -> Iterator[None]:
    """Starts the servers and writers, and who needs a library once there is one; ends all."""
    try:
        for name in ("Chroma server", "writer", "server writer"):
            roles[name].start()
        while not all(open_ledger(home).done for home in homes):
            time.sleep(0.2)
        for name in ("reader 1", "reader 2", "server reader", "page"):
            roles[name].start()
        yield
    finally:
        for role in roles.values():
            role.kill()


def _kill_on(roles: dict[str, Role], record: Record, seconds: float, scratch: Path) -> None:
    """Kills and restarts at random, and samples what all of it takes, for so many seconds."""
    dice = random.Random(7)
    end = time.monotonic() + seconds
    next_kill = time.monotonic() + dice.uniform(*_KILL_S)
    while time.monotonic() < end:
        for role in roles.values():
            role.sample()
        record.sample("all folders", 1, read_disk(scratch))
        if time.monotonic() > next_kill:
            (name,) = dice.choices(list(_KILL_SHARES), list(_KILL_SHARES.values()))
            roles[name].kill()
            record.add(name, "killed")
            roles[name].start()
            next_kill = time.monotonic() + dice.uniform(*_KILL_S)
        time.sleep(_SAMPLE_S)


def main() -> None:
    """Soaks, prints the table, writes it and the plot, and fails where the soak did."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--output", type=Path, default=Path("build"))
    options = parser.parse_args()
    record = Record()
    # Whoever ends it early gets what is known by then, and no process stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as scratch,
        suppress(KeyboardInterrupt),
    ):
        try:
            soak(options.minutes, Path(scratch), record)
        except RuntimeError as error:
            record.add("soak", "error", str(error))
    table = write_table(record)
    write_plot(record, options.output / "soak.html")
    (options.output / "soak.md").write_text(table, encoding="utf-8")
    sys.stdout.write(table)
    sys.exit(0 if has_passed(record) else 1)


if __name__ == "__main__":
    main()
