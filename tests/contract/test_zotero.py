"""A Zotero that runs here: its library, its collections, and what keeps it from being read."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from assistant.errors import IngestError, ServiceError
from assistant.ingest.services.addresses import SERVICES, Service
from tests.paper_services import (
    Answer,
    Asked,
    Services,
    read,
)


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
