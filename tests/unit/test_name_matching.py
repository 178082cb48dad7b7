"""Which spellings of a name are one person's."""

from __future__ import annotations

import pytest

from assistant.store.recorded_fields import RecordedFields
from assistant.text.name_matching import match_names


@pytest.mark.parametrize(
    ("wanted", "author"),
    [
        ("Ames", "Rhea Ames"),
        ("ames", "AMES"),
        ("Rhea Ames", "Rhea M. Ames"),
        ("R. Ames", "Rhea Ames"),
        ("R.M. Ames", "Rhea M. Ames"),
        ("Ames, Rhea", "Rhea Ames"),
        ("Ames, R.", "Rhea Ames"),
        ("Ames R", "Rhea Ames"),
        ("Ames RM", "Rhea Ames"),
        ("Rhea Ames", "R. Ames"),
        ("RHEA AMES", "Rhea Ames"),
        ("Müller", "Hans Müller"),
        ("Muller", "Hans Müller"),
        ("Mueller", "Hans Müller"),
        ("MÜLLER", "Hans Mueller"),
        ("Hans Mu\u0308ller", "H. Müller"),
        ("Weiss", "Karl Weiß"),
        ("Sorensen", "Ida Sørensen"),
        ("Lukasz Nowak", "Łukasz Nowak"),
        ("O'Brien", "Pat O\u2019Brien"),
        ("O\u2019Brien", "Pat O'Brien"),
        ("obrien", "Pat O'Brien"),
        ("van der Berg", "Jan van der Berg"),
        ("Berg", "Jan van der Berg"),
        ("J. van der Berg", "Jan van der Berg"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("Smith-Jones", "Al Smith Jones"),
        ("García Márquez", "Gabriel Garcia-Marquez"),
        ("Jean-Pierre Dupont", "J.-P. Dupont"),
        ("JP Dupont", "Jean-Pierre Dupont"),
        ("M. King", "Martin Luther King Jr."),
        ("Li", "Wei LI"),
        ("Rhea Ames", "Ames"),
        ("王伟", "王伟"),
    ],
)
def test_spellings_of_one_name_meet(wanted: str, author: str) -> None:
    assert match_names(wanted, author)


@pytest.mark.parametrize(
    ("wanted", "author"),
    [
        ("Ames", "Jo Hames"),
        ("Ames", "Amesbury Jones"),
        ("Rhea", "Rhea Ames"),
        ("Jo Ames", "Rhea Ames"),
        ("M. Ames", "Rhea Ames"),
        ("Mohr, B.", "Carl Mohr"),
        ("van der Berg", "Jan van den Berg"),
        ("Li", "Lisa Wei"),
        ("", "Rhea Ames"),
        ("...", "Rhea Ames"),
        (",", "Rhea Ames"),
    ],
)
def test_other_names_do_not(wanted: str, author: str) -> None:
    assert not match_names(wanted, author)


def test_a_name_of_many_umlauts_is_told_in_bounded_time() -> None:
    assert match_names("ü" * 40, "ü" * 40)


def test_rows_are_found_by_any_of_several_names() -> None:
    authors = [["Rhea Ames"], ["Hans Müller", "Rhea Ames"], [], ["Jo Hames"]]
    fields = RecordedFields(authors, [2001, None, 2003, None], ["Sleep", None, "", None])
    assert fields.find_rows_by(["R. Ames"]) == {0, 1}
    assert fields.find_rows_by(["Mueller", "Hames"]) == {1, 3}
    assert fields.find_rows_by(["Nobody"]) == set()
    assert fields.find_authors("mueller") == ("Hans Müller",)
    assert (fields.has_authors, fields.has_years, fields.has_venues) == (True, True, True)
    assert not RecordedFields([[]], [None], [None]).has_years
