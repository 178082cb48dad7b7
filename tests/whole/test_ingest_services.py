"""Papers of services into a real library: added, updated, removed, and refused in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, IngestError, ServiceError
from tests.embeddings import LetterEmbedding
from tests.paper_services import Answer, Services

EFETCH = "/entrez/eutils/efetch.fcgi"
ENTRY = (
    "<entry><id>http://arxiv.org/abs/2105.{0}v1</id>"
    "<title>{1}</title><summary>{1} is hot.</summary></entry>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><totalResults>{total}</totalResults>{entries}</feed>'
)


def medline(pmid: int, title: str) -> bytes:
    return f"PMID- {pmid}\nTI  - {title}\nAB  - {title} is a drink. It is hot.\n".encode()


def atom(*titles: str, total: int | None = None) -> bytes:
    entries = "".join(ENTRY.format(f"{n:05}", title) for n, title in enumerate(titles, start=1))
    n_total = len(titles) if total is None else total
    return ATOM.format(total=n_total, entries=entries).encode()


@pytest.fixture
def library() -> Iterator[Assistant]:
    with Assistant.open(create=True, embedding=LetterEmbedding()) as assistant:
        yield assistant


def test_an_identifier_is_updated_by_the_next_ingest(
    services: Services, library: Assistant
) -> None:
    services.say("pubmed", EFETCH, medline(7, "Tea"), medline(7, "Tea"), medline(7, "Green tea"))
    assert library.ingest("pmid:7").added == ("pmid:7",)
    assert library.ingest("pmid:7").unchanged == ("pmid:7",)
    assert library.ingest("pmid:7").updated == ("pmid:7",)
    paper = library.paper("pmid:7")
    assert (paper.title, paper.source) == ("Green tea", "pmid:7")


def test_what_a_search_no_longer_finds_is_removed_by_sync_alone(
    services: Services, library: Assistant
) -> None:
    services.say("arxiv", "/api/query", atom("Tea", "Milk"), atom("Tea"))
    services.say("pubmed", EFETCH, medline(7, "Coffee"))
    library.ingest("arxiv:drinks", "pmid:7")
    assert library.ingest("arxiv:drinks").removed == ()
    assert library.ingest("arxiv:drinks", sync=True).removed == ("arxiv:2105.00002",)
    assert library.paper_ids() == ["arxiv:2105.00001", "pmid:7"]


def test_sync_removes_nothing_of_a_search_that_is_not_read_to_its_end(
    services: Services, library: Assistant
) -> None:
    services.say("arxiv", "/api/query", atom("Tea", "Milk"), atom("Tea", total=2))
    library.ingest("arxiv:drinks")
    report = library.ingest("arxiv:drinks", sync=True, limit=1)
    assert report.removed == ()
    assert "the first 1 of 2 papers were taken" in report.notices[0]


def test_sync_of_a_query_leaves_those_that_begin_with_it(
    services: Services, library: Assistant
) -> None:
    services.say("arxiv", "/api/query", atom("Tea"), atom("Milk").replace(b"2105.", b"2106."))
    library.ingest("arxiv:drinks/hot")
    assert library.ingest("arxiv:drinks", sync=True).removed == ()
    assert library.n_papers == 2


def test_nothing_is_asked_for_a_path(services: Services, library: Assistant) -> None:
    with pytest.raises(IngestError, match="there is no file or folder 'pmid:7'; check the path"):
        library.ingest(Path("pmid:7"))
    Path("pmid:7").write_bytes(medline(7, "Tea"))
    assert library.ingest("pmid:7").added == ("pmid:7",)
    assert services.asked == []


def test_all_of_the_sources_or_nothing(services: Services, library: Assistant) -> None:
    services.say("pubmed", EFETCH, medline(7, "Tea"), Answer(status=500))
    with pytest.raises(ServiceError):
        library.ingest("pmid:7", "pmid:8")
    assert library.ingest().added == ()


def test_the_command(
    services: Services, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CONTACT_EMAIL", "ann@example.org")
    services.say("arxiv", "/api/query", atom("Tea", "Milk", total=9))
    ran = command("ingest", "arxiv:drinks", "--limit", 2, "--json")
    assert (ran.code, len(json.loads(ran.out)["added"])) == (0, 2)
    assert ran.err == (
        "assistant: 'arxiv:drinks': the first 2 of 9 papers were taken; --limit sets how many, up "
        "to 10,000\n"
    )
    assert "ann@example.org" in services.asked[0].headers["user-agent"]
    services.say("pubmed", EFETCH, Answer(status=503))
    ran = command("ingest", "pmid:7", "arxiv:drinks")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("\n") == 1
    assert ran.err.endswith(
        "is out of order (HTTP 503); try again later; nothing of the other sources was added\n"
    )
    ran = command("ingest", "doi:10.1234/tea")
    assert ran.code == 2
    assert "neither Crossref nor DataCite knows the DOI '10.1234/tea'" in ran.err


def test_an_address_that_is_none_is_not_told(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CONTACT_EMAIL", "ann\r\nX-Other: 1@example.org")
    ran = command("ingest", "pmid:7")
    assert ran.code == 2
    assert "use an e-mail address such as ann@example.org" in ran.err
