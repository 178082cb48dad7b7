"""Which venues a name means: by its whole name first, then by whole words, never by parts."""

from __future__ import annotations

import pytest

from assistant.text.venue_matching import find_venues_with, match_venues

VENUES = (
    "Nature",
    "Nature Communications",
    "The Lancet",
    "Lancet Oncology",
    "J. Neurosci.",
    "Journal of Machine Learning Research",
    "Proceedings of ACL 2021",
    "Proceedings of ACL 2022",
    "Economics & Human Biology",
)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("Nature", ("Nature",)),
        ("nature communications", ("Nature Communications",)),
        ("Lancet", ("The Lancet",)),
        ("lancet oncology", ("Lancet Oncology",)),
        ("Journal of Machine", ("Journal of Machine Learning Research",)),
        ("JMLR", ("Journal of Machine Learning Research",)),
        ("ACL", ("Proceedings of ACL 2021", "Proceedings of ACL 2022")),
        ("Economics and Human Biology", ("Economics & Human Biology",)),
        ("Nat", ()),
        ("Neuro", ()),
        ("?", ()),
    ],
)
def test_a_name_means_venues_by_whole_words(wanted: str, meant: tuple[str, ...]) -> None:
    assert match_venues(wanted, VENUES) == meant
    assert find_venues_with(wanted, VENUES) == meant


def test_a_filter_finds_words_within_a_name() -> None:
    assert find_venues_with("machine learning", VENUES) == ("Journal of Machine Learning Research",)
    assert match_venues("machine learning", VENUES) == ()
    assert find_venues_with("Nature", VENUES[1:]) == ("Nature Communications",)
    assert match_venues("Nature", VENUES[1:], whole=True) == ()
