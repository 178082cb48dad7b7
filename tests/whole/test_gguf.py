"""A GGUF file served in the process itself, as a user's program would."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import ModelError
from assistant.llm import gguf as gguf_module
from assistant.llm.gguf import GgufChat

pytestmark = pytest.mark.slow


def run(code: str, *arguments: object) -> str:
    """Runs ``code`` in a process of its own, whose end is part of what is tested."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == ""
    return done.stdout


_SESSION = """
    import json, sys, threading, urllib.error, urllib.request
    from assistant.errors import ContextOverflowError
    from assistant.llm.messages import Message
    from assistant.llm.gguf import GgufChat

    def status(url):
        try:
            return urllib.request.urlopen(urllib.request.Request(url, b"{}")).status
        except urllib.error.HTTPError as error:
            return error.code

    model = GgufChat(sys.argv[1], context_tokens=512, n_threads=1)
    found = {"name": model.name, "context": model.context_tokens}
    ask = [Message("user", "Tell a long story about a river.")]
    reply = model.complete(ask, max_tokens=8)
    found["reply"] = [reply.finish, reply.completion_tokens]
    try:
        model.complete([Message("user", "river " * 1500)], max_tokens=8)
    except ContextOverflowError as error:
        found["overflow"] = str(error)
    url = model._ensure_running().endpoint.url
    found["loopback"] = url.startswith("http://127.0.0.1:")
    paths = ("/v1/chat/completions", "/slots", "/props")
    found["keyless"] = [status(url.removesuffix("/v1") + path) for path in paths]
    long = [Message("system", "You are brief and polite. " * 9), Message("user", "Hello")]
    found["read"] = []
    for messages in (long, [*long, Message("assistant", "Hello."), Message("user", "And now?")]):
        asked = [{"role": each.role, "content": each.text} for each in messages]
        body = json.dumps({"messages": asked, "max_tokens": 1, "temperature": 0}).encode()
        header = {"authorization": "Bearer " + model._ensure_running().endpoint.key}
        request = urllib.request.Request(url + "/chat/completions", body, header)
        found["read"].append(json.load(urllib.request.urlopen(request))["timings"]["prompt_n"])
    cut = model.stream(ask, max_tokens=400)
    next(cut)
    model.close()
    list(cut)
    found["cut"] = cut.finish
    found["again"] = model.complete(ask, max_tokens=3).completion_tokens
    print(json.dumps(found))
    left = model.stream(ask, max_tokens=400)
    next(left)
"""


@pytest.fixture(scope="module")
def session(gguf: Path) -> dict[str, Any]:
    """What a program found that used a file, left a reply unread and came to its end."""
    found: dict[str, Any] = json.loads(run(_SESSION, gguf))
    return found


def test_a_file_is_loaded_and_answers(session: dict[str, Any], gguf: Path) -> None:
    assert session["name"] == f"gguf:{gguf.name}"
    assert session["context"] == 512
    assert session["reply"] == ["length", 8]


def test_a_prompt_larger_than_the_window(session: dict[str, Any], gguf: Path) -> None:
    assert f"the local model {gguf.name!r} has no room for the prompt" in session["overflow"]


def test_only_who_has_the_key_is_served_and_only_from_here(session: dict[str, Any]) -> None:
    assert session["loopback"]
    assert session["keyless"] == [401, 401, 401]


def test_a_prompt_that_goes_on_is_read_from_where_it_does(session: dict[str, Any]) -> None:
    first, continued = session["read"]
    assert first > 50
    assert continued < first / 2


def test_closing_the_model_cuts_replies_and_another_loads_it_again(session: dict[str, Any]) -> None:
    assert session["cut"] == "cut"
    assert session["again"] == 3


def test_a_damaged_file_is_one_sentence_and_no_crash(gguf: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.gguf"
    half.write_bytes(gguf.read_bytes()[: gguf.stat().st_size // 2])
    said = run(
        """
        import sys
        from assistant.errors import ModelError
        from assistant.llm.messages import Message
        from assistant.llm.gguf import GgufChat
        try:
            GgufChat(sys.argv[1]).complete([Message("user", "Hello")], max_tokens=2)
        except ModelError as error:
            print(error)
        """,
        half,
    )
    assert said.startswith(f"llama.cpp cannot load '{half}' with a context of 8,192 tokens; ")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist; give the path of a .gguf file"),
        (b"", "is not a GGUF file"),
        (b"%PDF-1.7 " * 100, "is not a GGUF file"),
        (b"GGUF", "is not a GGUF file"),
        (b"GGUF\x09\0\0\0" + bytes(16), "is not a GGUF file"),
    ],
)
def test_other_files_are_refused_before_anything_is_loaded(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "größe 模型.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=says) as caught:
        GgufChat(str(path))
    assert repr(str(path)) in str(caught.value)


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is a folder; give the path"):
        GgufChat(str(tmp_path))


def test_a_file_larger_than_the_memory_is_refused(
    gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gguf_module, "available_memory", lambda: 50 * 2**20)
    with pytest.raises(ModelError, match=r"takes 0\.1 GB and 0\.0 GB of memory are free"):
        GgufChat(str(gguf))


def test_without_llama_cpp_the_command_that_installs_it_is_named(
    gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"pip install 'abstract-assistant\[local\]'"):
        GgufChat(str(gguf))
