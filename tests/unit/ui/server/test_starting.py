from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable

import pytest
from assistant_ui.server import starting

from assistant.errors import SettingsError


def test_variables_of_gradio_weaken_nothing() -> None:
    environment = {
        "GRADIO_SHARE": "True",
        "GRADIO_ALLOWED_PATHS": "/",
        "GRADIO_SERVER_NAME": "0.0.0.0",
        "GRADIO_ANALYTICS_ENABLED": "True",
        "GRADIO_TEMP_DIR": "/tmp/mine",
        "SPACE_ID": "ann/x",
        "PATH": "/bin",
    }
    starting.quiet_surroundings(environment)
    assert environment == {
        "PATH": "/bin",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
    }


def test_gradio_writes_no_stubs_of_its_types() -> None:
    script = (
        "from assistant_ui.server import starting; starting.skip_type_stubs()\n"
        "import gradio; from gradio import component_meta, blocks_events\n"
        "print(component_meta.create_or_modify_pyi.__module__)\n"
        "print(blocks_events.create_or_modify_pyi.__module__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["assistant_ui.server.starting"] * 2


def test_a_port_that_is_taken_is_named_with_the_remedy() -> None:
    with starting.listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port} .* in use.*--port"):
            starting.listen("127.0.0.1", port)


def test_the_next_free_port_is_taken_where_none_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with starting.listen("127.0.0.1", 0) as taken:
        monkeypatch.setattr(starting, "DEFAULT_PORT", taken.getsockname()[1])
        with starting.listen("127.0.0.1", None) as listener:
            assert 0 < listener.getsockname()[1] - taken.getsockname()[1] < starting.N_PORTS


def test_no_port_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with starting.listen("127.0.0.1", 0) as taken:
        monkeypatch.setattr(starting, "DEFAULT_PORT", taken.getsockname()[1])
        monkeypatch.setattr(starting, "N_PORTS", 1)
        with pytest.raises(SettingsError, match="all in use"):
            starting.listen("127.0.0.1", None)


@pytest.mark.parametrize("port", [-1, 65_536, 10**9])
def test_what_is_no_port(port: int) -> None:
    with pytest.raises(SettingsError, match="is no port"):
        starting.listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["", " ", "no.such.host.invalid", "a\0b", "x" * 300])
def test_what_is_no_address(host: str) -> None:
    with pytest.raises(SettingsError, match="no address of this machine"):
        starting.listen(host, 0)


def test_an_address_of_another_machine() -> None:
    with pytest.raises(SettingsError, match="give --host an address that this machine has"):
        starting.listen("192.0.2.1", 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.9"])
def test_this_machine_alone_needs_no_password(host: str) -> None:
    starting.refuse_open_door(host, asks_password=False, is_open=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])
def test_other_machines_need_a_password_or_leave(host: str) -> None:
    with pytest.raises(SettingsError, match=r"--auth USER:PASSWORD.*--open-to-network"):
        starting.refuse_open_door(host, asks_password=False, is_open=False)
    starting.refuse_open_door(host, asks_password=True, is_open=False)
    starting.refuse_open_door(host, asks_password=False, is_open=True)


def never(prompt: str) -> str:
    raise AssertionError(prompt)


def test_user_and_password() -> None:
    assert starting.read_auth(None, never) is None
    assert starting.read_auth("ann:a:b ", never) == ("ann", "a:b ")
    assert starting.read_auth("ann", lambda prompt: f"<{prompt}>") == (
        "ann",
        "<Password for ann: >",
    )


@pytest.mark.parametrize(
    ("text", "ask"),
    [("", never), (":", never), (":x", never), ("ann:", never), ("ann", lambda prompt: "")],
)
def test_half_a_password(text: str, ask: Callable[[str], str]) -> None:
    with pytest.raises(SettingsError, match="write --auth USER:PASSWORD"):
        starting.read_auth(text, ask)


def test_no_terminal_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(SettingsError, match="no terminal to ask"):
        starting.read_auth("ann")


def test_addresses_of_the_page() -> None:
    assert starting.page_url("127.0.0.1", 7860) == "http://127.0.0.1:7860/"
    assert starting.page_url("::1", 7860) == "http://[::1]:7860/"
    assert starting.page_url("0.0.0.0", 80) == f"http://{socket.gethostname()}:80/"
    assert starting.page_url("0.0.0.0", 80, local=True) == "http://localhost:80/"


@pytest.mark.parametrize(
    ("environment", "platform", "seen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "w"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "1"}, "darwin", False),
    ],
)
def test_a_browser_is_opened_where_it_can_be_seen(
    environment: dict[str, str], platform: str, seen: bool
) -> None:
    assert starting.has_screen(environment, platform) is seen


def test_a_proxy_opens_the_door_as_another_address_does() -> None:
    forwarded = {"host": "127.0.0.1", "is_forwarded": True}
    with pytest.raises(SettingsError, match="by a proxy other machines reach this page"):
        starting.refuse_open_door(**forwarded, asks_password=False, is_open=False)
    starting.refuse_open_door(**forwarded, asks_password=True, is_open=False)
