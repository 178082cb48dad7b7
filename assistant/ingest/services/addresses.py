"""The services that papers are asked of: where they are, how often, and what they want to know."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Service:
    """A service and its terms.

    ``pause_s`` are the seconds between the beginnings of two requests. ``email_parameter`` is the
    name under which it wants the user's address, None where the User-Agent says it.
    ``key_variable`` is the environment variable of a key that it takes as ``key_parameter``, and
    ``key_page`` where to get one. ``is_local`` says that it is a program on the user's machine.
    """

    title: str
    url: str
    pause_s: float
    email_parameter: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    key_variable: str | None = None
    key_parameter: str = ""
    key_page: str = ""
    is_local: bool = False

    @property
    def host(self) -> str:
        """What messages call it: its host, with the port where that is not the usual one."""
        return urlsplit(self.url).netloc


SERVICES: dict[str, Service] = {
    "arxiv": Service("arXiv", "https://export.arxiv.org", 3.0),
    "crossref": Service("Crossref", "https://api.crossref.org", 0.2, "mailto"),
    "datacite": Service("DataCite", "https://api.datacite.org", 0.2),
    "europepmc": Service("Europe PMC", "https://www.ebi.ac.uk", 0.2),
    "openalex": Service(
        "OpenAlex",
        "https://api.openalex.org",
        0.2,
        "mailto",
        key_variable="OPENALEX_API_KEY",
        key_parameter="api_key",
        key_page="openalex.org/settings/api",
    ),
    "pubmed": Service(
        "PubMed",
        "https://eutils.ncbi.nlm.nih.gov",
        0.4,
        "email",
        parameters=(("tool", "abstract-assistant"),),
    ),
    "zotero": Service("Zotero", "http://127.0.0.1:23119", 0.0, is_local=True),
}
"""The services by name.

Source: info.arxiv.org/help/api/tou.html (one request in three seconds),
www.crossref.org/documentation/retrieve-metadata/rest-api (mailto),
developers.openalex.org/api-reference/authentication (api_key),
www.ncbi.nlm.nih.gov/books/NBK25497 (three requests a second; tool and email),
support.datacite.org/docs/api, europepmc.org/RestfulWebService,
www.zotero.org/support/dev/web_api/v3/basics and Zotero's server_localAPI.js (the local server).
"""
