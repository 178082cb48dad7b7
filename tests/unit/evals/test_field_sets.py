"""Fields: their papers under the ids that their questions name."""

import json
from pathlib import Path

from assistant_evals.lab.field_sets import NATURAL, read_fields


def _write_rows(path: Path, *rows: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_every_field_has_its_papers_and_questions(tmp_path: Path) -> None:
    natural = {"id": "n1", "question": "which papers prune", "papers": ["the-llm-surgeon"]}
    tide = {"id": "t1", "question": "which papers measure tides", "papers": ["S02"]}
    _write_rows(tmp_path / "golden" / "natural.jsonl", natural)
    _write_rows(
        tmp_path / "fields" / "tides" / "papers.jsonl",
        {"_id": "S02", "title": "Tides of a bay", "text": "We measure tides. They are high."},
    )
    _write_rows(tmp_path / "fields" / "tides" / "questions.jsonl", tide)

    fields = read_fields(tmp_path)

    assert list(fields) == [NATURAL, "tides"]
    assert fields["tides"].questions == [tide]
    assert [(p.paper_id, p.title) for p in fields["tides"].papers] == [("S02", "Tides of a bay")]
    assert fields[NATURAL].questions == [natural]
    assert "the-llm-surgeon" in {paper.paper_id for paper in fields[NATURAL].papers}
