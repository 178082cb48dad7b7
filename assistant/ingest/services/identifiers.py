"""Papers by their identifiers: DOIs at Crossref and DataCite, arXiv ids, numbers of PubMed."""

from __future__ import annotations

from urllib.parse import quote

from assistant.errors import IngestError, ServiceError
from assistant.ingest.services.client import Reply, ServiceClient, find_inside, say_garbled
from assistant.ingest.services.pages import Page, Pages
from assistant.ingest.services.searches import ARXIV_QUERY, count_arxiv


def fetch_doi(doi: str, client: ServiceClient) -> Pages:
    """Yields the record that Crossref, or else DataCite, has of a DOI.

    Publishers need not give Crossref an abstract: where it has none, OpenAlex's record is taken
    if that has one.

    Source: api.crossref.org/swagger-ui (/works/{doi}), support.datacite.org/docs/api-get-doi,
    developers.openalex.org/guides/get (/works/doi:...).

    Raises:
        IngestError: neither knows it.
        ServiceError: one of them cannot be asked.
    """
    quoted = quote(doi, safe="")
    if (found := client.get_json("crossref", f"/works/{quoted}")) is not None:
        reply, told = found
        if not isinstance(find_inside(told, "message"), dict):
            raise say_garbled("crossref")
        other = None if find_inside(told, "message", "abstract") else _ask_openalex(quoted, client)
        yield Page((other or reply).content)
    elif (found := client.get_json("datacite", f"/dois/{quoted}")) is not None:
        reply, told = found
        if not isinstance(find_inside(told, "data"), dict):
            raise say_garbled("datacite")
        yield Page(reply.content)
    else:
        raise IngestError(f"neither Crossref nor DataCite knows the DOI {doi!r}; check it")


def fetch_arxiv_id(arxiv_id: str, client: ServiceClient) -> Pages:
    """Yields arXiv's record of one paper, in its newest version.

    Source: info.arxiv.org/help/api/user-manual.html (id_list).

    Raises:
        IngestError: there is no such paper.
        ServiceError: arXiv cannot be asked.
    """
    reply = client.get("arxiv", ARXIV_QUERY, {"id_list": arxiv_id, "max_results": 1})
    if reply is None or b"<entry" not in reply.content or count_arxiv(reply.content)[1] == 0:
        raise IngestError(f"arXiv has no paper {arxiv_id!r}; check the number")
    yield Page(reply.content, "arxiv")


def fetch_pmid(pmid: str, client: ServiceClient) -> Pages:
    """Yields PubMed's record of one article, as MEDLINE text.

    Source: www.ncbi.nlm.nih.gov/books/NBK25499 (EFetch).

    Raises:
        IngestError: there is no such article.
        ServiceError: PubMed cannot be asked.
    """
    asked = {"db": "pubmed", "id": pmid, "rettype": "medline", "retmode": "text"}
    reply = client.get("pubmed", "/entrez/eutils/efetch.fcgi", asked)
    if reply is None or b"PMID-" not in reply.content:
        raise IngestError(f"PubMed has no article {pmid!r}; check the number")
    yield Page(reply.content, "medline")


def _ask_openalex(quoted_doi: str, client: ServiceClient) -> Reply | None:
    """Returns OpenAlex's record of a DOI, where it has one with an abstract."""
    try:
        found = client.get_json("openalex", f"/works/doi:{quoted_doi}")
    except (IngestError, ServiceError):
        return None  # Crossref's record is there; this one was only to complete it.
    if found is None or not find_inside(found[1], "abstract_inverted_index"):
        return None
    return found[0]
