from pathlib import Path

import pytest
from assistant_evals.errors import GoldenError
from assistant_evals.lab.golden_sets import (
    grouped_folds,
    load_chats,
    load_questions,
)


def test_every_set_loads_and_ids_are_distinct() -> None:
    questions = [
        question
        for name in ("single", "multi", "rough", "unanswerable")
        for question in load_questions(name)  # type: ignore[arg-type]
    ]
    assert len({question.id for question in questions}) == len(questions) > 500
    assert all(q.papers and q.facts for q in questions if q.answerable)
    assert not any(q.papers for q in questions if not q.answerable)
    assert load_chats()[0].turns


def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path) -> None:
    good = '{"id": "a", "question": "Why?"}\n'
    (tmp_path / "rough.jsonl").write_text(good + '{"id": "b", "quest": "?"}\n', encoding="utf-8")
    with pytest.raises(GoldenError, match=r"rough\.jsonl:2"):
        load_questions("rough", tmp_path)


def test_groups_that_share_papers_share_a_fold() -> None:
    groups = [["a"], ["b"], ["a", "c"], ["c", "d"], ["e"], ["b"], []]
    folds = grouped_folds(groups, 3)
    assert folds[0] == folds[2] == folds[3]
    assert folds[1] == folds[5]
    assert len(folds) == len(groups)
    assert set(folds) == {0, 1, 2}
