"""By which names the server is asked, and from which pages: only its own are answered."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Container
from urllib.parse import urlsplit

from starlette.datastructures import Headers

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})
READS = frozenset({"GET", "HEAD"})

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?")


def is_own_name(host: str, served_on: str, names: Container[str] = ()) -> bool:
    """Returns whether ``host``, a Host header, names this server and is no borrowed name.

    ``names`` are those by which a proxy is known.

    A page elsewhere can point its own name at this machine and so pass for one of ours. Ports do
    not matter: behind a tunnel it is the tunnel's. Where the server is on all addresses of the
    machine, any address will do, since only names can be borrowed.
    """
    name = hostname(host)
    if name is None:
        return False
    if name in LOOPBACK_NAMES or name == served_on or name in names:
        return True
    if served_on not in ANY_ADDRESS:
        return False
    own = socket.gethostname().lower()
    return name in (own, f"{own}.local", socket.getfqdn().lower()) or _is_address(name)


def hostname(host: str) -> str | None:
    """Returns the name or address of ``name:port``, lower case; None where it is neither."""
    match = _HOST.fullmatch(host.lower())
    return (match[1] or match[2]).rstrip(".") if match else None


def is_same_origin(headers: Headers, method: str) -> bool:
    """Returns whether a request comes from the page itself, or from no page at all.

    What a browser says of its origin must be the host that is asked. A link from elsewhere may
    open the page, and nothing else.
    """
    site: str = headers.get("sec-fetch-site", "none")
    if site not in ("none", "same-origin"):
        opens = headers.get("sec-fetch-mode") == "navigate"
        if method not in READS or not opens or headers.get("sec-fetch-dest") != "document":
            return False
    sources = [headers.get("origin")]
    if method not in READS:
        sources.append(headers.get("referer"))
    host = headers.get("host", "").lower()
    return all(_netloc(source) == host for source in sources if source)


def _netloc(url: str) -> str | None:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
