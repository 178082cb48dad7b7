from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import QuestionError
from assistant.retrieval.search import PaperSearch
from assistant.text.word_vectors import WORD_DIM, WordVectors
from assistant.types import Filters, Paper
from tests.memory_snapshot import MemorySnapshot

PAPERS = [
    Paper("tides", "Tides of the sea", "The moon moves the water.", year=2001),
    Paper("bees", "Dances of bees", "Bees tell each other where food is.", year=2010),
    Paper("honey", "Honey", "Food that bees make from nectar.", year=2020),
]
VECTORS = np.eye(3, dtype=np.float32)


class FixedEmbedder:
    """Gives every question the same vector: nearest to the tides, then to the bees."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return np.array([0.8, 0.6, 0.0], dtype=np.float32)


class InitialWords:
    """Words are alike when they begin with the same letter."""

    def embed_words(self, texts: Sequence[str]) -> list[WordVectors]:
        return [self.embed_query_words(text) for text in texts]

    def embed_query_words(self, text: str) -> WordVectors:
        words = [word for word in text.lower().split() if len(word) > 3]
        vectors = np.zeros((len(words), WORD_DIM), dtype=np.int8)
        starts = [text.lower().index(word) for word in words]
        for row, word in enumerate(words):
            vectors[row, ord(word[0]) % WORD_DIM] = 127
        spans = [(start, start + len(word)) for start, word in zip(starts, words, strict=True)]
        return WordVectors(np.array(spans, dtype=np.int32).reshape(-1, 2), vectors)


@pytest.fixture
def search() -> PaperSearch:
    return PaperSearch(MemorySnapshot(PAPERS, VECTORS), FixedEmbedder())


def test_both_sides_decide_and_both_scores_are_true(search: PaperSearch) -> None:
    found = search.search("where do bees find food")
    assert PAPERS[found.papers[0].row].paper_id == "bees"
    by_id = {PAPERS[paper.row].paper_id: paper for paper in found.papers}
    bees, honey, tides = by_id["bees"], by_id["honey"], by_id["tides"]
    assert (bees.dense, honey.dense, tides.dense) == pytest.approx((0.6, 0.0, 0.8))
    assert bees.lexical > 0
    assert honey.lexical > 0
    assert tides.lexical == 0.0
    assert bees.coverage > 0.3 > tides.coverage == 0.0
    assert found.n_searched == 3


def test_scores_fall_and_are_standardised_over_the_candidates(search: PaperSearch) -> None:
    papers = search.search("bees").papers
    scores = [paper.score for paper in papers]
    assert scores == sorted(scores, reverse=True)
    assert sum(paper.dense_z for paper in papers) == pytest.approx(0, abs=1e-5)
    assert sum(paper.lexical_z for paper in papers) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(year_from=2015), {"honey"}),
        (Filters(year_to=2015), {"tides", "bees"}),
        (Filters(paper_ids=("tides",)), {"tides"}),
        (Filters(paper_ids=("none",)), set()),
    ],
)
def test_filters_hold_on_both_sides(
    search: PaperSearch, filters: Filters, expected: set[str]
) -> None:
    found = search.search("bees and food", filters=filters)
    assert {PAPERS[paper.row].paper_id for paper in found.papers} == expected
    assert found.n_searched == len(expected)


def test_a_filter_finds_what_neither_sides_best_hold() -> None:
    # 500 papers that fit better, and one of 2020 that the filter asks for.
    crowd = [Paper(f"p{i}", "Bees", "Bees and food.", year=1990) for i in range(500)]
    papers = [*crowd, Paper("late", "Stars", "Nothing of it.", year=2020)]
    vectors = np.zeros((len(papers), 3), dtype=np.float32)
    vectors[:500, 0], vectors[500, 2] = 1.0, 1.0
    search = PaperSearch(MemorySnapshot(papers, vectors), FixedEmbedder())
    found = search.search("bees and food", filters=Filters(year_from=2000))
    assert [papers[paper.row].paper_id for paper in found.papers] == ["late"]


def test_asking_for_more_than_there_is_gives_all(search: PaperSearch) -> None:
    assert len(search.search("bees", top_k=100_000).papers) == len(PAPERS)


@pytest.mark.parametrize("top_k", [0, -1])
def test_asking_for_none_is_refused(search: PaperSearch, top_k: int) -> None:
    with pytest.raises(QuestionError, match=str(top_k)):
        search.search("bees", top_k=top_k)


def test_an_empty_library_finds_nothing() -> None:
    empty = MemorySnapshot([], np.zeros((0, 3), dtype=np.float32))
    found = PaperSearch(empty, FixedEmbedder(), InitialWords()).search("bees")
    assert found.papers == ()
    assert found.n_searched == 0


def test_a_question_of_unknown_words_is_ranked_by_meaning(search: PaperSearch) -> None:
    papers = search.search("zyx").papers
    assert PAPERS[papers[0].row].paper_id == "tides"
    assert papers[0].coverage == 0.0


def test_words_that_meet_by_meaning_move_a_paper_up() -> None:
    library = MemorySnapshot(PAPERS, VECTORS)
    question = "nourishment hives"
    without = PaperSearch(library, FixedEmbedder()).search(question)
    found = PaperSearch(library, FixedEmbedder(), InitialWords()).search(question)
    honey = next(p for p in found.papers if PAPERS[p.row].paper_id == "honey")
    assert honey.soft_coverage == pytest.approx(1.0)
    assert all(p.soft_coverage == 0.0 for p in found.papers if p is not honey)
    places = [[PAPERS[p.row].paper_id for p in r.papers].index("honey") for r in (without, found)]
    assert places[1] < places[0]
    assert all(paper.soft_coverage is None for paper in without.papers)


def test_llama_index_gets_the_passages_of_the_best_papers_in_order(search: PaperSearch) -> None:
    from assistant.llamaindex.retriever import PaperRetriever

    library = MemorySnapshot(PAPERS, VECTORS)
    nodes = PaperRetriever(search, library, top_k=2).retrieve("where do bees find food")
    assert len(nodes) == 2
    assert nodes[0].node.get_content() == PAPERS[1].abstract
    assert nodes[0].score is not None
    assert nodes[1].score is not None
    assert nodes[0].score > nodes[1].score
