"""What services are asked, how politely, and what is made of each answer that they may give."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.errors import IngestError, ServiceError
from assistant.ingest.sources import QueryReading, client, find_query, reading
from assistant.ingest.sources.client import Pace
from assistant.ingest.sources.services import SERVICES, Service
from assistant.reports import Skipped
from assistant.types import Paper
from tests.paper_services import Answer, Asked, Services, running_services

EFETCH = "/entrez/eutils/efetch.fcgi"
MEDLINE = b"""
PMID- 12345678
TI  - Tea leaves at 80 degrees.
AB  - We brewed tea at 80 degrees. It kept 40 percent of its scent.
FAU - Ono, Kei
DP  - 2021 May
"""
ENTRY = """<entry><id>http://arxiv.org/abs/{id}v1</id><title>Tea {id}</title>
<summary>Tea of the number {id} is green.</summary><published>2021-05-01T00:00:00Z</published>
<author><name>Kei Ono</name></author></entry>"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"""


def make_atom(*ids: str, total: int | None = None) -> bytes:
    entries = "".join(ENTRY.format(id=one) for one in ids)
    return ATOM.format(total=len(ids) if total is None else total, entries=entries).encode()


def page_arxiv(n_total: int) -> Any:
    """Returns what answers arXiv's pages, one paper a number."""

    def answer(asked: Asked) -> bytes:
        start, size = int(asked.parameters["start"]), int(asked.parameters["max_results"])
        ids = [f"2105.{n:05}" for n in range(start + 1, min(start + size, n_total) + 1)]
        return make_atom(*ids, total=n_total)

    return answer


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    with running_services(monkeypatch) as running:
        yield running


@pytest.fixture
def contents(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pages that a reader would get: which fields they have is no matter here."""
    got: list[bytes] = []

    def take(stream: Any, *_: object, **__: object) -> list[Paper]:
        got.append(stream.read())
        return []

    monkeypatch.setattr(reading, "read_papers", take)
    return got


def read(
    typed: str, limit: int | None = None, email: str | None = None
) -> tuple[list[Paper], list[str], bool]:
    """Returns the papers of a query, what was said, and whether there are more."""
    query = find_query(typed)
    assert query is not None
    notices: list[str] = []
    asking = QueryReading(query, limit, email, notify=notices.append)
    items = list(asking)
    assert not [item for item in items if isinstance(item, Skipped)]
    return [item for item in items if isinstance(item, Paper)], notices, asking.is_cut


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


CURSORS = {
    "openalex": ("/works", "search", "per_page", "cursor"),
    "crossref": ("/works", "query", "rows", "cursor"),
    "europepmc": ("/europepmc/webservices/rest/search", "query", "pageSize", "cursorMark"),
}


def page_by_cursor(service: str, n_total: int, sent: list[bytes]) -> Any:
    """Returns what answers a service's pages as it documents them."""
    _, _, size, cursor = CURSORS[service]

    def answer(asked: Asked) -> bytes:
        mark = asked.parameters[cursor]
        start = 0 if mark == "*" else int(mark.removeprefix("at "))
        end = min(start + int(asked.parameters[size]), n_total)
        rows = [{"title": f"Tea {n}"} for n in range(start, end)]
        following = f"at {end}"
        told: dict[str, Any] = {
            "openalex": {
                "meta": {"count": n_total, "next_cursor": following if rows else None},
                "results": rows,
            },
            "crossref": {
                "status": "ok",
                "message": {"total-results": n_total, "next-cursor": following, "items": rows},
            },
            "europepmc": {
                "hitCount": n_total,
                **({"nextCursorMark": following} if end < n_total else {}),
                "resultList": {"result": rows},
            },
        }[service]
        sent.append(json.dumps(told).encode())
        return sent[-1]

    return answer


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


DOI = "10.1234/tea(5)<1>3.0.co;2-j"
WORK = {"status": "ok", "message": {"DOI": DOI, "title": ["Tea"], "abstract": "<p>Green.</p>"}}
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


def collection(key: str, name: str, parent: str | bool = False) -> dict[str, Any]:
    return {"key": key, "data": {"key": key, "name": name, "parentCollection": parent}}


COLLECTIONS = [
    collection("AAAA1111", "Thesis"),
    collection("BBBB2222", "Tea", "AAAA1111"),
    collection("CCCC3333", "Tea"),
    collection("DDDD4444", "Coffee", "AAAA1111"),
    {"key": 5},
]
ITEMS = "/api/users/0{}/items/top"


def page_zotero(n_total: int) -> Any:
    def answer(asked: Asked) -> Answer:
        start, size = int(asked.parameters["start"]), int(asked.parameters["limit"])
        rows = [{"key": str(n)} for n in range(start, min(start + size, n_total))]
        return Answer(json.dumps(rows).encode(), headers={"Total-Results": str(n_total)})

    return answer


def test_a_library_of_zotero_is_taken_whole(services: Services, contents: list[bytes]) -> None:
    services.say("zotero", ITEMS.format(""), page_zotero(230))
    _, notices, is_cut = read("zotero:", email="ann@example.org")
    assert [len(json.loads(content)) for content in contents] == [100, 100, 30]
    assert (notices, is_cut) == ([], False)
    assert services.waited_s == []
    assert services.asked[0].parameters["itemType"] == "-attachment -note"
    assert "ann" not in str(services.asked), "it is not asked as who"


def test_a_limit_holds_for_zotero_too(services: Services, contents: list[bytes]) -> None:
    services.say("zotero", ITEMS.format(""), page_zotero(230))
    _, _, is_cut = read("zotero:", limit=110)
    assert [len(json.loads(content)) for content in contents] == [100, 10]
    assert is_cut


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ("Thesis", "AAAA1111"),
        ("thesis", "AAAA1111"),
        ("Thesis/Tea", "BBBB2222"),
        ("Coffee", "DDDD4444"),
        ("BBBB2222", "BBBB2222"),
        ("Tea", "CCCC3333"),
    ],
)
def test_a_collection_of_zotero(
    services: Services, contents: list[bytes], wanted: str, key: str
) -> None:
    services.say("zotero", "/api/users/0/collections", json.dumps(COLLECTIONS).encode())
    services.say("zotero", ITEMS.format(f"/collections/{key}"), page_zotero(3))
    read(f"zotero:{wanted}")
    assert len(contents) == 1


