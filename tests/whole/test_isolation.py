"""Without a network, and on an install whose files are hard links."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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


@pytest.fixture
def linked() -> Iterator[Path]:
    """An empty folder on the file system of what is installed, where it can be linked."""
    with tempfile.TemporaryDirectory(dir=sys.prefix, prefix="linked-") as folder:
        yield Path(folder)


def test_it_works_on_hard_linked_libraries(starter: Path, linked: Path) -> None:
    """Installers that share files between environments link them; nltk refuses such files."""
    for name in ("nltk", "llama_index"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.submodule_search_locations
        source = Path(next(iter(spec.submodule_search_locations)))
        shutil.copytree(source, linked / name, copy_function=os.link)
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
