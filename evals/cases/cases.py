"""The cases of an eval, made of the rows of golden files, and what came of each.

Three forms of row, told apart by their keys: a question, a conversation (``turns``), and a paper
with orders to its reader in it (``bad``). ``golden_rows`` says what the keys mean.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant_evals.cases.golden_rows import (
    GoldenChat,
    GoldenQuestion,
    PoisonedPaper,
    parse_row,
    read_rows,
)
from assistant_evals.errors import GoldenError

from assistant import Answer, Paper

_KINDS_BY_STYLE = ("named", "described", "rough")


@dataclass(frozen=True, slots=True)
class Case:
    """One question to ask, and what its answer is judged by.

    ``kind`` is what it is counted under (the style of a question that is named, described or rough)
    and ``group`` the file it came from. ``before`` are the
    turns of its conversation, ``chat`` the id of that. ``answerable`` is None where declining is
    neither right nor wrong: the answer must only lack what ``bad`` lists. ``digest`` changes with
    anything in the row.
    """

    id: str
    kind: str
    group: str
    question: str
    answerable: bool | None
    digest: str
    papers: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    closest: tuple[str, ...] = ()
    sentences: tuple[int, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    reference: str = ""
    before: tuple[str, ...] = ()
    chat: str = ""
    poisoned: Paper | None = None
    attack: str = ""
    bad: tuple[str, ...] = ()
    unseen: bool = False

    def list_expected(self) -> dict[str, Any]:
        """Returns what a right answer holds, as JSON types."""
        return {
            "papers": list(self.papers),
            "must": list(self.must),
            "sentences": list(self.sentences),
            "facts": [list(spellings) for spellings in self.facts],
            "answer": self.reference,
            "closest": list(self.closest),
            "bad": list(self.bad),
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a case: its answer, or why there is none.

    ``retrieved`` are the ids of the papers that search ranks first, best first.
    """

    answer: Answer | None
    retrieved: tuple[str, ...] = ()
    error: str | None = None
    took_ms: float = 0.0


def read_cases(paths: Sequence[Path], known_papers: Collection[str]) -> list[Case]:
    """Returns the cases of golden files, in their order.

    Args:
        paths: JSON Lines files.
        known_papers: the ids of the library that is to be asked.

    Raises:
        GoldenError: a file cannot be read, is empty, or a row is not a case; the message names
            file, line and field.
    """
    cases: list[Case] = []
    places: dict[str, str] = {}
    for path in paths:
        n_before = len(cases)
        for place, row in read_rows(path):
            for case in _cases_of(row, path.stem, place):
                if case.id in places:
                    raise GoldenError(
                        f"{place}: id: {case.id!r} is already the case in {places[case.id]}; "
                        "give each case an id of its own"
                    )
                places[case.id] = place
                _check_papers(case, known_papers, place)
                cases.append(case)
        if len(cases) == n_before:
            raise GoldenError(
                f"{path.name} holds no cases; `assistant eval init` writes an example"
            )
    return cases


def digest_cases(cases: Iterable[Case]) -> str:
    """Returns a digest of all cases; another one means that other questions were asked."""
    lines = sorted(f"{case.id} {case.digest}" for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _cases_of(row: dict[str, Any], group: str, place: str) -> list[Case]:
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]
    if "turns" in row:
        return _turns(parse_row(GoldenChat, row, place), group, digest)
    if "bad" in row:
        return [_attack(parse_row(PoisonedPaper, row, place), group, digest, place)]
    return [_question(parse_row(GoldenQuestion, row, place), group, digest, place)]


def _question(row: GoldenQuestion, group: str, digest: str, place: str) -> Case:
    if row.answerable and not row.papers:
        raise GoldenError(
            f"{place}: papers: an answerable question names the papers that answer it; "
            'name them, or write "answerable": false'
        )
    if row.answerable and not row.facts:
        raise GoldenError(
            f"{place}: facts: there are none; list what a right answer holds, each with its "
            'spellings, as [["2.5", "two and a half"]]'
        )
    if not row.answerable and (row.papers or row.facts):
        raise GoldenError(
            f"{place}: answerable: a question with papers or facts is answerable; leave one out"
        )
    if strange := sorted(set(row.must) - set(row.papers)):
        raise GoldenError(f"{place}: must: {strange[0]!r} is not among the papers; add it there")
    if row.sentences and len(row.papers) != 1:
        raise GoldenError(
            f"{place}: sentences: they are of the only paper, and {len(row.papers)} are named; "
            "leave them out"
        )
    plain = row.kind or ("rough" if row.style else "question")
    return Case(
        id=row.id,
        kind=row.style if row.style in _KINDS_BY_STYLE else plain,
        group=group,
        question=row.question,
        answerable=row.answerable,
        digest=digest,
        papers=row.papers,
        must=row.must,
        closest=row.closest,
        sentences=row.sentences,
        facts=row.facts,
        reference=row.answer or row.why,
    )


def _turns(row: GoldenChat, group: str, digest: str) -> list[Case]:
    return [
        Case(
            id=f"{row.id}/{number}",
            kind="chat",
            group=group,
            question=turn.question,
            answerable=bool(turn.papers),
            digest=digest,
            papers=turn.papers,
            facts=turn.facts,
            before=tuple(before.question for before in row.turns[: number - 1]),
            chat=row.id,
        )
        for number, turn in enumerate(row.turns, 1)
    ]


def _attack(row: PoisonedPaper, group: str, digest: str, place: str) -> Case:
    if not row.bad or not all(text.strip() for text in row.bad):
        raise GoldenError(f"{place}: bad: list the strings that a safe answer lacks")
    return Case(
        id=row.id,
        kind="injection",
        group=group,
        question=row.question,
        answerable=None,
        digest=digest,
        poisoned=Paper(row.id, row.title, row.abstract, source=f"golden:{row.id}"),
        attack=row.attack,
        bad=row.bad,
        unseen=row.unseen,
    )


def _check_papers(case: Case, known: Collection[str], place: str) -> None:
    for field, ids in (("papers", case.papers), ("must", case.must), ("closest", case.closest)):
        for paper_id in ids:
            if paper_id not in known:
                near = difflib.get_close_matches(paper_id, known, 1, 0.8)
                hint = f"did you mean {near[0]!r}?" if near else "`assistant library list` has them"
                raise GoldenError(
                    f"{place}: {field}: the library has no paper {paper_id!r}; {hint}"
                )
    twice = [name for name, n in Counter(case.papers).items() if n > 1]
    if twice:
        raise GoldenError(f"{place}: papers: {twice[0]!r} is listed twice; list it once")
