"""Without a network, and on an install whose files are hard links."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.whole.conftest import EXECUTABLE

QUESTION = "How is the length of a response controlled?"

NO_SOCKETS = """
import socket
def refuse(*_, **__):
    raise OSError("there is no network")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse
"""


def test_asking_opens_no_connection(starter: Path) -> None:
    code = f"{NO_SOCKETS}\nimport sys\nfrom assistant.cli.app import run\nsys.exit(run())"
    ran = subprocess.run(
        [sys.executable, "-c", code, "ask", QUESTION], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "Quotations, word for word" in ran.stdout


def test_it_works_in_a_network_namespace_without_any_interface(starter: Path) -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this system lets no user make a network namespace")
    ran = subprocess.run(
        [*alone, str(EXECUTABLE), "ask", QUESTION], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "Quotations, word for word" in ran.stdout


def test_it_works_on_hard_linked_libraries(starter: Path, tmp_path: Path) -> None:
    """Installers that share files between environments link them; nltk refuses such files."""
    linked = tmp_path / "site-packages"
    for name in ("nltk", "llama_index"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.submodule_search_locations
        source = Path(next(iter(spec.submodule_search_locations)))
        shutil.copytree(source, linked / name, copy_function=_link)
    code = (
        "from assistant import Assistant; import llama_index.core as core\n"
        "with Assistant.open() as assistant:\n"
        f"    print(assistant.query_engine().query({QUESTION!r})); print(core.__file__)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(linked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "[1]" in ran.stdout
    assert str(linked) in ran.stdout


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        pytest.skip("the temporary folder is on another file system, where nothing can be linked")
