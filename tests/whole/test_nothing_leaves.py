"""Nothing leaves the machine: every job is done while Python, and strace where it may, look on.

The folder and the environment are set as other programs might have left them.
"""

from __future__ import annotations

import ipaddress
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.llm_servers.scripted import scripted
from tests.settings_of_others import OF_CHROMA, OF_OTHERS, write_env
from tests.whole.traced import read_breaches, tracing, why_untraced

FOLDERS = ("home", "temporary", "work")
"""The project's own: libraries, temporary files, and the folder where a command is run."""

REPLY = "Grey herons stand still for 40 minutes on average. [A1]"


@dataclass(frozen=True)
class Deeds:
    """What the jobs did: hosts that Python named, what strace saw, files in the user's folder."""

    hosts: list[str]
    told: str | None
    of_user: list[Path]
    untraced: str | None
    breaches: list[str] = field(default_factory=list)


def run_watched(
    *command: str, folder: Path, set_by_others: dict[str, str]
) -> tuple[str | None, list[str]]:
    """Runs Python on ``command``; returns why it was not traced, and its breaches."""
    for name in (*FOLDERS, "user"):
        (folder / name).mkdir(parents=True)
    write_env(folder / "work")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "ASSISTANT_")) and not name.lower().endswith("_proxy")
    }
    own = {
        "HOME": str(folder / "user"),
        "TMPDIR": str(folder / "temporary"),
        "ASSISTANT_HOME": str(folder / "home"),
        "PYTHONPATH": str(REPOSITORY),
    }
    untraced = why_untraced()
    trace = folder / "trace" / "of"
    trace.parent.mkdir()
    ran = subprocess.run(
        [*([] if untraced else tracing(trace)), sys.executable, *command],
        cwd=folder / "work",
        env={**inherited, **set_by_others, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    allowed = [folder / name for name in FOLDERS]
    return untraced, read_breaches(trace, folder / "work", allowed)


@pytest.fixture(scope="module")
def deeds(tmp_path_factory: pytest.TempPathFactory) -> Deeds:
    folder = tmp_path_factory.mktemp("watched")
    record = folder / "home" / "record.json"
    with scripted(otherwise=REPLY) as llm:
        untraced, breaches = run_watched(
            *("-m", "tests.whole.every_job", str(record), llm.url),
            folder=folder,
            set_by_others={**OF_CHROMA, **OF_OTHERS},
        )
    of_user = sorted((folder / "user").rglob("*"))
    return Deeds(
        **json.loads(record.read_text()), of_user=of_user, untraced=untraced, breaches=breaches
    )


def test_python_looks_up_no_name_and_reaches_loopback_alone(deeds: Deeds) -> None:
    assert deeds.hosts, "the LLM's server on loopback was asked"
    for host in deeds.hosts:
        assert ipaddress.ip_address(host).is_loopback


def test_onnxruntime_is_told_before_its_import_whatever_was_set(deeds: Deeds) -> None:
    assert deeds.told == "1"


def test_nothing_is_written_into_the_folder_of_the_user(deeds: Deeds) -> None:
    assert not deeds.of_user


def test_no_system_call_looks_up_sends_or_writes_elsewhere(deeds: Deeds) -> None:
    if deeds.untraced:
        pytest.skip(deeds.untraced)
    assert not deeds.breaches, "\n".join(deeds.breaches[:20])


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("socket.getaddrinfo('localhost', 80)", "a name was looked up"),
        ("socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9))", "beyond loopback"),
        ("socket.socket(type=socket.SOCK_DGRAM).connect(('127.0.0.53', 53))", "a name was asked"),
        ("socket.socket(socket.AF_UNIX).connect_ex('/run/other')", "another program was called"),
        ("open('../user/file', 'w')", "/user/file was written"),
        ("os.mkdir(os.path.expanduser('~/folder'))", "/user/folder was written"),
        ("open('file', 'w'); os.rename('file', '../user/moved')", "/user/moved was written"),
    ],
)
def test_strace_sees_what_it_looks_for(tmp_path: Path, does: str, said: str) -> None:
    code = f"import os, socket\n{does}"
    untraced, breaches = run_watched("-c", code, folder=tmp_path / "made", set_by_others={})
    if untraced:
        pytest.skip(untraced)
    assert any(said in breach for breach in breaches)


def test_python_sees_what_it_looks_for() -> None:
    code = (
        "import socket, sys\nfrom tests.whole import every_job\nsys.addaudithook(every_job.watch)\n"
        "socket.getaddrinfo('localhost', 80)\n"
        "socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9))\nprint(every_job.HOSTS)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert ran.stdout == "['localhost', '192.0.2.1']\n", ran.stderr
