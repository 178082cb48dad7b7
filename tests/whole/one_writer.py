"""A process that writes or reads a library while its parent watches.

one_writer.py hold HOME [URL]    gathers a change, says so, and waits to be stopped
one_writer.py read HOME          reads, and tries to write
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.errors import AssistantError
from assistant.store.opening import open_store
from tests.made_library import DIM, EMBEDDER, assert_whole, paper_of, put, store_in


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def hold(home: Path, url: str | None = None) -> None:
    store = open_store(home, "made", EMBEDDER, DIM, chroma_url=url)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # A shell starts what it runs in the background with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with store.writer() as writer:
            put(writer, paper_of(77))
            say("writing")
            while True:
                time.sleep(0.05)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def read(home: Path) -> None:
    store = store_in(home)
    snapshot = store.snapshot()
    assert_whole(snapshot)
    say("read", snapshot.n_papers, *snapshot.notices)
    try:
        store.writer()
    except AssistantError as error:
        say(type(error).__name__, error)


if __name__ == "__main__":
    {"hold": hold, "read": read}[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
