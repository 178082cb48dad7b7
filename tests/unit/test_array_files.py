"""NumPy's files read by several threads at once."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from assistant.files.arrays import map_array

N_THREADS = 3


class LetsOthersRun:
    """Garbage that the collector must find, and that gives way to other threads when it does."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        time.sleep(0.0002)


def test_threads_may_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    np.save(path, np.arange(6).reshape(2, 3))
    together = threading.Barrier(N_THREADS)

    def read() -> list[list[int]]:
        together.wait()
        for n in range(400):
            for _ in range(n % 9):
                LetsOthersRun()
            found = map_array(path).tolist()
        return list(found)

    before = gc.get_threshold()
    gc.set_threshold(20)
    try:
        with ThreadPoolExecutor(N_THREADS) as pool:
            readers = [pool.submit(read) for _ in range(N_THREADS)]
            assert [reader.result() for reader in readers] == [[[0, 1, 2], [3, 4, 5]]] * N_THREADS
    finally:
        gc.set_threshold(*before)
