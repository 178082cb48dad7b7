"""The page's server as ``assistant ui`` starts it: who gets in, what is refused, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import Settings
from tests.llm_servers.scripted import KEY, ScriptedServer, scripted
from tests.llm_servers.steps import Breaks
from tests.running_page import RunningPage, page_over
from tests.whole.conftest import EXECUTABLE, Ran

pytestmark = pytest.mark.slow

HANGS = Breaks("hang", "The length is")
PASSWORD = "correct horse"
HOSTILE = {
    "GRADIO_SHARE": "True",
    "GRADIO_ALLOWED_PATHS": "/",
    "GRADIO_SERVER_NAME": "0.0.0.0",
    "GRADIO_MCP_SERVER": "True",
    "GRADIO_ANALYTICS_ENABLED": "True",
    "GRADIO_RUN_HISTORY": "True",
    "GRADIO_LOCAL_DEV_MODE": "1",
    "GRADIO_PROFILING": "1",
}
N_CONNECTIONS = 40
N_LLM = Settings.model_fields["llm_concurrency"].default
N_SCRIPTS = N_LLM // 2
N_WAITING = 64


@pytest.fixture(scope="module")
def page(page_home: Path) -> Iterator[RunningPage]:
    """A page whose surroundings would have Gradio share and serve more than it should."""
    environment = {**HOSTILE, "ASSISTANT_CONNECTIONS": str(N_CONNECTIONS)}
    with page_over(page_home, environment=environment) as running:
        yield running


@pytest.fixture(scope="module")
def locked(page_home: Path) -> Iterator[RunningPage]:
    with page_over(page_home, "--auth", f"ann:{PASSWORD}", "--mcp") as running:
        yield running


def test_the_page_is_there(page: RunningPage) -> None:
    response = httpx.get(page.url)
    assert response.status_code == 200
    assert "abstract-assistant" in response.text
    assert '<link rel="stylesheet" href="./page/parts/static/page.css?v=' in response.text
    assert "huggingface.co" not in response.text


def test_foreign_names_and_pages_get_nothing(page: RunningPage) -> None:
    for path in (
        "",
        "config",
        "gradio_api/queue/data?session_hash=a",
        "page/parts/static/page.css",
    ):
        borrowed = httpx.get(page.url + path, headers={"host": f"evil.example:{page.port}"})
        assert borrowed.status_code == 421
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"referer": "http://evil.example/"},
    ):
        asked = httpx.post(
            page.url + "gradio_api/run/ask", json={"data": ["What is LoRA?"]}, headers=headers
        )
        assert asked.status_code == 403


def test_files_of_the_machine_are_not_served(page: RunningPage, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("classified")
    cache = next(page.home.glob("*.sqlite"))
    for path in ("/etc/passwd", secret, cache, __file__):
        for way in ("gradio_api/file=", "file=", "gradio_api/file/"):
            response = httpx.get(f"{page.url}{way}{path}")
            assert response.status_code in (403, 404)
            assert "classified" not in response.text
    for path in ("../server.py", "..%2fserver.py", "%2e%2e/server.py", "/etc/passwd"):
        assert httpx.get(f"{page.url}page/{path}").status_code == 404


def test_the_server_fetches_nothing_for_a_visitor(page: RunningPage) -> None:
    with scripted() as elsewhere:
        for way in ("gradio_api/file=", "gradio_api/proxy="):
            for url in (elsewhere.url, elsewhere.url.replace("http", "HTTP", 1)):
                assert httpx.get(f"{page.url}{way}{url}/models").status_code in (403, 404)
        assert elsewhere.lists == 0


def test_surroundings_switch_nothing_on(page: RunningPage) -> None:
    for path in ("gradio_api/mcp/", "gradio_api/runs", "gradio_api/profiling/summary"):
        assert httpx.get(page.url + path).status_code == 404
    config = httpx.get(page.url + "config").json()
    assert config["analytics_enabled"] is False
    assert not config.get("is_space")


@pytest.mark.parametrize("path", ["gradio_api/queue/join", "gradio_api/run/ask"])
def test_a_question_of_20_mb_is_refused(page: RunningPage, path: str) -> None:
    body = b'{"data": ["' + b"q" * 20 * 2**20 + b'"], "session_hash": "a"}'
    for content in (body, iter([body])):
        try:
            response = httpx.post(page.url + path, content=content)
        except httpx.WriteError:
            # The server had hung up before all was sent.
            continue
        assert response.status_code == 413
        assert "at most 1 MB" in response.json()["detail"]


def test_uploads_have_a_limit(page: RunningPage) -> None:
    response = httpx.post(
        page.url + "gradio_api/upload", files={"files": ("a.bib", b"x" * 21 * 2**20)}
    )
    assert response.status_code == 413
    small = httpx.post(page.url + "gradio_api/upload", files={"files": ("a.bib", b"x" * 100)})
    assert small.status_code == 200


def test_the_password_guards_all_of_it(locked: RunningPage) -> None:
    assert httpx.get(locked.url + "page/parts/static/page.css").status_code == 200
    for path in ("config", "gradio_api/info", "gradio_api/queue/data?session_hash=a"):
        assert httpx.get(locked.url + path).status_code == 401
    for path in ("run/ask", "call/ask", "queue/join", "upload", "cancel", "mcp/"):
        refused = httpx.post(f"{locked.url}gradio_api/{path}", json={"data": ["a"]})
        assert refused.status_code == 401
    document = httpx.get(locked.url).text
    assert '"auth_required":true' in document.replace(" ", "")
    assert "245" not in document.split("gradio_config")[1][:3000]


def test_the_right_password_lets_in_and_wrong_ones_are_slowed(locked: RunningPage) -> None:
    with httpx.Client(base_url=locked.url) as client:
        for _ in range(2):
            wrong = client.post("login", data={"username": "ann", "password": "no"})
            assert wrong.status_code == 400
        right = client.post("login", data={"username": "ann", "password": PASSWORD})
        assert right.status_code == 200
        assert client.get("config").status_code == 200
        # On another connection, without the cookie: five guesses, then none.
    tried = [
        httpx.post(locked.url + "login", data={"username": "ann", "password": str(n)}).status_code
        for n in range(7)
    ]
    assert tried == [400] * 5 + [429] * 2


def environment_of(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ASSISTANT_", "OPENAI_"))}
    return {**kept, "ASSISTANT_HOME": str(home), **more}


def test_what_cannot_be_served_is_one_sentence(
    page: RunningPage, page_home: Path, command: Callable[..., Ran]
) -> None:
    for arguments, said in (
        (["--port", page.port], "is in use"),
        (["--host", "0.0.0.0"], "--open-to-network"),
        (["--auth", ":"], "USER:PASSWORD"),
        (["--auth", "ann"], "no terminal"),
    ):
        ran = command("ui", "--no-browser", *arguments)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert said in ran.err
    # Gradio is loaded before the library is looked for, and changes the process that loads it.
    arguments = ["ui", "--no-browser", "--port", "0", "--library", "none"]
    alone = subprocess.run(
        [str(EXECUTABLE), *arguments],
        env=environment_of(page_home),
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert (alone.returncode, alone.stdout, alone.stderr.count("\n")) == (2, "", 1)
    assert "no library 'none'" in alone.stderr


def started(home: Path, **environment: str) -> tuple[subprocess.Popen[str], str]:
    """Returns the process and the address that it printed."""
    process = subprocess.Popen(
        [sys.executable, "-u", str(EXECUTABLE), "ui", "--no-browser", "--port", "0"],
        env=environment_of(home, **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("The page is at http://127.0.0.1:"), process.communicate()[1]
    return process, line.split()[4].rstrip(";")


def test_it_ends_at_ctrl_c(page_home: Path) -> None:
    process, url = started(page_home)
    assert httpx.get(url).status_code == 200
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.count("\n") == 1  # that this is the starter library
    assert "Traceback" not in errors


def malformed() -> Iterator[tuple[str, bytes]]:
    """Yields calls that no client of the page makes: their paths and bodies."""
    for body in (
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"data": null}',
        b'{"data": []}',
        b'{"data": [NaN, 1e999]}',
        b'{"data": ["a"], "session_hash": "\\ud800"}',
        b'{"data": [' + b"[" * 2_000 + b"]" * 2_000 + b"]}",
    ):
        for path in ("run/ask", "call/check", "call/v2/search", "run/nothing", "cancel", "upload"):
            yield path, body
    for event in (-1, 10**30, 0, 1, 2):
        for path in ("queue/join", "run/predict"):
            yield path, b'{"data": [5], "fn_index": %d, "session_hash": "s"}' % event


def test_malformed_calls_are_refused(page: RunningPage) -> None:
    """That none of them writes a traceback is seen where this page ends."""
    with httpx.Client(base_url=f"{page.url}gradio_api/", timeout=30) as client:
        for path, body in malformed():
            response = client.post(path, content=body, headers={"content-type": "application/json"})
            assert response.status_code in (200, 400, 404, 422, 500), (path, body)
            assert "Traceback" not in response.text
        with client.stream("GET", "queue/data?session_hash=unknown") as unknown:
            assert "session_not_found" in next(unknown.iter_lines())
        called = client.post("call/ask", json=asked("How is length controlled?")).json()
    for path in (f"call/ask/{called['event_id']}", "heartbeat/gone"):
        # The client is gone before it is answered.
        with socket.create_connection(("127.0.0.1", page.port)) as gone:
            gone.sendall(f"GET /gradio_api/{path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
    too_short = httpx.post(page.url + "gradio_api/run/ask", json={"data": []})
    assert too_short.json()["error"].startswith("this takes 5 values, and 0 came")


def test_headers_and_connections_have_bounds(page: RunningPage) -> None:
    with socket.create_connection(("127.0.0.1", page.port), timeout=30) as client:
        client.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"x" * 2**17)
        assert client.recv(12) == b"HTTP/1.1 400"
    held = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(N_CONNECTIONS + 1)]
    try:
        held[-1].settimeout(30)
        assert held[-1].recv(12) == b"HTTP/1.1 429"
    finally:
        for connection in held:
            connection.close()


def test_it_ends_at_sigterm(page: RunningPage) -> None:
    """The last test of this page: it has been asked all that it should refuse, and rests."""
    process, page.process = page.process, None
    assert process is not None
    process.terminate()
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "Traceback" not in errors
    assert errors.count("\n") <= len(list(malformed())) + 10


def test_it_ends_while_an_answer_is_being_written(page_home: Path) -> None:
    """At Ctrl-C; at SIGTERM the page of the next test ends with its answers unfinished."""
    with scripted(otherwise=HANGS) as llm:
        process, url = started(page_home, **of_llm(llm))
        with httpx.Client(base_url=url, timeout=60) as client:
            client.post("gradio_api/call/ask", json=asked("How is length controlled?"))
            wait_for_requests(llm, 1)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors


def wait_for_requests(llm: ScriptedServer, n: int) -> None:
    end = time.monotonic() + 150
    while len(llm.requests) < n:
        assert time.monotonic() < end, f"{len(llm.requests)} requests came"
        time.sleep(0.05)


def test_those_who_wait_for_an_llm_hold_up_nobody_else(page_home: Path) -> None:
    with scripted(otherwise=HANGS) as llm:
        process, url = started(page_home, ASSISTANT_QUEUE=str(N_WAITING), **of_llm(llm))
        with httpx.Client(base_url=url, timeout=60) as client:
            calls = [
                client.post("gradio_api/call/ask", json=asked("What is LoRA?")) for _ in range(200)
            ]
            # Scripts are turned away; readers still find a place.
            event_id = event_of_chat(client)
            chats = [
                client.post("gradio_api/queue/join", json=chat(event_id, n)) for n in range(50)
            ]
            wait_for_requests(llm, N_LLM + N_SCRIPTS)
            statuses = Counter(call.status_code for call in calls)
            assert statuses == {200: N_SCRIPTS + N_WAITING, 503: 200 - N_SCRIPTS - N_WAITING}
            assert "64 are waiting; try again" in calls[-1].json()["detail"]
            assert {answer.status_code for answer in chats} == {200}
            n_asked = len(llm.requests)
            # Searches, checks and pages that are opened are served as if nobody waited.
            for endpoint, data in (
                ("search", ["length control", 3, None, None]),
                ("check", ["We are 2x faster.", "It is 3 times faster."]),
            ):
                assert client.post(f"gradio_api/run/{endpoint}", json={"data": data}).is_success
            opened = [client.post("gradio_api/queue/join", json=opening(n)) for n in range(150)]
            assert {answer.status_code for answer in opened} == {200}
            assert client.get("").status_code == 200
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "Traceback" not in errors
    assert n_asked == N_LLM + N_SCRIPTS


def event_of_chat(client: httpx.Client) -> int:
    """Returns the number by which the page calls its chat."""
    config = client.get("config").json()
    return next(dep["id"] for dep in config["dependencies"] if dep["api_name"] == "page_ask")


def chat(event_id: int, visitor: int) -> dict[str, Any]:
    """Returns what the page sends when its visitor asks."""
    data = [None, f"visitor{visitor}", "", "How is length controlled?", []]
    return {"data": data, "fn_index": event_id, "session_hash": f"session{visitor}"}


def opening(visitor: int) -> dict[str, Any]:
    """Returns what the page sends first when it is opened."""
    return {"data": [None, "", "", []], "fn_index": 0, "session_hash": f"opening{visitor}"}


def of_llm(llm: ScriptedServer) -> dict[str, str]:
    return {
        "ASSISTANT_LLM": "openai:tiny",
        "ASSISTANT_LLM_BASE_URL": llm.url,
        "ASSISTANT_LLM_API_KEY": KEY,
    }


def asked(question: str) -> dict[str, Any]:
    return {"data": [question, None, None, None, None]}
