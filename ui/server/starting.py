"""What has to be right before the page is served: its address, its password, its surroundings."""

from __future__ import annotations

import errno
import getpass
import ipaddress
import logging
import os
import socket
import sys
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from types import ModuleType

import wrapt

from assistant import SettingsError

DEFAULT_PORT = 7860
N_PORTS = 100
"""Ports that are tried, from the default one on, where none was named."""

N_OPEN_FILES = 8_192
"""Files and connections that the page may hold open: a process has 1,024 where nobody asks."""

_QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
}


def quiet_surroundings(environment: MutableMapping[str, str]) -> None:
    """Takes out variables by which Gradio would share, measure or serve more; before its import.

    ``GRADIO_SHARE``, ``GRADIO_ALLOWED_PATHS`` and their like are meant for other programs.
    """
    for name in list(environment):
        if name.startswith(("GRADIO_", "SPACE_", "OAUTH_")):
            del environment[name]
    environment.update(_QUIET)


def keep_uploads_in(home: Path) -> None:
    """Has Gradio keep uploads in the home folder: elsewhere they would lie among other programs'.

    ``assistant clean`` finds them there.
    """
    os.environ["GRADIO_TEMP_DIR"] = str(home / "uploads")


def skip_type_stubs() -> None:
    """Keeps Gradio from writing its own type stubs anew at each import; before its import.

    That is for who develops Gradio: it parses the source of every component, which takes two fifths
    of the time of the import, and it writes where Gradio is installed.
    """
    wrapt.register_post_import_hook(_without_stubs, "gradio.component_meta")


def _without_stubs(component_meta: ModuleType) -> None:
    component_meta.create_or_modify_pyi = lambda *_: None  # type: ignore[attr-defined]


def log_failures() -> None:
    """Prints failures of the page with their tracebacks, which a visitor is not shown."""
    shown = logging.StreamHandler(sys.stderr)
    shown.setFormatter(logging.Formatter("assistant: %(asctime)s %(message)s"))
    log = logging.getLogger("assistant_ui")
    log.handlers = [shown]
    log.propagate = False


def allow_open_files() -> None:
    """Lets the process hold as many connections as the system lets it, up to ``N_OPEN_FILES``."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = N_OPEN_FILES if hard == resource.RLIM_INFINITY else min(N_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def listen(host: str, port: int | None) -> socket.socket:
    """Returns a socket that listens on ``host``: at ``port``, or at the first free one.

    Raises:
        SettingsError: the address or port is taken, forbidden, or not this machine's.
    """
    if port is not None:
        return _bind(host, port)
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + N_PORTS):
        try:
            return _bind(host, candidate)
        except _TakenError:
            continue
    raise SettingsError(
        f"ports {DEFAULT_PORT} to {DEFAULT_PORT + N_PORTS - 1} of {host} are all in use; "
        "name a free one with --port"
    )


class _TakenError(SettingsError):
    """Another program listens there."""


def _bind(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65_535:
        raise SettingsError(f"--port {port} is no port; give 1 to 65535, or 0 for any free one")
    family, *_, address = _resolve(host, port)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise _refusal(error, host, port) from error
    return listener


def _refusal(error: OSError, host: str, port: int) -> SettingsError:
    if error.errno == errno.EADDRINUSE:
        return _TakenError(
            f"port {port} of {host} is in use; stop what uses it or name another with --port"
        )
    if error.errno == errno.EACCES:
        return SettingsError(
            f"port {port} needs the rights of an administrator; name one over 1023"
        )
    return SettingsError(
        f"cannot listen on {host}, port {port}: {error.strerror}; give --host an address that "
        "this machine has, or leave it out"
    )


def _resolve(host: str, port: int) -> tuple[int, int, int, str, tuple[object, ...]]:
    try:
        if not host.strip():
            raise OSError
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise SettingsError(
            f"--host {host!r} is no address of this machine; 127.0.0.1 is the usual one"
        ) from None


def is_loopback(host: str) -> bool:
    """Returns whether only this machine reaches what listens on ``host``.

    Raises:
        SettingsError: ``host`` is no address.
    """
    address = str(_resolve(host, 0)[4][0])
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def refuse_open_door(
    host: str, *, asks_password: bool, is_open: bool, is_forwarded: bool = False
) -> None:
    """Lets a page be served to other machines only where its owner said how.

    Args:
        host: the address to serve on.
        asks_password: whether visitors are asked for a password.
        is_open: whether everybody may come in.
        is_forwarded: whether a proxy brings others to an address of this machine's own.

    Raises:
        SettingsError: others could reach the page, without a password and without leave.
    """
    if asks_password or is_open:
        return
    if not is_loopback(host):
        reached = f"on {host} other machines reach"
    elif is_forwarded:
        reached = "by a proxy other machines reach"
    else:
        return
    raise SettingsError(
        f"{reached} this page, its papers and its chats; ask them for a password with "
        "--auth USER:PASSWORD, or let everybody in with --open-to-network"
    )


def read_auth(
    text: str | None, ask: Callable[[str], str] = getpass.getpass
) -> tuple[str, str] | None:
    """Returns user and password of ``USER:PASSWORD``; for ``USER`` alone, ``ask`` is asked.

    Raises:
        SettingsError: either is missing.
    """
    if text is None:
        return None
    user, colon, password = text.partition(":")
    user = user.strip()
    if user and not colon:
        if ask is getpass.getpass and not sys.stdin.isatty():
            raise SettingsError(
                "--auth has no password, and there is no terminal to ask for it; write "
                "--auth USER:PASSWORD"
            )
        password = ask(f"Password for {user}: ")
    if not user or not password:
        raise SettingsError("--auth needs a user and a password; write --auth USER:PASSWORD")
    return user, password


def page_url(host: str, port: int, *, local: bool = False) -> str:
    """Returns the address of the page; ``local`` for a browser on this machine."""
    if host in ("0.0.0.0", "::", ""):
        host = "localhost" if local else socket.gethostname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def has_screen(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Returns whether a browser that is opened here can be seen."""
    if platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in environment
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
