"""Commands that file permissions bind, whoever runs the tests."""

from __future__ import annotations

import os
import shutil

import pytest


def without_root() -> list[str]:
    """Returns what to put before a command so that file permissions bind it, as root or not."""
    if os.geteuid():
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and setpriv is not here to take that away")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
