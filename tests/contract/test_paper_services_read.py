"""What services answer, in the forms that they document, becomes papers whose fields are theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.ingest.services import QueryReading, find_query
from assistant.types import Paper
from tests.paper_services import Answer, Services

WORK = {
    "DOI": "10.1234/tea",
    "type": "journal-article",
    "title": ["On tea"],
    "author": [{"given": "Kei", "family": "Ono", "sequence": "first"}],
    "container-title": ["Leaves"],
    "published": {"date-parts": [[2021, 5]]},
    "volume": "3",
    "abstract": "<jats:p>Tea is green. It is hot.</jats:p>",
}
OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.1234/tea",
    "title": "On tea",
    "display_name": "On tea",
    "publication_year": 2021,
    "type": "article",
    "authorships": [{"author": {"display_name": "Kei Ono"}}],
    "primary_location": {"source": {"display_name": "Leaves"}},
    "biblio": {"volume": "3", "issue": None, "first_page": None, "last_page": None},
    "abstract_inverted_index": {"Tea": [0], "is": [1, 4], "green.": [2], "It": [3], "hot.": [5]},
}
DATACITE = {
    "id": "10.1234/tea",
    "type": "dois",
    "attributes": {
        "doi": "10.1234/tea",
        "titles": [{"title": "On tea"}],
        "creators": [{"name": "Ono, Kei", "givenName": "Kei", "familyName": "Ono"}],
        "publicationYear": 2021,
        "descriptions": [
            {"description": "Tea is green. It is hot.", "descriptionType": "Abstract"}
        ],
        "types": {"resourceTypeGeneral": "JournalArticle"},
    },
}
EUROPEPMC = {
    "id": "1",
    "source": "MED",
    "doi": "10.1234/tea",
    "title": "On tea",
    "authorList": {"author": [{"fullName": "Ono K", "firstName": "Kei", "lastName": "Ono"}]},
    "journalInfo": {"volume": "3", "journal": {"title": "Leaves"}},
    "pubYear": "2021",
    "abstractText": "Tea is green. It is hot.",
}
ZOTERO = {
    "key": "ABCD2345",
    "version": 1,
    "library": {"type": "user", "id": 1},
    "data": {
        "key": "ABCD2345",
        "itemType": "journalArticle",
        "title": "On tea",
        "creators": [{"creatorType": "author", "firstName": "Kei", "lastName": "Ono"}],
        "abstractNote": "Tea is green. It is hot.",
        "publicationTitle": "Leaves",
        "date": "2021-05",
        "DOI": "10.1234/tea",
        "tags": [{"tag": "drinks"}],
    },
}
BARE = {name: value for name, value in WORK.items() if name != "abstract"}
EPMC_PATH = "/europepmc/webservices/rest/search"


@pytest.mark.parametrize(
    ("typed", "replies"),
    [
        ("doi:10.1234/tea", {("crossref", "/works/10.1234/tea"): {"message": WORK}}),
        (
            "doi:10.1234/tea",
            {
                ("crossref", "/works/10.1234/tea"): {"message": BARE},
                ("openalex", "/works/doi:10.1234/tea"): OPENALEX,
            },
        ),
        ("doi:10.1234/tea", {("datacite", "/dois/10.1234/tea"): {"data": DATACITE}}),
        (
            "openalex:tea",
            {("openalex", "/works"): {"meta": {"count": 1}, "results": [OPENALEX]}},
        ),
        (
            "crossref:tea",
            {("crossref", "/works"): {"message": {"total-results": 1, "items": [WORK]}}},
        ),
        (
            "europepmc:tea",
            {("europepmc", EPMC_PATH): {"hitCount": 1, "resultList": {"result": [EUROPEPMC]}}},
        ),
        ("zotero:", {("zotero", "/api/users/0/items/top"): [ZOTERO]}),
    ],
)
def test_what_a_service_answers_becomes_a_paper(
    services: Services, typed: str, replies: dict[tuple[str, str], Any]
) -> None:
    for (service, path), told in replies.items():
        body = json.dumps(told, indent=4 if service == "zotero" else None).encode()
        services.say(service, path, Answer(body, headers={"Total-Results": "1"}))
    query = find_query(typed)
    assert query is not None
    (paper,) = QueryReading(query)
    assert isinstance(paper, Paper), paper
    assert (paper.title, paper.abstract) == ("On tea", "Tea is green. It is hot.")
    assert (paper.authors, paper.year, paper.doi) == (("Kei Ono",), 2021, "10.1234/tea")
    assert paper.source == typed
