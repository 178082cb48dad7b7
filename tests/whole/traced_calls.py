"""Whether strace may watch a writer, and by which system calls its files change."""

from __future__ import annotations

import collections
import re
import shutil
import subprocess
import time
from pathlib import Path

TRACED = "openat,write,pwrite64,writev,fsync,fdatasync,ftruncate,rename,renameat2,unlink,mkdir"
"""The system calls by which files change."""


def can_trace() -> bool:
    """Returns whether strace is here and may watch a process that it did not start."""
    if shutil.which("strace") is None:
        return False
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as other:
        command = ["strace", "-qq", "-e", "signal=none", "-p", str(other.pid)]
        watcher = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        watched = wait_for_watcher(other.pid, watcher)
        other.communicate()
    watcher.wait()
    return watched


def wait_for_watcher(pid: int, watcher: subprocess.Popen[bytes]) -> bool:
    """Waits until ``watcher`` watches the process ``pid``; returns False where it gave up."""
    while not re.search(r"TracerPid:\t[1-9]", Path(f"/proc/{pid}/status").read_text()):
        if watcher.poll() is not None:
            return False
        time.sleep(0.002)
    return True


def list_calls(trace: str) -> dict[str, list[int]]:
    """Returns, by name, the how many-th of its thread each call is that may change a file."""
    seen: collections.Counter[tuple[str, str]] = collections.Counter()
    calls = collections.defaultdict(list)
    for thread, name, given in re.findall(r"^(?:\[pid +(\d+)\] )?(\w+)\((.*)", trace, re.MULTILINE):
        seen[thread, name] += 1
        if name != "openat" or re.search("O_(WRONLY|RDWR|CREAT|TRUNC)", given):
            calls[name].append(seen[thread, name])
    return dict(calls)
