"""How well sentences are found: ours and other splitters on hand-marked cases.

    python -m assistant_evals.lab.sentences

The cases are short texts with '¦' where a sentence ends, one kind of difficulty each. They were
written for this file, by hand, and share no text with the papers or questions of other sets.
Splitters that are not installed are left out.
"""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant_evals.cases.golden_rows import GOLDEN_FOLDER

from assistant.text.sentences import split_sentences

CASES = GOLDEN_FOLDER / "sentences.jsonl"
MARK = "¦"

Splitter = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A text and the sentences that a careful reader would find in it."""

    kind: str
    text: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Cases right in full, and boundaries found: both count up to their totals."""

    n_right: int
    n_cases: int
    n_missed: int
    n_invented: int
    wrong: tuple[tuple[Case, tuple[str, ...]], ...]


def load_cases(path: Path = CASES) -> Iterator[Case]:
    """Yields the cases of ``path``."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            parts = tuple(part.strip() for part in row["marked"].split(MARK))
            text = row["marked"].replace(MARK, "")
            yield Case(row["kind"], text, tuple(part for part in parts if part))


def score(splitter: Splitter, cases: list[Case]) -> Score:
    """Returns how ``splitter`` does; a case is right only where every sentence is."""
    n_missed = n_invented = 0
    wrong = []
    for case in cases:
        found = [_bare(part) for part in splitter(case.text)]
        ends, found_ends = _ends(case.sentences), _ends(found)
        n_missed += len(ends - found_ends)
        n_invented += len(found_ends - ends)
        if ends != found_ends:
            wrong.append((case, tuple(found)))
    return Score(len(cases) - len(wrong), len(cases), n_missed, n_invented, tuple(wrong))


def splitters() -> dict[str, Splitter]:
    """Returns ours and those that are installed, by name."""
    found: dict[str, Splitter] = {"assistant": _ours}
    for name, adapter in (("pysbd", _pysbd), ("nupunkt", _nupunkt), ("syntok", _syntok)):
        try:
            found[name] = adapter(importlib.import_module(name))
        except ImportError:
            continue
    return found


def main() -> None:
    """Prints a line for each splitter and each case that ours gets wrong."""
    cases = list(load_cases())
    for name, splitter in splitters().items():
        result = score(splitter, cases)
        print(
            f"{name:10} right {result.n_right}/{result.n_cases}  "
            f"missed {result.n_missed}  invented {result.n_invented}  "
            f"wrong by kind {dict(Counter(case.kind for case, _ in result.wrong))}"
        )
        if name == "assistant":
            for case, found in result.wrong:
                print(f"  {case.kind}: {MARK.join(found)}")


def _ours(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


def _pysbd(module: object) -> Splitter:
    segmenter = module.Segmenter(language="en", clean=False)  # type: ignore[attr-defined]
    return lambda text: [str(part) for part in segmenter.segment(text)]


def _nupunkt(module: object) -> Splitter:
    return lambda text: list(module.sent_tokenize(text))  # type: ignore[attr-defined]


def _syntok(_: object) -> Splitter:
    segmenter = importlib.import_module("syntok.segmenter")
    return lambda text: [
        "".join(token.spacing + token.value for token in sentence)
        for paragraph in segmenter.process(text)
        for sentence in paragraph
    ]


def _bare(text: str) -> str:
    return " ".join(text.split())


def _ends(sentences: tuple[str, ...] | list[str]) -> set[int]:
    """Returns where sentences end, counted in characters that are not white space."""
    ends, at = set(), 0
    for sentence in sentences:
        at += len("".join(sentence.split()))
        ends.add(at)
    return ends


if __name__ == "__main__":
    main()
