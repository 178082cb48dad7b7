"""Names are parted, turned and joined as their file means them, and exports part them again."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.export.papers import PAPER_FORMATS, PaperFormat, export_papers
from assistant.ingest import read_papers
from assistant.ingest.identity import Identifiers
from assistant.ingest.merging import merge
from assistant.ingest.papers import paper_from
from assistant.ingest.record import Record
from assistant.ingest.written_lists import MAX_LIST_CHARS, read_written_list
from assistant.text.name_lists import persons
from assistant.text.name_matching import match_names
from assistant.text.person_names import NameParts, name_parts, person, split_family_names
from assistant.types import Paper


def read(text: str) -> list[Paper]:
    return [one for one in read_papers(io.BytesIO(text.encode())) if isinstance(one, Paper)]


def paper_by(*authors: str) -> Paper:
    found = paper_from(Record(1, "On Ferns", "They grow.", authors=authors), "x", Identifiers())
    assert isinstance(found, Paper)
    return found


def shown(names: Sequence[str]) -> tuple[str, ...]:
    return split_family_names(names)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Two short names, and one with its family name first.
        ("Jun Ito, Eva Ek", ("Jun Ito", "Eva Ek")),
        ("Ito J., Ek E.", ("J. Ito", "E. Ek")),
        ("Ito J, Ek EM", ("J Ito", "EM Ek")),
        ("J. Ito, E. Ek", ("J. Ito", "E. Ek")),
        ("Ito, Jun", ("Jun Ito",)),
        ("Ito, J. K.", ("J. K. Ito",)),
        ("van den Bosch, Eva", ("Eva van den Bosch",)),
        ("De Bosch, Eva Maria", ("Eva Maria De Bosch",)),
        ("Ruiz Soto, Eva", ("Eva Ruiz Soto",)),
        ("St. Clair, E.", ("E. St. Clair",)),
        # Several, family names first.
        ("Ito, J., Ek, E. M., & Roux, C.", ("J. Ito", "E. M. Ek", "C. Roux")),
        ("Ito, Jun, Ek, Eva", ("Jun Ito", "Eva Ek")),
        ("Ito J., van Roux C.-M., De Ek E.J.", ("J. Ito", "C.-M. van Roux", "E.J. De Ek")),
        ("Ruiz Soto, Eva Ana and Ek, Eva", ("Eva Ana Ruiz Soto", "Eva Ek")),
        ("Ito, Jun and Eva Ek", ("Jun Ito", "Eva Ek")),
        ("Jun Ito, Eva Ek, and Cy Roux", ("Jun Ito", "Eva Ek", "Cy Roux")),
        # Other separators.
        ("Ito, Jun; Ek, Eva", ("Jun Ito", "Eva Ek")),
        ("Ito, J.; Ek, E. and Roux, C.", ("J. Ito", "E. Ek", "C. Roux")),
        ("Jun Ito|Eva Ek", ("Jun Ito", "Eva Ek")),
        ("Ito, Jun\nEk, Eva", ("Jun Ito", "Eva Ek")),
        ("Jun Ito,\nEva Ek", ("Jun Ito", "Eva Ek")),
        ("Jun Ito &amp; Eva Ek", ("Jun Ito", "Eva Ek")),
        ("伊藤純、王芳", ("伊藤純", "王芳")),
        # Suffixes and degrees.
        ("Ito, Jun, Jr.; Ek, III, Eva", ("Jun Ito Jr.", "Eva Ek III")),
        ("Jun Ito, Jr., Eva Ek", ("Jun Ito Jr.", "Eva Ek")),
        ("Jun Ito, PhD, Eva Ek, M.D.", ("Jun Ito", "Eva Ek")),
        ("Petrov IV, Ek E", ("IV Petrov", "E Ek")),
        # What is no name.
        ("Ito J, et al.", ("J Ito",)),
        ("Jun Ito et al", ("Jun Ito",)),
        ("Jun Ito and others", ("Jun Ito",)),
        ("Ito, Jun (Dept. of Ferns, Oslo; Norway); Ek, Eva [2]", ("Jun Ito", "Eva Ek")),
        ("Jun Ito (0000-0002-1825-0097), Eva Ek <e@ek.org>", ("Jun Ito", "Eva Ek")),
        ("Jun Ito1,2, Eva Ekman3,*", ("Jun Ito", "Eva Ekman")),
        # Organisations.
        ("World Fern Organization; Ito, J.", ("World Fern Organization", "J. Ito")),
        ("Ministry of Ferns and Mosses; Ito, J.", ("Ministry of Ferns and Mosses", "J. Ito")),
        # Capitals are a family name where one of the list shows it.
        ("Eva EKMAN, Jun ITO", ("Eva EKMAN", "Jun ITO")),
        ("Plato", ("Plato",)),
        (" ; , and & ", ()),
    ],
)
def test_lists_are_parted(text: str, expected: tuple[str, ...]) -> None:
    assert shown(persons(text)) == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ruiz Soto, Eva", ("Ruiz Soto", "Eva", "")),
        ("Eva Ruiz Soto", ("Soto", "Eva Ruiz", "")),
        ("De Ek, Eva J.", ("De Ek", "Eva J.", "")),
        ("Ek, Eva van", ("van Ek", "Eva", "")),
        ("Muller-Ek J.-P.", ("Muller-Ek", "J.-P.", "")),
        ("Ito, Jun, Jr.", ("Ito", "Jun", "Jr.")),
        ("Petrov, IV", ("Petrov", "IV", "")),
        ("X, Malcolm", ("X", "Malcolm", "")),
        ("Fern Research,", ("Fern Research", "", "")),
        ("The Fern Consortium", ("The Fern Consortium", "", "")),
        ("WEI LI", ("LI", "WEI", "")),
    ],
)
def test_family_names_outlive_the_order_that_is_shown(text: str, parts: tuple[str, ...]) -> None:
    paper = paper_by(text)
    assert name_parts(paper.authors[0], paper.family_names) == NameParts(*parts)


def test_family_names_are_kept_only_where_they_cannot_be_told() -> None:
    paper = paper_by("Ek, Eva", "Ruiz Soto, Ana", "van Ek, Jo", "Ruiz Soto, Bo")
    assert paper.authors == ("Eva Ek", "Ana Ruiz Soto", "Jo van Ek", "Bo Ruiz Soto")
    assert paper.family_names == ("Ruiz Soto",)


def test_one_record_tells_another_how_its_names_are_parted() -> None:
    merged = merge(paper_by("Ana Ruiz Soto"), paper_by("Ruiz Soto, Ana"))
    assert merged.family_names == ("Ruiz Soto",)


EXPORTED = paper_by(
    "Ruiz Soto, Ana María", "De Ek, Eva J.", "Ito J.C.", "Roux, Cy, Jr.", "Fern Research,",
    "World Fern Organization",
)  # fmt: skip


@pytest.mark.parametrize(
    ("format", "written"),
    [
        (
            "bibtex",
            "author = {Ruiz Soto, Ana María and De Ek, Eva J. and Ito, J.C. and Roux, Jr., Cy and "
            "{Fern Research} and {World Fern Organization}}",
        ),
        (
            "ris",
            "AU  - Ruiz Soto, Ana María\nAU  - De Ek, Eva J.\nAU  - Ito, J.C.\nAU  - Roux, Cy, Jr."
            "\nAU  - Fern Research,\nAU  - World Fern Organization\n",
        ),
    ],
)
def test_exports_part_names(format: PaperFormat, written: str) -> None:
    assert written in "".join(export_papers([EXPORTED], format))


def test_csl_parts_names() -> None:
    [item] = json.loads("".join(export_papers([EXPORTED], "csl")))
    assert item["author"] == [
        {"family": "Ruiz Soto", "given": "Ana María"},
        {"family": "De Ek", "given": "Eva J."},
        {"family": "Ito", "given": "J.C."},
        {"family": "Roux", "given": "Cy", "suffix": "Jr."},
        {"literal": "Fern Research"},
        {"literal": "World Fern Organization"},
    ]


WORDS = """Ek Eva van de De LI LIANG X X. J.C. Jr. III MD others et al and of University 王 a ( )
    [ ] Ek1 others, St. Wei-Li O'Brien {x} % ~ # PhD A.-M. ,"""
