"""What a Chroma server's failures mean, and what it is that answers in its place.

Nothing of this is asked while all is well.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx

from assistant.errors import StoreError
from assistant.servers.providers import mask_passwords
from assistant.store.chroma import ChromaError

_RELEASE = "1"
"""The major release of Chroma whose server has the API that is spoken here."""

_SHOWN = 120
"""Characters of a reply that a message quotes."""

_GONE = re.compile(r"deprecated|no longer|removed", re.IGNORECASE)
"""How Chroma's servers say that they had an API once."""


def split_password(url: str) -> tuple[str, dict[str, str]]:
    """Returns a URL without its user and password, and the header that sends them.

    So they stand in no address that the client could log or quote. Source: RFC 7617.
    """
    parts = urlsplit(url)
    given, at, place = parts.netloc.rpartition("@")
    if not at:
        return url, {}
    user, _, password = given.partition(":")
    token = b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    return urlunsplit(parts._replace(netloc=place)), {"Authorization": f"Basic {token}"}


def is_reply_fault(error: Exception) -> bool:
    """Returns whether ``error`` is what the client raises at a reply that it cannot use."""
    known = (httpx.HTTPError, httpx.InvalidURL, ChromaError, ValueError, KeyError, TypeError)
    # A bare Exception is what it raises for a status that it has no error for.
    return isinstance(error, known) or type(error) is Exception


def explain(url: str, headers: dict[str, str], error: Exception, limit_s: float) -> StoreError:
    """Returns what ``error``, met at the server ``url``, is to a person; asks the server for it."""
    try:
        if not isinstance(error, httpx.TransportError):
            with httpx.Client(headers=headers, timeout=limit_s) as client:
                return _explain_reply(url, client, error)
    except (httpx.HTTPError, httpx.InvalidURL) as unanswered:
        error = unanswered
    return StoreError(
        f"store at {url!r} unreachable ({str(error) or type(error).__name__}); start it with "
        f"`chroma run`, or unset ASSISTANT_CHROMA_URL to use the library on this machine"
    )


def _explain_reply(url: str, client: httpx.Client, error: Exception) -> StoreError:
    beat = client.get(f"{url}/api/v2/heartbeat")
    status = beat.status_code
    if _is_heartbeat(beat):
        version = str(_json(client.get(f"{url}/api/v2/version")))
        if re.match(r"\d+\.", version) and version.partition(".")[0] != _RELEASE:
            return StoreError(
                f"the server at {url!r} is Chroma {version[:20]}, and this release needs Chroma "
                f"{_RELEASE}; run that one"
            )
        said = mask_passwords(" ".join(str(error).split()))[:_SHOWN]
        return StoreError(f"Chroma at {url!r} failed ({said}); see its log")
    if status in (401, 403):
        return StoreError(
            f"the Chroma server at {url!r} lets nobody in without the right user and password "
            f"(HTTP {status}); give them in ASSISTANT_CHROMA_URL, as http://USER:PASSWORD@HOST"
        )
    if status >= 500:
        return StoreError(f"the server at {url!r} failed (HTTP {status}); see its log")
    if _is_heartbeat(client.get(f"{url}/api/v1/heartbeat")):
        return StoreError(
            f"the server at {url!r} is a Chroma before {_RELEASE}.0, which has not the API that "
            f"this release needs; run Chroma {_RELEASE}"
        )
    if status == 410 or _GONE.search(beat.text[:10_000]):
        return StoreError(
            f"the server at {url!r} no longer has the API of Chroma {_RELEASE}, which this release "
            f"needs; run Chroma {_RELEASE}, or upgrade abstract-assistant"
        )
    return StoreError(
        f"what answers at {url!r} is no Chroma server (HTTP {status}); check ASSISTANT_CHROMA_URL"
    )


def _is_heartbeat(reply: httpx.Response) -> bool:
    told = _json(reply)
    return reply.is_success and isinstance(told, dict) and "nanosecond heartbeat" in told


def _json(reply: httpx.Response) -> Any:
    try:
        return reply.json()
    except ValueError:
        return None
