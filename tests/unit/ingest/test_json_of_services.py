"""JSON of services and programs: the fields of each shape, on one line and on many."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.types import Paper
from tests.ingested import read as read_text

FERNS = "Ferns grow on old walls. Their growth was 3 mm a month."
REEDS = "Reeds bend in the wind. Their stems held at 20 m/s."


def read(value: object, **options: Any) -> list[Paper]:
    papers, skipped = read_text(json.dumps(value, **options))
    assert not skipped
    return papers


def fields(paper: Paper) -> dict[str, Any]:
    told = paper.to_dict()
    return {name: told[name] for name in told if name not in ("source", "original_abstract")}


CROSSREF = {
    "DOI": "10.5555/Fern.1",
    "type": "proceedings-article",
    "title": ["Ferns on walls"],
    "author": [
        {"given": "Ilse", "family": "Brandt", "affiliation": [{"name": "A university"}]},
        {"name": "The Wall Group"},
    ],
    "editor": [{"given": "Otto", "family": "Kern"}],
    "container-title": ["Walls and Plants"],
    "issued": {"date-parts": [[2011, 4, 2]]},
    "created": {"date-parts": [[2019]]},
    "page": "31-38",
    "volume": "4",
    "issue": "2",
    "publisher": "Stone Press",
    "abstract": f"<jats:p>{FERNS}</jats:p>",
    "reference": [{"key": "r1", "article-title": "Another work", "year": "1999"}],
}
DATACITE = {
    "id": "10.5555/d.7",
    "type": "dois",
    "attributes": {
        "doi": "10.5555/d.7",
        "titles": [{"title": "Ferns on walls"}, {"title": "Farne", "titleType": "TranslatedTitle"}],
        "creators": [
            {"name": "Brandt, Ilse", "givenName": "Ilse", "familyName": "Brandt"},
            {"name": "The Wall Group", "nameType": "Organizational"},
        ],
        "contributors": [{"name": "Kern, Otto", "contributorType": "Editor"},
                         {"name": "Host", "contributorType": "HostingInstitution"}],
        "publisher": "An archive",
        "publicationYear": 2021,
        "descriptions": [{"description": "How it was done.", "descriptionType": "Methods"},
                         {"description": FERNS, "descriptionType": "Abstract"}],
        "subjects": [{"subject": "ferns"}],
        "types": {"resourceTypeGeneral": "Preprint"},
    },
}  # fmt: skip
ZOTERO = {
    "key": "QWERTY12",
    "version": 4,
    "library": {"type": "user", "name": "somebody"},
    "meta": {"creatorSummary": "Brandt"},
    "data": {
        "key": "QWERTY12",
        "itemType": "bookSection",
        "title": "Ferns on walls",
        "creators": [
            {"creatorType": "editor", "firstName": "Otto", "lastName": "Kern"},
            {"creatorType": "author", "firstName": "Ilse", "lastName": "Brandt"},
            {"creatorType": "author", "name": "The Wall Group"},
            {"creatorType": "translator", "firstName": "Tom", "lastName": "Lee"},
        ],
        "abstractNote": FERNS,
        "bookTitle": "Walls",
        "date": "12/2014",
        "pages": "3-9",
        "tags": [{"tag": "ferns"}, {"tag": "Botany", "type": 1}],
    },
}
OPENALEX = {
    "id": "https://openalex.org/W77",
    "doi": "https://doi.org/10.5555/oa.7",
    "title": "Ferns on walls",
    "publication_year": 2020,
    "type": "article",
    "is_retracted": True,
    "primary_location": {
        "landing_page_url": "https://example.org/ferns",
        "source": {"display_name": "Walls", "type": "journal"},
    },
    "authorships": [{"author": {"display_name": "Ilse Brandt"}, "raw_author_name": "I. BRANDT"}],
    "biblio": {"volume": "4", "issue": None, "first_page": "31", "last_page": "38"},
    "abstract_inverted_index": {"grow": [1, 4], "Ferns": [0], "and": [2], "they": [3]},
}
SHAPES: dict[str, tuple[object, dict[str, Any]]] = {
    "crossref": (
        {"status": "ok", "message-type": "work", "message": CROSSREF},
        {
            "paper_id": "doi:10.5555/fern.1", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Ilse Brandt", "The Wall Group"], "year": 2011,
            "venue": "Walls and Plants", "doi": "10.5555/fern.1", "entry_type": "conference-paper",
            "editors": ["Otto Kern"], "volume": "4", "issue": "2", "pages": "31-38",
            "publisher": "Stone Press",
        },
    ),
    "datacite": (
        {"data": [DATACITE], "meta": {"total": 1}},
        {
            "paper_id": "10.5555/d.7", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Ilse Brandt", "The Wall Group"], "year": 2021, "keywords": ["ferns"],
            "doi": "10.5555/d.7", "entry_type": "preprint", "editors": ["Otto Kern"],
            "publisher": "An archive",
        },
    ),
    "zotero": (
        [ZOTERO, {"key": "PDF", "data": {"itemType": "attachment", "title": "Full Text PDF"}},
         {"key": "N", "itemType": "note", "note": "<p>Read this</p>", "tags": []}],
        {
            "paper_id": "QWERTY12", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Ilse Brandt", "The Wall Group"], "year": 2014, "venue": "Walls",
            "keywords": ["ferns"], "entry_type": "chapter", "editors": ["Otto Kern"],
            "pages": "3-9",
        },
    ),
    "openalex": (
        {"meta": {"count": 1}, "results": [OPENALEX]},
        {
            "paper_id": "https://openalex.org/W77", "title": "Ferns on walls",
            "abstract": "Ferns grow and they grow", "authors": ["Ilse Brandt"], "year": 2020,
            "venue": "Walls", "doi": "10.5555/oa.7", "url": "https://example.org/ferns",
            "entry_type": "article", "volume": "4", "pages": "31-38", "notice": "retracted",
        },
    ),
    "semantic scholar": (
        {"total": 1, "data": [{
            "paperId": "5a5a", "externalIds": {"DOI": "10.5555/S2", "ArXiv": "2103.00017"},
            "title": "Ferns on walls", "abstract": FERNS, "year": 2021, "venue": "",
            "publicationVenue": {"name": "Walls", "type": "conference"},
            "journal": {"name": "Walls J", "volume": "3", "pages": "5-6"},
            "publicationTypes": ["JournalArticle"],
            "authors": [{"authorId": "1", "name": "I Brandt"}],
            "references": [{"paperId": "6b", "title": "Reeds", "abstract": REEDS}],
        }]},
        {
            "paper_id": "5a5a", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["I Brandt"], "year": 2021, "venue": "Walls", "doi": "10.5555/s2",
            "arxiv_id": "2103.00017", "entry_type": "conference-paper", "volume": "3",
            "pages": "5-6",
        },
    ),
    "europe pmc": (
        {"hitCount": 1, "resultList": {"result": [{
            "id": "991", "source": "MED", "doi": "10.5555/e.9", "title": "Ferns on walls",
            "authorString": "Brandt I, The Wall Group.",
            "authorList": {"author": [
                {"fullName": "Brandt I", "firstName": "Ilse", "lastName": "Brandt"},
                {"collectiveName": "The Wall Group"}]},
            "journalInfo": {"volume": "4", "issue": "2", "journal": {"title": "Walls"}},
            "pubYear": "2012", "pageInfo": "31-8", "abstractText": FERNS,
            "keywordList": {"keyword": ["ferns"]},
            "pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]},
        }]}},
        {
            "paper_id": "991", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Ilse Brandt", "The Wall Group"], "year": 2012, "venue": "Walls",
            "keywords": ["ferns"], "doi": "10.5555/e.9", "entry_type": "article", "volume": "4",
            "issue": "2", "pages": "31-8", "notice": "retracted",
        },
    ),
    "openreview": (
        {"notes": [{"id": "Zz9", "number": 12, "cdate": 1650000000000, "content": {
            "title": {"value": "Ferns on walls"}, "authors": {"value": ["Ilse Brandt", "Bo Li"]},
            "abstract": {"value": FERNS}, "keywords": {"value": ["ferns"]},
            "venue": {"value": "Walls 2022"}, "pdf": {"value": "/pdf/1.pdf"}}}]},
        {
            "paper_id": "Zz9", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Ilse Brandt", "Bo Li"], "year": 2022, "venue": "Walls 2022",
            "keywords": ["ferns"],
        },
    ),
    "lens": (
        {"data": [{
            "lens_id": "000-1", "title": "Ferns on walls", "publication_type": "journal article",
            "year_published": 2018, "source": {"title": "Walls", "publisher": "Stone Press"},
            "authors": [{"first_name": "Ilse", "last_name": "Brandt"}], "abstract": FERNS,
            "external_ids": [{"type": "pmid", "value": "9"}, {"type": "doi", "value": "10.5555/l"}],
            "start_page": "31", "end_page": "38"}]},
        {
            "paper_id": "000-1", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Ilse Brandt"], "year": 2018, "venue": "Walls", "doi": "10.5555/l",
            "entry_type": "article", "pages": "31-38", "publisher": "Stone Press",
        },
    ),
    "hugging face": (
        [{"paper": {"id": "2402.00011", "title": "Ferns on walls", "summary": FERNS,
                    "authors": [{"_id": "x", "name": "Ilse Brandt"}],
                    "publishedAt": "2024-02-01T00:00:00.000Z"},
          "title": "Ferns on walls", "submittedBy": {"name": "somebody"}}],
        {
            "paper_id": "2402.00011", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Ilse Brandt"], "year": 2024, "arxiv_id": "2402.00011",
        },
    ),
    "arxiv's snapshot": (
        {"id": "0812.1234", "authors": "I. Brandt and B. Li", "title": "Ferns on walls",
         "journal-ref": "Walls 4 (2010) 31", "abstract": FERNS, "update_date": "2015-01-01",
         "versions": [{"version": "v1", "created": "Mon, 8 Dec 2008 10:00:00 GMT"},
                      {"version": "v2", "created": "Tue, 5 Jan 2010 10:00:00 GMT"}]},
        {
            "paper_id": "0812.1234", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["I. Brandt", "B. Li"], "year": 2008, "venue": "Walls 4 (2010) 31",
            "arxiv_id": "0812.1234",
        },
    ),
    "scifact": (
        {"doc_id": 12, "title": "Ferns on walls", "abstract": ["One sentence.", "Another."]},
        {"paper_id": "12", "title": "Ferns on walls", "abstract": "One sentence. Another."},
    ),
    "linked data": (
        {"@context": "https://schema.org", "@type": "ScholarlyArticle",
         "@id": "https://doi.org/10.5555/ld", "name": "Ferns on walls", "description": FERNS,
         "author": {"@type": "Person", "givenName": "Ilse", "familyName": "Brandt"},
         "isPartOf": {"name": "Walls"}, "datePublished": "2019-02-03"},
        {
            "paper_id": "https://doi.org/10.5555/ld", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Ilse Brandt"], "year": 2019, "venue": "Walls", "doi": "10.5555/ld",
        },
    ),
    "scopus": (
        {"search-results": {"entry": [{
            "dc:title": "Ferns on walls", "dc:creator": "Brandt I.", "dc:description": FERNS,
            "prism:publicationName": "Walls", "prism:coverDate": "2017-05-01",
            "prism:doi": "10.5555/sc", "prism:pageRange": "31-38"}]}},
        {
            "paper_id": "doi:10.5555/sc", "title": "Ferns on walls", "abstract": FERNS,
            "authors": ["Brandt I."], "year": 2017, "venue": "Walls", "doi": "10.5555/sc",
            "pages": "31-38",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("service", SHAPES)
def test_services(service: str) -> None:
    value, expected = SHAPES[service]
    [paper] = read(value)
    told = fields(paper)
    # How a name of initials is turned is not this reader's to say.
    if service in ("semantic scholar", "scopus"):
        assert len(told.pop("authors")) == len(expected["authors"])
        expected = {name: expected[name] for name in expected if name != "authors"}
    assert told == expected


@pytest.mark.parametrize("service", SHAPES)
def test_a_service_is_read_alike_on_one_line_on_many_and_a_line_each(service: str) -> None:
    value, _ = SHAPES[service]
    alone = read(value)
    assert read(value, indent=2) == alone
    if isinstance(value, dict):
        second = {"title": "Reeds", "abstract": REEDS}
        papers, _ = read_text(f"{json.dumps(value)}\n{json.dumps(second)}\n")
        assert [paper.title for paper in papers] == ["Ferns on walls", "Reeds"]
        assert papers[0] == alone[0]


def test_a_notice_is_on_the_paper_it_names() -> None:
    update = {"type": "retraction", "DOI": "10.5555/other"}
    [notice] = read({**CROSSREF, "update-to": [update]})
    [paper] = read({**CROSSREF, "updated-by": [{**update, "type": "correction"}]})
    [itself] = read({**CROSSREF, "update-to": [{**update, "DOI": CROSSREF["DOI"]}]})
    assert (notice.notice, paper.notice, itself.notice) == (None, "corrected", "retracted")
