from __future__ import annotations

import numpy as np

from assistant.evidence.word_coverage import (
    PaperWords,
    match_words,
    place_paper_words,
    weigh_question_words,
)
from assistant.text.word_vectors import WordVectors
from assistant.types import Passage, SentenceSpan

TITLE = "Salt lakes"
ABSTRACT = "Algae bloom. Birds feed."
SPANS = (SentenceSpan(1, 0, 12), SentenceSpan(2, 13, 24))


def words(*offsets: tuple[int, int], vectors: list[list[int]]) -> WordVectors:
    return WordVectors(np.array(offsets, dtype=np.int32), np.array(vectors, dtype=np.int8))


def passage(start: int, end: int) -> Passage:
    return Passage("p:1", "p", ABSTRACT[start:end], start, end, (), 4)


def test_words_are_placed_in_the_title_or_their_sentence() -> None:
    found = words((0, 4), (11, 16), (24, 29), vectors=[[127, 0], [0, 127], [90, 90]])
    placed = place_paper_words(TITLE, [passage(0, 24)], [found], SPANS)
    assert placed.places.tolist() == [0, 1, 2]


def test_a_second_passage_repeats_no_title() -> None:
    first = words((0, 4), (11, 16), vectors=[[127, 0], [0, 127]])
    second = words((0, 4), (11, 16), vectors=[[127, 0], [90, 90]])
    placed = place_paper_words(TITLE, [passage(0, 12), passage(13, 24)], [first, second], SPANS)
    assert placed.places.tolist() == [0, 1, 2]


def test_each_asked_word_is_met_by_its_nearest_word() -> None:
    asked = weigh_question_words("algae", words((0, 5), vectors=[[127, 0]]), lambda term: 2.0)
    paper = PaperWords(
        np.array([[0, 127], [127, 0], [90, 90]], dtype=np.int8), np.array([0, 2, 2], np.int32)
    )
    met = match_words(asked, paper, 2)
    assert met.shape == (1, 3)
    np.testing.assert_allclose(met, [[0.0, 0.0, 1.0]])
    assert asked.weights.tolist() == [2.0]
    assert asked.stems == (frozenset({"alga"}),)


def test_a_paper_without_words_meets_nothing() -> None:
    asked = weigh_question_words("algae", words((0, 5), vectors=[[127, 0]]), lambda term: 2.0)
    empty = place_paper_words("", [], [], SPANS)
    assert not match_words(asked, empty, 2).any()
