"""What holds for every server of models: whose headers it gets, and what its failures mean."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from assistant.servers.providers import PROVIDERS

LONGEST_PAUSE_S = 20.0
"""A server that asks for more patience gets an error instead, so that people are not kept."""

_OPENAI_HOST = urlsplit(PROVIDERS["openai"].url).hostname
_ACCOUNT_HEADERS = ("OpenAI-Organization", "OpenAI-Project")
_CUSTOM_HEADERS = "OPENAI_CUSTOM_HEADERS"

_CERTIFICATE_FAULTS = {
    9: "is not valid yet; check the clock of this machine",
    10: "has expired; have it renewed, and check the clock of this machine",
    18: "it signed itself; if it is yours, set SSL_CERT_FILE to the file of its certificate",
    19: "an unknown authority signed; if you trust it, set SSL_CERT_FILE to its certificate",
    20: "an unknown authority signed; if you trust it, set SSL_CERT_FILE to its certificate",
    62: "is for another host; use the name in the address that the certificate is for",
    64: "is for another host; use the name in the address that the certificate is for",
}
"""What is wrong with a certificate, by OpenSSL's number of it.

Source: OpenSSL, x509_vfy.h (X509_V_ERR_...).
"""


def limit_headers(headers: MutableMapping[str, str], url: str, key: str) -> None:
    """Takes off what OpenAI's client adds of the user's account there, unless ``url`` is OpenAI's.

    Source: openai-python, OpenAI.__init__: OPENAI_ORG_ID, OPENAI_PROJECT_ID and
    OPENAI_CUSTOM_HEADERS become headers of every request, wherever it goes.
    """
    if urlsplit(url).hostname == _OPENAI_HOST:
        return
    custom = os.environ.get(_CUSTOM_HEADERS, "").split("\n")
    for name in (*_ACCOUNT_HEADERS, *(line.partition(":")[0].strip() for line in custom)):
        headers.pop(name, None)
    headers["Authorization"] = f"Bearer {key}"


def redirects(server: str, status: int, setting: str) -> str:
    """Returns what is said where ``server`` sends requests on: they go where the user says."""
    return (
        f"{server} sends on to another address (HTTP {status}), and nothing is sent there; set "
        f"{setting} to where it really is"
    )


def describe_tls_fault(exc: BaseException | None) -> str | None:
    """Returns what is wrong with a server's TLS where that is why ``exc`` was raised."""
    while exc is not None:
        if isinstance(exc, ssl.SSLCertVerificationError):
            fault = _CERTIFICATE_FAULTS.get(exc.verify_code, "cannot be verified; have it replaced")
            return f"shows a certificate that {fault}"
        if isinstance(exc, ssl.SSLError):
            return "does not speak TLS as it should; check whether its address is one of https://"
        exc = exc.__cause__ or exc.__context__
    return None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Returns the seconds that a server asks to wait, never negative; None where it does not say.

    Source: RFC 9110, section 10.2.3 (seconds, or a date).
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
