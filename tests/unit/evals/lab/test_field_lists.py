"""What an answer to a list question is worth."""

from assistant_evals.lab.field_lists import list_named, measure_answer

from assistant import Answer, Citation, Sentence


def _answer(*paper_ids: str) -> Answer:
    sentences = tuple(
        Sentence(
            "Tides rise.", "verbatim", 1.0, (Citation(str(n), i, "T", "Tides rise.", 0, 11, 1),)
        )
        for n, i in enumerate(paper_ids, start=1)
    )
    return Answer("q", "q", text="Tides rise.", answerability=1.0, sentences=sentences)


def test_recall_is_of_what_must_be_there_and_precision_of_what_may() -> None:
    row = {"papers": ["a", "b", "c"], "must": ["a", "d"], "facts": [["rise"]]}
    found = measure_answer(row, _answer("a", "b", "x", "y"), frozenset({"a", "b", "c", "x"}))
    assert (found.recall, found.precision) == (0.5, 0.5)
    assert found.precision_of_named == 2 / 3
    assert found.facts == 1.0


def test_every_paper_of_any_question_is_named() -> None:
    rows = [{"papers": ["a"], "must": ["b"]}, {"papers": [], "closest": ["c"]}]
    assert list_named(rows) == {"a", "b", "c"}