def test_a_collection_that_is_not_there_or_there_twice(services: Services) -> None:
    twice = [*COLLECTIONS[:2], collection("EEEE5555", "Tea", "DDDD4444"), COLLECTIONS[3]]
    services.say("zotero", "/api/users/0/collections", json.dumps(twice).encode())
    with pytest.raises(IngestError, match="2 collections 'Tea'; give one: 'Thesis/Coffee/Tea', 'T"):
        read("zotero:Tea")
    with pytest.raises(IngestError, match="has no collection 'Milk'; it has 'Thesis', 'Thesis/Cof"):
        read("zotero:Milk")


def test_a_zotero_that_lets_nobody_read(services: Services) -> None:
    services.say("zotero", ITEMS.format(""), Answer(b"Local API is not enabled", 403))
    with pytest.raises(
        ServiceError, match=r"lets no other program read it .* under Advanced, allow"
    ):
        read("zotero:")


def test_a_zotero_that_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setitem(SERVICES, "zotero", Service("Zotero", url, 0.0, is_local=True))
        with pytest.raises(
            ServiceError, match=r"Zotero does not answer at 127\.0\.0\.1:\d+; start"
        ):
            read("zotero:")


def test_a_service_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setitem(SERVICES, "pubmed", Service("PubMed", url, 0.0))
        monkeypatch.delenv("HTTP_PROXY", raising=False)
        monkeypatch.delenv("http_proxy", raising=False)
        with pytest.raises(ServiceError) as caught:
            read("pmid:1")
    assert caught.value.exit_code == 3
    assert str(caught.value).startswith(f"{url.removeprefix('http://')} could not be reached: ")
    assert str(caught.value).endswith("and whether it needs a proxy (HTTPS_PROXY)")
    assert "\n" not in str(caught.value)


def test_a_busy_service_is_asked_again_when_it_says(services: Services) -> None:
    busy = Answer(status=429, headers={"Retry-After": "7"})
    services.say("pubmed", EFETCH, busy, Answer(status=503), MEDLINE)
    papers, _, _ = read("pmid:12345678")
    assert len(papers) == 1
    assert len(services.asked) == 3
    assert 7.0 in services.waited_s
    assert 2.0 in services.waited_s


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_stays_busy(services: Services, status: int) -> None:
    services.say("pubmed", EFETCH, Answer(status=status))
    with pytest.raises(ServiceError, match=rf"\(HTTP {status}\); try again later"):
        read("pmid:1")
    assert len(services.asked) == client.ATTEMPTS


def test_a_service_that_wants_much_patience_is_left(services: Services) -> None:
    services.say("openalex", "/works", Answer(status=429, headers={"Retry-After": "7200"}))
    with pytest.raises(ServiceError, match=r"to wait 7,200 s; .* set OPENALEX_API_KEY to a key of"):
        read("openalex:tea")
    assert len(services.asked) == 1


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (400, IngestError, r"OpenAlex does not accept what it was asked \(HTTP 400\); check how"),
        (403, ServiceError, r"refuses to answer \(HTTP 403\); set OPENALEX_API_KEY to a key of"),
        (404, ServiceError, "something that is no list of papers"),
        (304, IngestError, r"does not accept what it was asked \(HTTP 304\)"),
    ],
)
def test_a_service_that_refuses(
    services: Services, status: int, error: type[IngestError], said: str
) -> None:
    services.say("openalex", "/works", Answer(status=status))
    with pytest.raises(error, match=said):
        read("openalex:tea")
    assert len(services.asked) == 1