NAMES = st.lists(
    st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=5).map(" ".join), max_size=4
)


@pytest.mark.parametrize("format", PAPER_FORMATS)
@given(names=NAMES)
@settings(max_examples=150, deadline=None)
def test_names_survive_export(format: PaperFormat, names: list[str]) -> None:
    paper = paper_by(*names)
    [again] = read("".join(export_papers([paper], format)))
    assert (again.authors, again.family_names) == (paper.authors, paper.family_names)


@given(names=NAMES)
@settings(max_examples=200, deadline=None)
def test_reading_a_name_again_changes_nothing(names: list[str]) -> None:
    for name in map(person, names):
        assert person(name) == name


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ito, Jun and Ek, Eva", ("Jun Ito", "Eva Ek")),
        ("{Fern {\\&} Moss Society} and Ek, E.", ("Fern Moss Society", "E. Ek")),
        ("{{Barnes and Ek}} and {\\'E}va {Ruiz Soto}", ("Barnes and Ek", "Éva Ruiz Soto")),
        ("family=Ek, given=Eva, prefix=van der, suffix=Jr.", ("Eva van der Ek Jr.",)),
        ('given={Eva, M.}, family="Ruiz, Soto"', ("Eva M. Ruiz Soto",)),
        ("Ito J. and others", ("J. Ito",)),
        ("Roux, III, Cy", ("Cy Roux III",)),
    ],
)
def test_bibtex_names(raw: str, expected: tuple[str, ...]) -> None:
    text = f"@misc{{k, title={{T}}, abstract={{They grow.}}, author = {{{raw}}}}}"
    [paper] = read(text)
    assert paper.authors == expected


