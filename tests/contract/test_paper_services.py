"""What services are asked for, and what is made of the answers that they document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.errors import IngestError, ServiceError
from tests.paper_services import (
    ATOM,
    CURSORS,
    DOI,
    EFETCH,
    MEDLINE,
    WORK,
    Answer,
    Services,
    make_atom,
    page_arxiv,
    page_by_cursor,
    read,
)


def test_an_article_of_pubmed(services: Services) -> None:
    services.say("pubmed", EFETCH, MEDLINE)
    (paper,), notices, _ = read("pmid:12345678")
    assert (paper.paper_id, paper.title) == ("pmid:12345678", "Tea leaves at 80 degrees.")
    assert paper.source == "pmid:12345678"
    assert notices == []
    (asked,) = services.asked
    assert asked.parameters == {
        "db": "pubmed",
        "id": "12345678",
        "rettype": "medline",
        "retmode": "text",
        "tool": "abstract-assistant",
    }


def test_a_paper_of_arxiv_by_its_doi(services: Services) -> None:
    services.say("arxiv", "/api/query", make_atom("2105.00001"))
    (paper,), _, _ = read("https://doi.org/10.48550/arXiv.2105.00001")
    assert (paper.paper_id, paper.authors) == ("arxiv:2105.00001", ("Kei Ono",))
    assert paper.source == "https://doi.org/10.48550/arXiv.2105.00001"
    assert services.asked[0].parameters == {"id_list": "2105.00001", "max_results": "1"}


@pytest.mark.parametrize("found", [make_atom(total=0), Answer(status=404)])
def test_a_number_that_arxiv_has_not(services: Services, found: bytes | Answer) -> None:
    services.say("arxiv", "/api/query", found)
    with pytest.raises(IngestError, match=r"arXiv has no paper '2105\.99999'; check the number"):
        read("arxiv:2105.99999")


def test_a_number_that_pubmed_has_not(services: Services) -> None:
    services.say("pubmed", EFETCH, b"\n")
    with pytest.raises(IngestError, match="PubMed has no article '99'; check the number"):
        read("pmid:99")


def test_a_search_of_arxiv_goes_on_to_the_limit_at_arxivs_pace(services: Services) -> None:
    services.say("arxiv", "/api/query", page_arxiv(250))
    papers, notices, is_cut = read("arxiv:green tea", limit=230)
    assert len({paper.arxiv_id for paper in papers}) == len(papers) == 230
    assert is_cut
    assert notices == [
        "'arxiv:green tea': the first 230 of 250 papers were taken; --limit sets how many, up to "
        "10,000"
    ]
    sizes = [(a.parameters["start"], a.parameters["max_results"]) for a in services.asked]
    assert sizes == [("0", "100"), ("100", "100"), ("200", "30")]
    assert services.asked[0].parameters["search_query"] == "all:green AND all:tea"
    assert len(services.waited_s) == 2
    assert all(2.0 < waited <= 3.0 * n for n, waited in enumerate(services.waited_s, start=1))


def test_a_search_that_is_read_to_its_end_is_whole(services: Services) -> None:
    services.say("arxiv", "/api/query", page_arxiv(3))
    papers, notices, is_cut = read('arxiv:au:ono AND ti:"green tea"')
    assert (len(papers), notices, is_cut) == (3, [], False)
    assert services.asked[0].parameters["search_query"] == 'au:ono AND ti:"green tea"'
    assert services.asked[0].parameters["max_results"] == "100"


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("cs.CL/recent", "cat:cs.CL"),
        ("hep-th/new", "(cat:hep-th OR cat:hep-th.*)"),
        ("cs.CL/2203", "cat:cs.CL AND submittedDate:[202203010000 TO 202203312359]"),
        ("cs.CL/2022-02", "cat:cs.CL AND submittedDate:[202202010000 TO 202202282359]"),
        ("cs.CL/9912", "cat:cs.CL AND submittedDate:[199912010000 TO 199912312359]"),
        ("cs.CL/2022", "cat:cs.CL AND submittedDate:[202201010000 TO 202212312359]"),
        ("cs.CL/22", "cat:cs.CL AND submittedDate:[202201010000 TO 202212312359]"),
    ],
)
def test_a_listing_of_arxiv(services: Services, page: str, wanted: str) -> None:
    services.say("arxiv", "/api/query", page_arxiv(2))
    papers, _, _ = read(f"https://arxiv.org/list/{page}")
    assert len(papers) == 2
    assert services.asked[0].parameters["search_query"] == wanted
    assert services.asked[0].parameters["sortBy"] == "submittedDate"


def test_a_listing_of_no_month(services: Services) -> None:
    with pytest.raises(IngestError, match="arXiv has no listing of '2022-13'; give a month"):
        read("https://arxiv.org/list/cs.CL/2022-13")
    assert not services.asked


def test_an_empty_page_before_the_end_is_asked_for_again(services: Services) -> None:
    pages = page_arxiv(120)
    services.say("arxiv", "/api/query", pages, make_atom(total=120), pages)
    papers, _, _ = read("arxiv:tea", limit=200)
    assert len(papers) == 120


def test_papers_of_two_pages_with_one_key_are_told_apart(
    services: Services,
) -> None:
    entry = "<entry><id>tag:drinks</id><title>On {0}</title><summary>Of {0}.</summary></entry>"
    pages = [ATOM.format(total=2, entries=entry.format(drink)) for drink in ("tea", "coffee")]
    services.say("arxiv", "/api/query", *(page.encode() for page in pages))
    papers, _, _ = read("arxiv:hot drinks")
    assert [paper.title for paper in papers] == ["On tea", "On coffee"]
    assert len({paper.paper_id for paper in papers}) == 2


@pytest.mark.parametrize("service", CURSORS)
@pytest.mark.parametrize(("n_total", "limit", "n_taken"), [(250, None, 100), (130, 200, 130)])
def test_a_search_by_cursor(
    services: Services,
    contents: list[bytes],
    service: str,
    n_total: int,
    limit: int | None,
    n_taken: int,
) -> None:
    path, words, size, _ = CURSORS[service]
    sent: list[bytes] = []
    services.say(service, path, page_by_cursor(service, n_total, sent))
    _, notices, is_cut = read(f"{service}:green tea", limit)
    assert is_cut == (n_total > n_taken) == bool(notices)
    assert services.asked[0].parameters[words] == "green tea"
    sizes = [int(asked.parameters[size]) for asked in services.asked]
    assert sizes == ([100] if limit is None else [100, 100])
    assert contents == sent
    assert sum(page.count(b'"title"') for page in contents) == n_taken


@pytest.mark.parametrize("service", CURSORS)
def test_a_search_that_finds_nothing(services: Services, service: str) -> None:
    services.say(service, CURSORS[service][0], page_by_cursor(service, 0, []))
    with pytest.raises(IngestError, match=f"nothing is found for '{service}:teaa'; use other"):
        read(f"{service}:teaa")


@pytest.mark.parametrize("service", CURSORS)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"results": 3}', b"[" * 100_000])
def test_an_answer_that_is_no_list(services: Services, service: str, body: bytes) -> None:
    services.say(service, CURSORS[service][0], body)
    with pytest.raises(ServiceError, match="answered with something that is no list of papers"):
        read(f"{service}:tea")


BARE = {"status": "ok", "message": {"DOI": DOI, "title": ["Tea"]}}
INVERTED = {"id": "https://openalex.org/W1", "abstract_inverted_index": {"Green": [0]}}
OF_DATACITE = {"data": {"id": DOI, "attributes": {"titles": [{"title": "Tea"}]}}}
GARBLED = b'{"message": 5, "data": 5, "abstract_inverted_index": '


@pytest.mark.parametrize(
    ("crossref", "openalex", "datacite", "taken", "asked"),
    [
        (WORK, None, None, WORK, ["crossref"]),
        (BARE, INVERTED, None, INVERTED, ["crossref", "openalex"]),
        (BARE, None, None, BARE, ["crossref", "openalex"]),
        (BARE, {"id": "W1"}, None, BARE, ["crossref", "openalex"]),
        (BARE, Answer(status=403), None, BARE, ["crossref", "openalex"]),
        (BARE, GARBLED, None, BARE, ["crossref", "openalex"]),
        (None, None, OF_DATACITE, OF_DATACITE, ["crossref", "datacite"]),
    ],
)
def test_a_doi(
    services: Services,
    contents: list[bytes],
    crossref: Any,
    openalex: Any,
    datacite: Any,
    taken: Any,
    asked: list[str],
) -> None:
    for service, path, reply in (
        ("crossref", f"/works/{DOI}", crossref),
        ("openalex", f"/works/doi:{DOI}", openalex),
        ("datacite", f"/dois/{DOI}", datacite),
    ):
        if reply is not None:
            given = reply if isinstance(reply, bytes | Answer) else json.dumps(reply).encode()
            services.say(service, path, given)
    read(f"doi:{DOI}")
    assert [json.loads(content) for content in contents] == [taken]
    assert [one.service for one in services.asked] == asked


def test_a_doi_that_nobody_knows(services: Services) -> None:
    with pytest.raises(IngestError, match=r"neither Crossref nor DataCite knows the DOI '10\.1234"):
        read("doi:10.1234/tea")


@pytest.mark.parametrize("service", ["crossref", "datacite"])
def test_a_doi_whose_answer_is_none(services: Services, service: str) -> None:
    services.say(service, f"/{'works' if service == 'crossref' else 'dois'}/10.1234/tea", b'{"a":1')
    with pytest.raises(ServiceError, match="answered with something that is no list of papers"):
        read("doi:10.1234/tea")