def test_a_record_that_has_moved_is_found_on_the_same_host_alone(
    services: Services, contents: list[bytes]
) -> None:
    moved = Answer(status=301, headers={"location": f"{services.url}/crossref/works/10.1234/new"})
    services.say("crossref", "/works/10.1234/old", moved)
    services.say("crossref", "/works/10.1234/new", json.dumps(WORK).encode())
    read("doi:10.1234/old")
    assert len(contents) == 1
    elsewhere = Answer(status=301, headers={"location": "http://127.0.0.2:9/works"})
    services.say("crossref", "/works/10.1234/old", elsewhere)
    with pytest.raises(ServiceError, match="sends on to another address; nothing was sent there"):
        read("doi:10.1234/old")
    circle = Answer(status=302, headers={"location": f"{services.url}/crossref/works/10.1234/old"})
    services.say("crossref", "/works/10.1234/old", circle)
    with pytest.raises(ServiceError, match="sends on to another address"):
        read("doi:10.1234/old")


def test_an_answer_without_end_is_left(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_REPLY_BYTES", 2**20)
    services.say("pubmed", EFETCH, Answer(b"x" * 2**16, pieces=1_000))
    with pytest.raises(ServiceError, match="sends over 1 MB at once; ask for less"):
        read("pmid:1")


def test_a_slow_service_is_left(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "WHOLE_S", 0.3)
    services.say("pubmed", EFETCH, Answer(b"x", pieces=50, pause_s=0.1))
    with pytest.raises(ServiceError, match="takes over 0 s; try again later"):
        read("pmid:1")
    monkeypatch.setattr(client, "SILENCE_S", 0.2)
    services.say("pubmed", EFETCH, Answer(b"x", pieces=2, pause_s=2.0))
    with pytest.raises(ServiceError, match="did not answer within 0 s; try again later"):
        read("pmid:1")


def test_an_answer_that_breaks_off_is_asked_for_again(services: Services) -> None:
    broken = Answer(MEDLINE[:20], headers={"content-length": str(len(MEDLINE))})
    services.say("pubmed", EFETCH, broken, MEDLINE)
    papers, _, _ = read("pmid:12345678")
    assert len(papers) == 1


def test_services_are_told_who_asks_where_the_user_says(services: Services) -> None:
    services.say("pubmed", EFETCH, MEDLINE)
    services.say("crossref", "/works/10.1234/tea", json.dumps(WORK).encode())
    services.say("arxiv", "/api/query", make_atom("2105.00001"))
    read("pmid:12345678")
    assert services.asked[0].headers["user-agent"].startswith("abstract-assistant/")
    assert "@" not in str(services.asked[0])
    read("pmid:12345678", email="ann@example.org")
    read("arxiv:2105.00001", email="ann@example.org")
    assert services.asked[1].parameters["email"] == "ann@example.org"
    assert all("(mailto:ann@example.org)" in a.headers["user-agent"] for a in services.asked[1:])
    assert "ann" not in str(services.asked[2].parameters)


def test_a_key_is_sent_to_its_service_and_written_nowhere(
    services: Services,
    contents: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("OPENALEX_API_KEY", "secret-key")
    services.say("openalex", "/works", page_by_cursor("openalex", 1, []), Answer(status=403))
    services.say("crossref", "/works/10.1234/tea", json.dumps(WORK).encode())
    with caplog.at_level(logging.DEBUG):
        read("openalex:tea")
        read("doi:10.1234/tea")
        with pytest.raises(ServiceError) as caught:
            read("openalex:tea")
    assert [asked.parameters.get("api_key") for asked in services.asked] == [
        "secret-key",
        None,
        "secret-key",
    ]
    assert "HTTP Request: GET" in caplog.text
    assert "secret-key" not in caplog.text + str(caught.value)


def test_requests_of_one_process_keep_their_distance() -> None:
    now, waited = [100.0], list[float]()
    pace = Pace(clock=lambda: now[0], sleep=waited.append)
    slow, other = Service("A", "https://a.example", 3.0), Service("B", "https://b.example", 3.0)
    pace.wait(slow)
    pace.wait(other)
    assert waited == []
    now[0] = 101.0
    pace.wait(slow)
    pace.wait(slow)
    assert waited == [2.0, 5.0]
    now[0] = 200.0
    pace.wait(slow)
    assert len(waited) == 2


@pytest.mark.parametrize("limit", [0, -1, 10_001])
def test_a_limit_that_cannot_be(services: Services, limit: int) -> None:
    with pytest.raises(IngestError, match=f"cannot take {limit} papers of a query; set the limit"):
        read("arxiv:tea", limit)
    assert not services.asked
