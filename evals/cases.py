"""Golden files: the cases of an eval, read from JSON Lines and checked row by row.

Three forms of row, told apart by their keys: a question, a conversation (``turns``), and a paper
with orders to its reader in it (``bad``). ``golden_sets`` says what the keys mean.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assistant_evals.golden_sets import GoldenChat, GoldenQuestion, PoisonedPaper
from pydantic import BaseModel, ValidationError

from assistant.errors import AssistantError
from assistant.types import Paper

_NAMED_BY_STYLE = ("named", "described")
_Row = TypeVar("_Row", bound=BaseModel)


class GoldenError(AssistantError):
    """A golden file, or a suite that lists some, cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question to ask, and what its answer is judged by.

    ``kind`` is what it is counted under and ``group`` the file it came from. ``before`` are the
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
    facts: tuple[tuple[str, ...], ...] = ()
    reference: str = ""
    before: tuple[str, ...] = ()
    chat: str = ""
    poisoned: Paper | None = None
    attack: str = ""
    bad: tuple[str, ...] = ()

    def expected(self) -> dict[str, Any]:
        """Returns what a right answer holds, as JSON types."""
        return {
            "papers": list(self.papers),
            "must": list(self.must),
            "facts": [list(spellings) for spellings in self.facts],
            "answer": self.reference,
            "closest": list(self.closest),
            "bad": list(self.bad),
        }


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
        for number, row in _rows(path):
            place = f"{path.name}:{number}"
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


def digest_of(cases: Iterable[Case]) -> str:
    """Returns a digest of all cases; another one means that other questions were asked."""
    lines = sorted(f"{case.id} {case.digest}" for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def chosen_cases(
    cases: Sequence[Case], only: Collection[str] = (), n_sample: int | None = None, seed: int = 0
) -> list[Case]:
    """Returns the cases to ask, in their order.

    Args:
        cases: all of them.
        only: kinds, or names of files without their ending; all where empty.
        n_sample: about how many to keep, each kind by its share; all turns of a conversation
            stay together, and of each kind at least one case is kept.
        seed: chooses the sample.

    Raises:
        GoldenError: no case is of a kind in ``only``, or ``n_sample`` is not positive.
    """
    known = {case.kind for case in cases} | {case.group for case in cases}
    for name in only:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(known))}"
            raise GoldenError(f"no case is of kind {name!r}; {hint}")
    kept = [case for case in cases if not only or case.kind in only or case.group in only]
    if n_sample is None or n_sample >= len(kept):
        return kept
    if n_sample < 1:
        raise GoldenError(f"cannot ask {n_sample} cases; ask for 1 or more")
    share = n_sample / len(kept)
    units: dict[str, dict[str, str]] = {}
    for case in kept:
        units.setdefault(case.kind, {})[case.chat or case.id] = case.digest
    chosen: set[str] = set()
    for kind, members in units.items():
        # Ordered by a hash and not shuffled, so that a case more or less moves no other.
        order = sorted(members, key=lambda name: _rank(seed, kind, name))
        chosen.update(order[: max(1, round(share * len(members)))])
    return [case for case in kept if (case.chat or case.id) in chosen]


def _rank(seed: int, kind: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed} {kind} {name}".encode()).digest()


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise GoldenError(f"golden file {path} cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith(b"//"):
            continue
        place = f"{path.name}:{number}"
        try:
            row = json.loads(line.decode())
        except UnicodeDecodeError:
            raise GoldenError(f"{place}: not UTF-8 text; save the file as UTF-8") from None
        except json.JSONDecodeError as error:
            raise GoldenError(
                f"{place}: not valid JSON at column {error.colno} ({error.msg}); mend the line"
            ) from None
        if not isinstance(row, dict):
            raise GoldenError(f"{place}: not a JSON object; write {{...}} on one line")
        yield number, row


def _cases_of(row: dict[str, Any], group: str, place: str) -> list[Case]:
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]
    if "turns" in row:
        return _turns(_parsed(GoldenChat, row, place), group, digest)
    if "bad" in row:
        return [_attack(_parsed(PoisonedPaper, row, place), group, digest, place)]
    return [_question(_parsed(GoldenQuestion, row, place), group, digest, place)]


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
    plain = row.kind or ("rough" if row.style else "question")
    return Case(
        id=row.id,
        kind=row.style if row.style in _NAMED_BY_STYLE else plain,
        group=group,
        question=row.question,
        answerable=row.answerable,
        digest=digest,
        papers=row.papers,
        must=row.must,
        closest=row.closest,
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
    )


def _parsed(model: type[_Row], row: dict[str, Any], place: str) -> _Row:
    try:
        return model.model_validate(row, strict=False)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise GoldenError(f"{place}: {where}: {fault['msg'].lower()}; mend the row") from None


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
