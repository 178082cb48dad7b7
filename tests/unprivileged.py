"""Commands that file permissions bind, whoever runs the tests."""

from __future__ import annotations

import os
import sys

_BOUND = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
    if ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
        sys.exit("root could not be bound by file permissions")
os.execv(sys.argv[1], sys.argv[1:])
"""


def without_root() -> list[str]:
    """Returns what to put before a command so that file permissions bind it, as root or not."""
    return [] if os.geteuid() else [sys.executable, "-c", _BOUND]
