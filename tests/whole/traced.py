"""What a process and its children did on a network and to files, as strace saw it."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

_SENDING = ("connect", "sendto", "sendmsg", "sendmmsg")
_OPENING = ("open", "openat", "creat")
_MAKING = ("mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat", "symlink")
# With '?': not every processor's Linux has all of them.
_TRACED = ",".join(f"?{name}" for name in (*_SENDING, *_OPENING, *_MAKING, "symlinkat"))

_NAMES = ("/etc/hosts", "/etc/resolv.conf")
"""What the C library reads to look up the name of a host, and for nothing else."""
_DNS = "53"
_USERS = "/var/run/nscd/socket"
"""The cache of users, groups and hosts; where it runs, it knows only what it is asked."""

_CALL = re.compile(r"^(\w+)\((.*)\) += \d+(?:<(.*)>)?$")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER = re.compile(r"<(/[^>]*)>")
_WRITES = re.compile(r"O_CREAT|O_WRONLY|O_RDWR")
_HOST = re.compile(r'inet_addr\("([^"]+)"|inet_pton\(AF_INET6, "([^"]+)"')
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_SOCKET = re.compile(r'sun_path=@?"([^"]+)"')

_NOT_FILES = re.compile(r"/dev/(null|tty|pts/.*|shm/sem\..*)|/proc/self/.*")
_COMPILED = re.compile(r".*(/__pycache__|\.pyc(\.\d+)?)")
"""Python's own cache of what it compiled."""


def why_untraced() -> str | None:
    """Returns why strace cannot look on here, if so."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    probe = ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        return "strace may not attach to a process here, or is older than 5.3"
    return None


def tracing(trace: Path) -> list[str]:
    """Returns what to put before a command, so that what it does is written to ``trace``."""
    # With -ff: each thread has a file of its own, where its calls lie in one piece.
    options = ["-f", "-ff", "--seccomp-bpf", "-qq", "-y", "-s", "4096"]
    return ["strace", *options, "-e", f"trace={_TRACED}", "-o", str(trace)]


def read_breaches(trace: Path, cwd: Path, folders: Sequence[Path]) -> list[str]:
    """Returns each look-up of a name, sending beyond loopback and writing beyond ``folders``."""
    lines = (
        line
        for file in sorted(trace.parent.glob(f"{trace.name}.*"))
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    )
    return [breach for line in lines for breach in _breaches(line, cwd, folders)]


def _breaches(line: str, cwd: Path, folders: Sequence[Path]) -> Iterator[str]:
    name = line.partition("(")[0]
    if name in _SENDING:
        yield from _sent(line)
    elif (done := _CALL.match(line)) is not None:
        made = done[3] if name in _OPENING else _made(done[2], cwd)
        if name in _OPENING and made in _NAMES:
            yield f"a name was looked up: {line}"
        elif name not in _OPENING or name == "creat" or _WRITES.search(done[2]):
            allowed = _NOT_FILES.fullmatch(made) or _COMPILED.fullmatch(made)
            if not allowed and not any(Path(made).is_relative_to(f) for f in folders):
                yield f"{made} was written: {line}"


def _made(arguments: str, cwd: Path) -> str:
    """Returns the path that a call made: its last."""
    folder = _FOLDER.findall(arguments)
    return os.path.normpath(Path(folder[-1] if folder else cwd, _QUOTED.findall(arguments)[-1]))


def _sent(line: str) -> Iterator[str]:
    # Also where it failed: an attempt counts.
    for found in _HOST.finditer(line):
        if not ipaddress.ip_address(found[1] or found[2]).is_loopback:
            yield f"beyond loopback: {line}"
    if _DNS in _PORT.findall(line):
        yield f"a name was asked for: {line}"
    if any(path != _USERS for path in _SOCKET.findall(line)):
        yield f"another program was called: {line}"
