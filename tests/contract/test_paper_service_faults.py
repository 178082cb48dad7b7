"""How politely services are asked, and every fault that they may have."""

from __future__ import annotations

import json
import logging
import socket

import pytest

from assistant.errors import IngestError, ServiceError
from assistant.ingest.services import client
from assistant.ingest.services.addresses import SERVICES, Service
from assistant.ingest.services.client import Pace
from tests.paper_services import (
    EFETCH,
    MEDLINE,
    WORK,
    Answer,
    Services,
    make_atom,
    page_by_cursor,
    read,
)


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
