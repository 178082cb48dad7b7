"""Years, venues, ids and keywords under the names and in the forms that programs give them."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingest import read_papers
from assistant.ingest.columns import field_meant
from assistant.ingest.fields import has_paper_fields
from assistant.ingest.identity import year_in
from assistant.ingest.placeholders import is_missing_title, is_placeholder
from assistant.ingest.readers.crossrefs import Crossrefs
from assistant.reports import Skipped
from assistant.types import Paper

ABSTRACT = "We weigh lichens on 12 north walls. Their mass rises by 4% a year."


def read(text: str) -> tuple[list[Paper], list[Skipped]]:
    found = list(read_papers(io.BytesIO(text.encode())))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


def row(delimiter: str = ",", **values: str) -> Paper:
    """Returns the paper in a table of one row; '__' in a name stands for a space."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([name.replace("__", " ") for name in values])
    writer.writerow(values.values())
    papers, skipped = read(text.getvalue())
    assert not skipped
    return papers[0]


HEADERS = {
    "covidence": {"Published Year": "year", "Published Month": None, "Journal": "venue"},
    "embase": {
        "TITLE": "title", "AUTHOR NAMES": "authors", "AUTHOR ADDRESSES": None,
        "SOURCE TITLE": "venue", "DATE OF PUBLICATION": "year", "FIRST PAGE": None,
    },
    "openalex": {
        "authorships.author.display_name": "authors", "authorships.author.id": None,
        "authorships.author_position": None, "keywords.display_name": "keywords",
        "biblio.volume": "volume",
    },
    "refworks": {
        "Authors, Primary": "authors", "Title Primary": "title", "Periodical Full": "venue",
        "Periodical Abbrev": None, "Pub Year": "year", "Title Secondary": "venue",
        "Authors, Secondary": None,
    },
    "publish or perish": {"ArticleURL": None, "CitesPerYear": None, "AuthorCount": None},
    "the lens": {"Author/s": "authors", "Date Published": "year", "Source Country": None},
    "dimensions": {
        "PubYear": "year", "Authors (Raw Affiliation)": None, "Corresponding Authors": None,
        "Anthology title": "venue", "Pagination": "pages",
    },
    "ieee": {"Document Title": "title", "Date Added To Xplore": None, "Online Date": "year"},
    "web of science": {
        "Article Title": "title", "Book Series Title": None, "Journal Abbreviation": None,
        "Document Type": None, "Conference Title": "venue", "Number of Pages": None,
    },
    "zotero": {"Access Date": None, "Date Added": None, "Short Title": None, "Editor": "editors"},
    "scopus": {"Author(s) ID": None, "Abbreviated Source Title": None, "Conference date": None},
    "europe pmc": {"authorString": "authors", "pubYear": "year", "journalTitle": "venue"},
    "by hand": {
        "Title of paper": "title", "Year of Publication": "year", "Name of authors": "authors",
        "Reason for exclusion": None, "": None, "42": None, "Author " * 40: None,
    },
}  # fmt: skip


@pytest.mark.parametrize("program", HEADERS)
def test_columns_are_told_by_the_words_of_their_names(program: str) -> None:
    assert {name: field_meant(name) for name in HEADERS[program]} == HEADERS[program]


def test_a_header_known_only_by_meaning_is_a_table_of_papers() -> None:
    assert has_paper_fields(["Title Primary", "Authors, Primary"])
    assert not has_paper_fields(["Title of the song", "Singer"])
    assert not has_paper_fields(["Title", "First Author Address"])
    paper = row("\t", **{"Title Primary": "Wall Lichens", "Pub Year": "1998", "Abstract": ABSTRACT})
    assert (paper.title, paper.year) == ("Wall Lichens", 1998)


def test_a_programs_own_name_goes_before_one_that_is_only_meant() -> None:
    values = {"Conference name": "Wall Days", "Title": "L", "Source title": "Wall Proceedings"}
    assert row(**values, Abstract=ABSTRACT).venue == "Wall Proceedings"


@pytest.mark.parametrize(
    ("source", "venue"),
    [
        ("Wall Studies (2004) 7:2 (11-19)", "Wall Studies"),
        ("Wall Studies. 2004;7(2):11-19", "Wall Studies"),
        ("Wall Studies", "Wall Studies"),
        ("1900 Studies", "1900 Studies"),
        ("Scopus", None),
        ("https://walls.example", None),
        ("data/walls.csv", None),
    ],
)
def test_a_source_is_the_journal_unless_it_is_where_the_record_came_from(
    source: str, venue: str | None
) -> None:
    assert row(Title="L", Source=source, Abstract=ABSTRACT).venue == venue


def test_pages_in_two_columns_and_numbers_that_a_spreadsheet_made_fractions() -> None:
    paper = row(
        Title="L", Abstract=ABSTRACT, Start__Page="11", End__Page="19", Volume="7.0", PMID="314.0"
    )
    assert (paper.pages, paper.volume, paper.paper_id) == ("11-19", "7", "314")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("20170812", 2017), ("201708", 2017), ("2017-08", 2017), ("20171340", None),
        ("201799", None), ("120170812", None), ("2017081", None),
    ],
)  # fmt: skip
def test_compact_dates(text: str, year: int | None) -> None:
    assert year_in(text) == year


def test_arxivs_own_metadata_have_the_first_versions_year_and_a_bare_id() -> None:
    record = {
        "id": "0805.1234", "title": "L", "abstract": ABSTRACT, "update_date": "2019-01-01",
        "versions": [{"version": "v1", "created": "Thu, 8 May 2008 10:00:00 GMT"}],
    }  # fmt: skip
    papers, _ = read(json.dumps(record))
    assert (papers[0].arxiv_id, papers[0].year) == ("0805.1234", 2008)
    papers, _ = read(json.dumps({"id": "0813.1234", "title": "L", "abstract": ABSTRACT}))
    assert papers[0].arxiv_id is None


