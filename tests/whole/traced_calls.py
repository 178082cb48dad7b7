"""What strace shows of a writer: the system calls by which its files change."""

from __future__ import annotations

import collections
import re

TRACED = "openat,write,pwrite64,writev,fsync,fdatasync,ftruncate,rename,renameat2,unlink,mkdir"
"""The system calls by which files change."""


def list_calls(trace: str) -> dict[str, list[int]]:
    """Returns, by name, the how many-th of its thread each call is that may change a file."""
    seen: collections.Counter[tuple[str, str]] = collections.Counter()
    calls = collections.defaultdict(list)
    for thread, name, given in re.findall(r"^(?:\[pid +(\d+)\] )?(\w+)\((.*)", trace, re.MULTILINE):
        seen[thread, name] += 1
        if name != "openat" or re.search("O_(WRONLY|RDWR|CREAT|TRUNC)", given):
            calls[name].append(seen[thread, name])
    return dict(calls)
