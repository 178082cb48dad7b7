"""Reading NumPy's files, one thread at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

READING = threading.RLock()
"""Held while a file's header is read. NumPy has Python's own parser read it, which fails at times
in Python before 3.11.8 where two threads parse at once.
Source: https://github.com/python/cpython/issues/106905"""


def map_array(path: Path) -> NDArray[Any]:
    """Returns the array in a .npy file, memory-mapped, read-only.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds no array.
    """
    with READING:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return array


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Returns the arrays in a .npz file by name.

    Raises:
        OSError: the file cannot be read.
        ValueError: one of them is no array.
    """
    with READING, np.load(path, allow_pickle=False) as archive:
        return dict(archive)