def test_braces_hold_a_family_name_together() -> None:
    [paper] = read("@misc{k, title={T}, abstract={A b.}, author = {Eva {Ruiz Soto} and {A B C}}}")
    assert paper.family_names == ("A B C", "Ruiz Soto")


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"firstName": "Eva", "lastName": "Ek", "creatorType": "author"}, ("Eva Ek",)),
        ({"firstName": "Eva", "lastName": "Ek", "creatorType": "translator"}, ()),
        ({"name": "Fern Group", "creatorType": "author"}, ("Fern Group",)),
        ({"author": {"display_name": "Eva Ek"}, "raw_author_name": "Ek, E."}, ("Eva Ek",)),
        ({"givenName": "Eva", "familyName": "Ek", "name": "Ek, Eva"}, ("Eva Ek",)),
        ({"first": "Eva", "middle": ["M."], "last": "Ek", "suffix": ""}, ("Eva M. Ek",)),
        ({"family": "Ek", "given": "Eva", "non-dropping-particle": "van"}, ("Eva van Ek",)),
        ({"literal": "Fern Research"}, ("Fern Research",)),
        (["Ek", "Eva", "Jr."], ("Eva Ek Jr.",)),
        ("Ek, Eva", ("Eva Ek",)),
        (7, ()),
        ([], ()),
    ],
)
def test_json_names(author: object, expected: tuple[str, ...]) -> None:
    [paper] = read(json.dumps({"title": "T", "abstract": "They grow.", "authors": [author]}))
    assert paper.authors == expected


def test_creators_who_edited_are_editors() -> None:
    creators = [
        {"firstName": "Eva", "lastName": "Ek", "creatorType": "editor"},
        {"firstName": "Jun", "lastName": "Ito", "creatorType": "author"},
    ]
    [paper] = read(json.dumps([{"title": "T", "abstractNote": "A b.", "creators": creators}]))
    assert (paper.authors, paper.editors) == (("Jun Ito",), ("Eva Ek",))


def test_full_names_are_taken_before_short_ones() -> None:
    header = "Authors,Author Full Names,Article Title,Abstract"
    [paper] = read(f'{header}\n"Ek, E; Ito, J","Ek, Eva (571); Ito, Jun",Ferns,They grow.\n')
    assert paper.authors == ("Eva Ek", "Jun Ito")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("['Ek, Eva', \"O'Neil, Bo\"]", ["Ek, Eva", "O'Neil, Bo"]),
        ('["Ek, Eva", "Ito \\"J\\""]', ["Ek, Eva", 'Ito "J"']),
        ("['Ek, Eva' 'Ito, Jun'\n 'Roux, Cy']", ["Ek, Eva", "Ito, Jun", "Roux, Cy"]),
        ("('Ek', 'Ito')", ["Ek", "Ito"]),
        ("[]", []),
        ("[{'name': 'Eva Ek'}]", [{"name": "Eva Ek"}]),
        ('[{"name": null}, "x"]', [{"name": None}, "x"]),
        ("[No author]", None),
        ("Ek ['x']", None),
        ("(Ek, Eva)", None),
        ("[" * 5_000, None),
        ("['a" * 5_000, None),
        ("[" + "'a'," * MAX_LIST_CHARS + "]", None),
    ],
)
def test_written_lists(written: str, expected: object) -> None:
    assert read_written_list(written) == expected


def test_lists_in_cells_are_lists() -> None:
    rows = """title,authors,keywords,abstract\nT,"['Ek, Eva', 'Ito, Jun']","['a, b', 'c']",A b."""
    [paper] = read(rows)
    assert (paper.authors, paper.keywords) == (("Eva Ek", "Jun Ito"), ("a, b", "c"))
    [empty] = read("title,authors,keywords,abstract\nT,[],[],They grow.")
    assert (empty.authors, empty.keywords) == ((), ())


@pytest.mark.parametrize("wanted", ["Ito", "J. Ito", "Ito J.", "Ito, J.C.", "Ito, Jr., J."])
def test_the_author_filter_finds_initials_that_were_last(wanted: str) -> None:
    assert match_names(wanted, person("Ito J.C."))
    assert not match_names(wanted, person("Ek J.C."))


@pytest.mark.parametrize("piece", ["A, ", "A and ", "[", "(a", "A;", "'", "A.", "\n", "Ek1,"])
def test_hostile_lists_take_no_more_than_their_share_of_time(piece: str) -> None:
    # The test's own time limit fails it if any step takes the square of the text.
    assert persons(piece * 50_000) is not None
    assert dataclasses.is_dataclass(paper_by(piece * 300))
