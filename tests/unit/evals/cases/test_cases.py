"""Golden files: what is a case, what is refused and how that is said."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.cases.cases import digest_cases, read_cases
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.cases.suites import SCIENCES, SHIPPED, read_suite
from assistant_evals.errors import GoldenError
from assistant_evals.lab.flat_library import papers_of
from assistant_evals.metrics.facts import find_facts

from assistant.starter.papers import locate_starter
from assistant.text.sentences import split_sentences
from tests.unit.evals.cases.made_rows import ABSENT, GOOD, PAPERS, file_of


def fault(folder: Path, *rows: Any) -> str:
    with pytest.raises(GoldenError) as caught:
        read_cases([file_of(folder, *rows)], PAPERS)
    return str(caught.value)


def test_questions_conversations_and_attacks_are_told_apart(tmp_path: Path) -> None:
    chat = {
        "id": "c",
        "turns": [
            {"question": "What?", "papers": ["heron2020"], "facts": []},
            {"question": "And why?", "papers": [], "facts": []},
        ],
    }
    attack = {
        "id": "i",
        "title": "T",
        "abstract": "Obey.",
        "question": "Q?",
        "attack": "order",
        "bad": ["PWNED"],
    }
    comment = "// this line is not read"
    cases = read_cases([file_of(tmp_path, GOOD, comment, "", ABSENT, chat, attack)], PAPERS)
    assert [case.id for case in cases] == ["a", "n", "c/1", "c/2", "i"]
    assert [case.answerable for case in cases] == [True, False, True, False, None]
    assert [case.kind for case in cases] == ["question", "near-miss", "chat", "chat", "injection"]
    assert cases[3].before == ("What?",)
    assert cases[4].poisoned is not None
    assert {case.group for case in cases} == {"golden"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{"id": "a",', "golden.jsonl:2: not valid JSON at column 12"),
        ("[1]", "golden.jsonl:2: not a JSON object"),
        ({**GOOD, "id": "b", "papers": ["herron2020"]}, "papers: the library has no paper 'herron"),
        ({**GOOD, "id": "b", "papers": ["herron2020"]}, "did you mean 'heron2020'?"),
        ({**GOOD, "id": "b", "papers": ["x"]}, "`assistant library list` has them"),
        ({**GOOD, "id": "a"}, "golden.jsonl:2: id: 'a' is already the case in golden.jsonl:1"),
        ({**GOOD, "id": "b", "facts": []}, "golden.jsonl:2: facts: there are none"),
        ({**GOOD, "id": "b", "facts": [[]]}, "golden.jsonl:2: facts.0: "),
        ({**GOOD, "id": "b", "papers": []}, "golden.jsonl:2: papers: an answerable question"),
        ({**GOOD, "id": "b", "must": ["owl2021"]}, "must: 'owl2021' is not among the papers"),
        ({**GOOD, "id": "b", "answerable": False}, "answerable: a question with papers or facts"),
        ({**GOOD, "id": "b", "papers": ["owl2021", "owl2021"]}, "is listed twice"),
        (
            {**GOOD, "id": "b", "papers": ["owl2021", "heron2020"], "sentences": [1]},
            "sentences: they",
        ),
        ({**GOOD, "id": "b", "sentences": [0]}, "golden.jsonl:2: sentences.0: "),
        ({**ABSENT, "closest": ["x"]}, "closest: the library has no paper 'x'"),
        ({**GOOD, "id": "b", "qestion": "?"}, "golden.jsonl:2: qestion: "),
        ({"id": "b", "question": ""}, "golden.jsonl:2: question: "),
        (
            {"id": "i", "title": "", "abstract": "", "question": "q", "attack": "", "bad": [" "]},
            "bad: list the strings",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_field(tmp_path: Path, row: Any, said: str) -> None:
    assert said in fault(tmp_path, GOOD, row)


def test_the_broken_line_is_counted_in_the_file(tmp_path: Path) -> None:
    rows = [{**GOOD, "id": f"a{n}"} for n in range(411)]
    assert fault(tmp_path, *rows, '{"id": }').startswith("golden.jsonl:412: not valid JSON")


def test_an_empty_set_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert "golden.jsonl holds no cases" in fault(tmp_path, "// nothing yet")
    with pytest.raises(GoldenError, match="cannot be read"):
        read_cases([tmp_path / "none.jsonl"], PAPERS)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}\n')
    with pytest.raises(GoldenError, match="not UTF-8"):
        read_cases([tmp_path / "latin.jsonl"], PAPERS)


def test_a_style_is_the_kind_of_a_question(tmp_path: Path) -> None:
    rows = [
        {**GOOD, "id": style or "none", "kind": "number", "style": style}
        for style in ("named", "described", "rough", "list", "")
    ]
    cases = read_cases([file_of(tmp_path, *rows)], PAPERS)
    assert [case.kind for case in cases] == ["named", "described", "rough", "number", "number"]


def test_the_suite_of_sciences_is_whole() -> None:
    suite = read_suite(SCIENCES)
    papers = {paper.paper_id: paper for path in suite.papers for paper in papers_of(path)}
    cases = read_cases(suite.golden, papers)
    answered = [case for case in cases if case.answerable]
    assert all(case.sentences for case in answered)
    for case in answered:
        abstract = papers[case.papers[0]].abstract
        assert max(case.sentences) <= len(split_sentences(abstract)), case.id
        assert all(find_facts(abstract, case.facts)), case.id
    styles, kinds = {case.kind for case in answered}, {c.kind for c in cases if not c.answerable}
    assert styles == {"named", "described"}
    assert kinds == {"near-miss", "false-premise", "outside-library", "off-topic"}
    # What their licence asks for.
    assert all(paper.authors and paper.venue and paper.doi for paper in papers.values())
    assert (suite.papers[0].parent / "ATTRIBUTION.md").is_file()


def test_the_shipped_suite_is_whole() -> None:
    known = {paper.paper_id for paper in papers_of(locate_starter())}
    cases = read_cases(read_suite(SHIPPED).golden, known)
    kinds = Counter(case.kind for case in cases)
    assert len(cases) > 700
    assert {"named", "described", "list", "chat", "rough", "near-miss", "injection"} <= set(kinds)
    assert {path.parent for path in read_suite(SHIPPED).golden} == {GOLDEN_FOLDER}


def test_a_digest_changes_with_anything_in_a_row(tmp_path: Path) -> None:
    def digest(row: dict[str, Any]) -> str:
        return digest_cases(read_cases([file_of(tmp_path, row)], PAPERS))

    assert digest(GOOD) == digest(dict(reversed(GOOD.items())))
    assert digest(GOOD) != digest({**GOOD, "answer": "Because."})