def test_an_early_access_date_is_the_year_where_there_is_no_other() -> None:
    early = {"Early Access Date": "MAR 2021", "Abstract": ABSTRACT}
    assert row(Title="L", **early).year == 2021
    assert row(Title="L", **early, **{"Publication Year": "2022"}).year == 2022
    papers, _ = read(
        f"TY  - JOUR\nTI  - L\nPY  - in press\nDA  - 2021/03\nAB  - {ABSTRACT}\nER  -\n"
    )
    assert papers[0].year == 2021
    papers, _ = read(
        f"@misc{{k, title={{L}}, early-access-date={{MAR 2021}}, abstract={{{ABSTRACT}}}}}"
    )
    assert papers[0].year == 2021


@pytest.mark.parametrize(
    ("journal", "venue"),
    [
        (r"{\mnras}", "Monthly Notices of the Royal Astronomical Society"),
        (r"{{\aap}}", "Astronomy and Astrophysics"),
        (r"{Letters on \apj}", r"Letters on \apj"),
        ("{APJ}", "APJ"),
        ("toms", "ACM Transactions on Mathematical Software"),
        ("{toms}", "toms"),
    ],
)
def test_macros_that_stand_for_journals(journal: str, venue: str) -> None:
    papers, _ = read(f"@article{{k, title={{L}}, journal={journal}, abstract={{{ABSTRACT}}}}}")
    assert papers[0].venue == venue


CHILD = f"@inproceedings{{c, title={{L}}, crossref={{P}}, abstract={{{ABSTRACT}}}}}\n"
PARENT = "@proceedings{p, title={Wall Days}, year=1999, doi={10.1000/all}, author={Ed Itor}}\n"


@pytest.mark.parametrize("text", [CHILD + PARENT, PARENT + CHILD])
def test_a_child_takes_year_and_venue_from_its_parent_wherever_it_stands(text: str) -> None:
    papers, _ = read(text)
    assert [(paper.title, paper.year, paper.venue) for paper in papers] == [
        ("L", 1999, "Wall Days")
    ]
    assert (papers[0].doi, papers[0].authors) == (None, ())


def test_what_a_child_has_itself_stays_and_a_parent_that_never_comes_costs_nothing() -> None:
    papers, _ = read(CHILD.replace("crossref", "year=2001, crossref") + PARENT + "@misc{z}")
    assert papers[0].year == 2001
    papers, _ = read(CHILD + f"@misc{{o, title={{O}}, abstract={{{ABSTRACT}}}}}")
    assert {paper.title for paper in papers} == {"L", "O"}


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd") | st.just("")), max_size=12)
)
def test_every_entry_comes_out_once_whatever_refers_to_what(entries: list[tuple[str, str]]) -> None:
    crossrefs = Crossrefs[int]()
    out: list[int] = []
    for number, (key, parent) in enumerate(entries):
        fields = {"title": key, "crossref": parent}
        out += [entry for entry, _ in crossrefs.take(key, "misc", fields, number)]
    out += [entry for entry, _ in crossrefs.rest()]
    assert sorted(out) == list(range(len(entries)))


def test_the_star_before_a_main_keyword_is_no_part_of_it() -> None:
    paper = row(
        Title="L", Abstract=ABSTRACT, Keywords="*Lichens; Walls/*growth; C*-algebra; *-ring"
    )
    assert paper.keywords == ("Lichens", "Walls/growth", "C*-algebra", "*-ring")


@pytest.mark.parametrize(
    "text",
    [
        "[No abstract available]", "No abstract available.", "Not Available", "No abstract", "NA",
        "Abstract not available", "N/A", "nan", "None", "null", "-", "—", "...", "[Anonymous]",
        "[No author name available]", "No authors listed", "This article has no abstract.",
        "An abstract is not available for this content", "Unknown", "#N/A", "<NA>",
    ],
)  # fmt: skip
def test_placeholders_are_absent_values(text: str) -> None:
    assert is_placeholder(text)
    _, skipped = read(json.dumps({"title": "Wall Lichens", "abstract": text}))
    assert [one.reason for one in skipped] == ["'Wall Lichens' has no abstract"]


@pytest.mark.parametrize(
    "text",
    [
        "Na Li", "Na", "No", "NADH", "No abstract interpretation is available for contracts.",
        "Nan Goldin", "Noone", "We have no data on this.", "None of the walls had lichens.",
        "Not available in 14 of 20 pharmacies.", "No author denies it.", "0", "≈",
    ],
)  # fmt: skip
def test_what_only_begins_as_a_placeholder_is_none(text: str) -> None:
    assert not is_placeholder(text)


def test_titles_and_names_that_read_as_placeholders_survive() -> None:
    paper = row(title="NA", author="Na Li", journal="NA", abstract=ABSTRACT, doi="NA", pmid="NA")
    assert (paper.title, paper.authors, paper.venue) == ("NA", ("Na Li",), None)
    assert paper.paper_id == "na"
    assert is_missing_title("[No title available]")
    assert not is_missing_title("[A paper without an author].")
    assert row(title="L", abstract=ABSTRACT, keywords="NA; dopamine").keywords == ("NA", "dopamine")
    assert row(title="L", abstract=ABSTRACT, authors="NA", editors="nan").authors == ()


def test_a_placeholder_in_the_first_of_two_columns_leaves_the_second() -> None:
    assert (
        row(Title="L", Abstract=ABSTRACT, Journal="NA", Booktitle="Wall Days").venue == "Wall Days"
    )
