from __future__ import annotations

import pytest

from assistant.answer.survey.grouping import (
    LEAST_LISTED,
    REST,
    find_phrases,
    group_papers,
    order_by_group,
)
from assistant.types import Paper

HERONS = Paper("heron", "Night herons at winter ponds", "Birds wait on one leg.")
EGRETS = Paper("egret", "Egrets of the lowlands", "We counted birds at winter-ponds.")
BEES = Paper("bee", "How honey bees steer", "They go by the sun.")
HIVES = Paper("hive", "Hives in towns", "A honey bee flies less far there.")
GLASS = Paper("glass", "Glass sands", "Dunes hum.")
PAPERS = (HERONS, BEES, GLASS, EGRETS, HIVES)


def rare(stem: str) -> float:
    """Every stem is in a tenth of the library."""
    return 0.1


def test_papers_that_share_a_phrase_of_a_title_are_a_group_of_its_name() -> None:
    names = group_papers(PAPERS, frozenset(), rare)
    assert names == ("winter ponds", "honey bees", REST, "winter ponds", "honey bees")
    ordered = [PAPERS[place].paper_id for place in order_by_group(names)]
    assert ordered == ["heron", "egret", "bee", "hive", "glass"]


def test_every_name_stands_in_a_title_and_its_words_in_each_paper_of_the_group() -> None:
    for name, paper in zip(group_papers(PAPERS, frozenset(), rare), PAPERS, strict=True):
        if name != REST:
            assert any(name in other.title for other in PAPERS)
            [phrase] = find_phrases(Paper("", name, "")).titled
            assert phrase in find_phrases(paper).said


@pytest.mark.parametrize(
    ("papers", "asked", "share"),
    [
        pytest.param(PAPERS[: LEAST_LISTED - 1], (), 0.1, id="a short list"),
        pytest.param(PAPERS, (), 0.9, id="the everyday speech of the library"),
        pytest.param(PAPERS, ("honey", "bee"), 0.1, id="one group, the other is what was asked"),
        pytest.param((*PAPERS, *[GLASS] * 6), (), 0.1, id="most papers share nothing else"),
    ],
)
def test_a_list_that_does_not_part_well_stays_whole(
    papers: tuple[Paper, ...], asked: tuple[str, ...], share: float
) -> None:
    # Copies of one paper share every phrase, but are too great a part of the list for a group.
    assert set(group_papers(papers, frozenset(asked), lambda _: share)) == {""}


def test_a_group_of_nearly_all_papers_parts_nothing() -> None:
    papers = tuple(Paper(str(n), f"Winter ponds {n} years on", "") for n in range(6))
    assert set(group_papers(papers, frozenset(), rare)) == {""}


def test_phrases_meet_in_any_order_and_hyphenation_and_end_with_their_compound() -> None:
    title = find_phrases(Paper("", "End-to-end speech models: Generating images", "")).titled
    assert list(title.values()) == ["speech models", "Generating images"]
    said = find_phrases(Paper("", "", "It is image-generation. Speech, models")).said
    assert [phrase in said for phrase in title] == [False, True]


def test_a_list_without_groups_keeps_its_order() -> None:
    assert order_by_group(["", "", ""]) == [0, 1, 2]
