"""The page behind nginx, configured as docs/hosting.md says."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.doc_blocks import REPOSITORY, read_blocks
from tests.running_page import free_port, page_over

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("nginx") and shutil.which("openssl")),
        reason="nginx and openssl are not installed",
    ),
]

NAME = "papers.example.org"
QUESTION = "How is the length of a response controlled?"


@pytest.fixture(scope="module")
def hosted(page_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client that comes through nginx, as a browser would, with the password."""
    folder = tmp_path_factory.mktemp("nginx")
    options = ("--behind-proxy", "127.0.0.1", "--name", NAME, "--open-to-network")
    with page_over(page_home, *options) as page:
        port = free_port()
        write_configuration(folder, port, page.port)
        nginx = subprocess.Popen(
            ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        )
        trusted = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        trusted.check_hostname = False
        client = httpx.Client(
            base_url=f"https://127.0.0.1:{port}/",
            headers={"host": NAME, "origin": f"https://{NAME}"},
            auth=("ann", "secret"),
            verify=trusted,
            timeout=60,
        )
        try:
            wait_for(client)
            yield client
        finally:
            client.close()
            nginx.terminate()
            nginx.wait(30)


def write_configuration(folder: Path, port: int, page_port: int) -> None:
    """Writes the document's configuration, with ports and files of this test."""
    (server,) = (
        block.text
        for block in read_blocks(REPOSITORY / "docs" / "hosting.md")
        if block.file == "papers.conf"
    )
    for old, new in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("127.0.0.1:7860", f"127.0.0.1:{page_port}"),
        (f"/etc/letsencrypt/live/{NAME}", str(folder)),
        ("/etc/nginx", str(folder)),
    ):
        assert old in server
        server = server.replace(old, new)
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}"]
    made += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(made, check=True, capture_output=True)
    (folder / "papers.htpasswd").write_text("ann:{PLAIN}secret\n")
    places = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{place}_temp_path {folder}/{place};\n" for place in places)
    # Workers of an nginx that root starts read as nobody, who may not enter this folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{server}}}\n"
    )


def wait_for(client: httpx.Client) -> None:
    for _ in range(100):
        try:
            client.get("")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("nginx does not answer")


def test_the_page_opens_by_its_name_and_no_other(hosted: httpx.Client) -> None:
    opened = hosted.get("")
    assert opened.status_code == 200
    assert re.search(rf'"root":\s*"https://{NAME}', opened.text)
    assert hosted.get("", headers={"host": "evil.example.org"}).status_code == 421
    foreign = {"origin": "https://evil.example.org"}
    body = {"data": [QUESTION, None, None, None, None]}
    assert hosted.post("gradio_api/run/ask", json=body, headers=foreign).status_code == 403
    assert httpx.get(hosted.base_url, verify=False).status_code == 401


def test_an_open_page_hears_at_once(hosted: httpx.Client) -> None:
    with hosted.stream("GET", "gradio_api/heartbeat/visitor") as heartbeat:
        lines = heartbeat.iter_lines()
        assert next(lines) == "data: ALIVE"


def test_questions_and_uploads_come_through(hosted: httpx.Client) -> None:
    called = hosted.post(
        "gradio_api/call/ask", json={"data": [QUESTION, None, None, None, None]}
    ).json()
    assert "event: complete" in hosted.get(f"gradio_api/call/ask/{called['event_id']}").text
    for n_bytes, status in ((19 * 2**20, 200), (26 * 2**20, 413)):
        files = {"files": ("a.bib", b"x" * n_bytes)}
        assert hosted.post("gradio_api/upload", files=files).status_code == status
