"""Which strings name papers of a service rather than a file: prefixes and addresses of pages."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from assistant.errors import IngestError
from assistant.ingest.identity import find_arxiv_id, normal_arxiv_id, normal_doi
from assistant.text.half_characters import mend_halves

Kind = Literal[
    "doi",
    "pmid",
    "arxiv_id",
    "arxiv_listing",
    "arxiv",
    "openalex",
    "crossref",
    "europepmc",
    "zotero",
]

EXAMPLES = "doi:10.1000/182, arxiv:2203.00001, pmid:31452104, openalex:WORDS, arxiv:WORDS, zotero:"
"""How queries look, for messages."""

MAX_QUERY_CHARS = 2_000
"""Longer ones fit no address."""

_PREFIXED = re.compile(r"(doi|pmid|arxiv|openalex|crossref|europepmc|zotero):(.*)", re.I | re.S)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_PMID = re.compile(r"[0-9]{1,9}")
_LISTING = re.compile(
    r"/list/([a-z-]+(?:\.[A-Za-z-]{2,})?)(?:/([a-z]+|[0-9]{2,6}|[0-9]{4}-[0-9]{2}))?"
)


@dataclass(frozen=True, slots=True)
class Query:
    """What a service is asked for: ``text`` is what it is told, ``typed`` what the user wrote.

    ``typed`` becomes the source of the papers.
    """

    kind: Kind
    text: str
    typed: str


def find_query(source: str) -> Query | None:
    """Returns the query that ``source`` is; None where it is the path of a file or folder.

    A file that exists goes before a query of the same name.

    Raises:
        IngestError: it begins as a query or an address, and can be none.
    """
    if os.path.lexists(source):
        return None
    # What a shell passes need be no text, and can then neither be sent nor kept.
    source = mend_halves(source)
    prefixed, is_address = _PREFIXED.fullmatch(source), _ADDRESS.match(source)
    if not (prefixed or is_address):
        return None
    if len(source) > MAX_QUERY_CHARS:
        shown = f"{source[:60]}..."
        raise IngestError(f"{shown!r} is longer than {MAX_QUERY_CHARS:,} characters; shorten it")
    if prefixed:
        return _read_prefixed(prefixed[1].lower(), prefixed[2].strip(), source)
    return _read_address(source)


def _read_prefixed(prefix: str, text: str, typed: str) -> Query:
    if prefix == "zotero":
        return Query("zotero", text, typed)
    if not text:
        raise IngestError(f"{typed!r} says nothing after the colon; write, say, {EXAMPLES}")
    if prefix == "doi":
        return _name_doi(text, typed)
    if prefix == "pmid":
        return _name_pmid(text, typed)
    if prefix == "arxiv":
        arxiv_id = normal_arxiv_id(text)
        return Query("arxiv_id", arxiv_id, typed) if arxiv_id else Query("arxiv", text, typed)
    if prefix == "openalex":
        return Query("openalex", text, typed)
    return Query("crossref" if prefix == "crossref" else "europepmc", text, typed)


def _read_address(typed: str) -> Query:
    """Returns the query that the address of a page of a known site stands for."""
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    if host in ("doi.org", "dx.doi.org"):
        return _name_doi(unquote(parts.path), typed)
    found = None
    if host in ("arxiv.org", "export.arxiv.org"):
        found = _read_arxiv_page(parts, typed)
    elif host in ("pubmed.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov"):
        number = re.fullmatch(r"(?:/pubmed)?/([0-9]{1,9})/?", parts.path)
        found = _name_pmid(number[1], typed) if number else None
    if found is None:
        raise IngestError(
            f"no papers can be taken from the address {typed!r}; give that of a DOI, a paper or "
            f"listing of arXiv or an article of PubMed, or {EXAMPLES}, or a file that you saved"
        )
    return found


def _read_arxiv_page(parts: SplitResult, typed: str) -> Query | None:
    paper = re.fullmatch(r"/(?:abs|pdf|html|format)/(.+?)/?", parts.path)
    arxiv_id = normal_arxiv_id(paper[1]) if paper else None
    if arxiv_id:
        return Query("arxiv_id", arxiv_id, typed)
    listing = _LISTING.fullmatch(parts.path.rstrip("/"))
    return Query("arxiv_listing", f"{listing[1]} {listing[2] or ''}", typed) if listing else None


def _name_doi(text: str, typed: str) -> Query:
    doi = normal_doi(text)
    if doi is None:
        raise IngestError(f"{typed!r} names no DOI; one is written like doi:10.1000/182")
    arxiv_id = find_arxiv_id(doi)
    # arXiv's own record of its papers has more than the one of its DOIs.
    return Query("arxiv_id", arxiv_id, typed) if arxiv_id else Query("doi", doi, typed)


def _name_pmid(text: str, typed: str) -> Query:
    if not _PMID.fullmatch(text):
        raise IngestError(
            f"{typed!r} names no article of PubMed; one is written like pmid:31452104"
        )
    return Query("pmid", text, typed)
