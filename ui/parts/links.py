"""Which links of a paper the page shows as links: those of publishers, archives and registries.

A link of any other host is shown as text, since an abstract or a feed can be made to carry a
reader, and what they asked, elsewhere.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from assistant import Paper, Source

KNOWN_HOSTS = frozenset(
    {
        "aclanthology.org",
        "arxiv.org",
        "biorxiv.org",
        "dl.acm.org",
        "doi.org",
        "europepmc.org",
        "hal.science",
        "ieeexplore.ieee.org",
        "jmlr.org",
        "link.springer.com",
        "medrxiv.org",
        "nature.com",
        "ncbi.nlm.nih.gov",
        "openaccess.thecvf.com",
        "openreview.net",
        "papers.nips.cc",
        "papers.ssrn.com",
        "proceedings.mlr.press",
        "proceedings.neurips.cc",
        "pubmed.ncbi.nlm.nih.gov",
        "sciencedirect.com",
        "semanticscholar.org",
        "usenix.org",
    }
)
"""Hosts that publish or register papers; ``www.`` before one is the same host."""


def paper_link(paper: Paper | Source) -> str | None:
    """Returns an https address of the paper: by its DOI, its arXiv id, or its own known host."""
    if paper.doi:
        return f"https://doi.org/{quote(paper.doi, safe='/')}"
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{quote(paper.arxiv_id, safe='/')}"
    return known_link(paper.url)


def known_link(url: str | None) -> str | None:
    """Returns ``url`` as https where its host is one of ``KNOWN_HOSTS``, else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if parts.scheme not in ("http", "https") or host not in KNOWN_HOSTS or port or parts.username:
        return None
    return parts._replace(scheme="https", fragment="").geturl()
