"""Extractive answers and abstention with the real embedder over the starter library.

The shipped weights were fitted on these questions, so the floors here only catch breakage;
figures for questions that were not fitted on come from assistant_evals.lab.held_out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.answers import Outcome, attacked, measure
from assistant_evals.lab.flat_library import FlatLibrary, papers_of, read_rows
from assistant_evals.metrics.roc import auroc
from numpy.typing import NDArray

from assistant.answer.quoting import select_sentences
from assistant.embeddings.cache import EmbeddingCache
from assistant.embeddings.embedder import Embedder
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.evidence.answerability import assess
from assistant.evidence.scoring import load_extraction_models, score_evidence
from assistant.starter.papers import load_starter_vectors, locate_starter
from assistant.starter.words import load_starter_words


@pytest.fixture(scope="module")
def library() -> FlatLibrary:
    cache = EmbeddingCache(None)
    load_starter_vectors(cache)
    load_starter_words(cache)
    model = WordMiniLM()
    return FlatLibrary(
        papers_of(locate_starter()), Embedder(model, cache), WordEmbedder(model, cache)
    )


def rows(name: str) -> list[dict[str, Any]]:
    return read_rows(GOLDEN_FOLDER / f"{name}.jsonl")


NAMED = [r for r in rows("single") if r["style"] == "named"][::5]
DESCRIBED = [r for r in rows("single") if r["style"] == "described"]


def outcomes(library: FlatLibrary, questions: list[dict[str, Any]]) -> list[Outcome]:
    abstracts = {paper.paper_id: paper.abstract for paper in library.stored}
    found = []
    for row in questions:
        sentences = select_sentences(score_evidence(library.evidence(row["question"])))
        for sentence in sentences:
            (place,) = sentence.citations
            assert sentence.text
            assert sentence.text == abstracts[place.paper_id][place.start : place.end]
        found.append(measure(row, sentences))
    return found


def answerabilities(library: FlatLibrary, questions: list[dict[str, Any]]) -> NDArray[np.float64]:
    return np.array(
        [assess(score_evidence(library.evidence(r["question"]))).answerability for r in questions]
    )


@pytest.mark.parametrize(
    ("questions", "facts", "cited"), [(NAMED, 0.93, 0.97), (DESCRIBED, 0.58, 0.82)]
)
def test_answers_hold_the_facts_and_cite_the_paper(
    library: FlatLibrary, questions: list[dict[str, Any]], facts: float, cited: float
) -> None:
    found = outcomes(library, questions)
    assert np.mean([o.all_facts for o in found]) >= facts
    assert np.mean([o.cited for o in found]) >= cited
    assert all(1 <= o.n_sentences <= 4 for o in found)


def test_questions_for_several_papers_are_answered_from_several(library: FlatLibrary) -> None:
    found = outcomes(library, rows("multi"))
    assert np.mean([o.n_papers for o in found]) >= 2.5
    assert np.mean([o.must for o in found]) >= 0.6


def test_absent_answers_score_below_present_ones(library: FlatLibrary) -> None:
    present = answerabilities(library, [*NAMED, *DESCRIBED])
    questions = rows("unanswerable")
    absent = answerabilities(library, questions)
    kinds = np.array([r["kind"] for r in questions])
    far = np.isin(kinds, ["off-topic", "outside-library"])
    assert auroc(present, absent[far]) >= 0.95
    assert auroc(present, absent[kinds == "near-miss"]) >= 0.85


def test_what_is_held_is_not_declined_and_what_is_far_is(library: FlatLibrary) -> None:
    def found(questions: list[dict[str, Any]]) -> list[bool]:
        evidence = [score_evidence(library.evidence(row["question"])) for row in questions]
        return [assess(scored).found for scored in evidence]

    far = [r for r in rows("unanswerable") if r["kind"] in ("off-topic", "outside-library")]
    assert np.mean(found([*NAMED, *DESCRIBED])) >= 0.97
    assert np.mean(found(far)) <= 0.2


def test_instructions_in_abstracts_never_reach_the_answer(library: FlatLibrary) -> None:
    assert attacked(library, rows("injection"), load_extraction_models()) == 0


def test_a_question_of_many_characters_or_none_that_is_known(library: FlatLibrary) -> None:
    long = "decoder " * 2_000
    assert select_sentences(score_evidence(library.evidence(long)))
    strange = score_evidence(library.evidence("qwrtzp xxyyzz vvbbnn"))
    assert not assess(strange).found
