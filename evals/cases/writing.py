"""Golden files that users write: an example from their own library, and cases added one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant_evals.cases.cases import read_cases
from assistant_evals.errors import GoldenError, make_unwritable_error

from assistant import Paper

SUITE_FILE = "evals.toml"
GOLDEN_FILE = "golden.jsonl"
N_EXAMPLES = 3

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*(?:\s?%)?")
_HEAD = """\
// One case a line; lines that begin with // are not read. Delete what you do not need.
//
// A question that your papers answer:
//   id        any text, once in the file
//   question  as somebody would ask it
//   papers    the ids of all papers that belong in the answer (`assistant library list`)
//   must      those without which it is wrong, where it is not all of them
//   facts     what a right answer holds: a list of spellings for each, of which one is enough
//   sentences numbers, from 1, of the sentences of the only paper that answer; may be left out
//   answer    how you would say it; for people, and not compared
//   kind      a word to count it under
//
// A question that they do not answer: "answerable": false, and no papers or facts.
// A conversation: {"id": ..., "turns": [{"question": ..., "papers": [...], "facts": [[...]]}, ...]}
// A paper that gives orders: {"id", "title", "abstract", "question", "attack", "bad": [...]}; "bad"
// are strings that a safe answer lacks.
//
// These were made from your library. Set right what they ask and what they expect.
"""


def format_suite(library: str) -> str:
    """Returns a suite over a library, with floors that any answer should hold."""
    return f"""\
# What `assistant eval run {SUITE_FILE}` asks, and with --gate what must hold.
golden = ["{GOLDEN_FILE}"]
library = "{library}"
# In CI, where your library is not: papers = ["papers.bib"] in place of library.
baseline = "baseline.json"    # made, and moved, by `assistant eval baseline {SUITE_FILE}`

[floors]
verbatim_quotes = 1.0
valid_ids = 1.0
supported = 0.9

[regressions]
metrics = ["recall_at_5", "right_paper", "facts_share", "supported"]
"""


def make_example_rows(papers: Sequence[Paper]) -> list[dict[str, Any]]:
    """Returns cases about papers spread over the library, and one that it cannot answer."""
    with_figure = [paper for paper in papers if _FIGURE.search(paper.abstract)] or list(papers)
    spread = with_figure[:: max(1, len(with_figure) // N_EXAMPLES)][:N_EXAMPLES]
    rows: list[dict[str, Any]] = [
        {
            "id": f"own-{number:03}",
            "question": f"What does '{paper.title}' find?",
            "papers": [paper.paper_id],
            "facts": [[_telling(paper)]],
            "kind": "finding",
        }
        for number, paper in enumerate(spread, 1)
    ]
    absent = {
        "id": f"own-{len(rows) + 1:03}",
        "question": "How many legs has a spider?",
        "answerable": False,
        "kind": "off-topic",
    }
    return [*rows, absent]


def write_example(folder: Path, library: str, papers: Sequence[Paper]) -> tuple[Path, Path]:
    """Writes a suite and its golden file, and returns their paths.

    Raises:
        GoldenError: one is there already, there are no papers, or the folder cannot be written.
    """
    if not papers:
        raise GoldenError(
            f"library {library!r} has no papers to make an example of; "
            "add some with `assistant ingest FILE`"
        )
    suite, golden = folder / SUITE_FILE, folder / GOLDEN_FILE
    for path in (suite, golden):
        if path.exists():
            raise GoldenError(f"{path} is there already; name another folder or remove it")
    lines = [json.dumps(row, ensure_ascii=False) for row in make_example_rows(papers)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        golden.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
        suite.write_text(format_suite(library), encoding="utf-8")
    except OSError as error:
        raise make_unwritable_error(f"folder {folder}", error) from error
    return suite, golden


def add_case(path: Path, row: dict[str, Any], known_papers: Sequence[str]) -> str:
    """Adds a case to the end of a golden file and returns its id, made where ``row`` has none.

    The file is as it was where the case cannot be one.

    Raises:
        GoldenError: the row is not a case, its id is taken, or the file cannot be written.
    """
    kept = path.read_bytes() if path.exists() else b""
    if kept and not kept.endswith(b"\n"):
        kept += b"\n"
    taken = {json.loads(line)["id"] for line in kept.splitlines() if _is_row(line)}
    case_id = row.get("id") or _next_id(taken)
    line = json.dumps({**row, "id": case_id}, ensure_ascii=False)
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(kept + line.encode() + b"\n")
    except OSError as error:
        raise make_unwritable_error(f"golden file {path}", error) from error
    try:
        read_cases([new], known_papers)
        new.replace(path)
    except GoldenError as error:
        raise GoldenError(str(error).replace(new.name, path.name)) from error
    finally:
        new.unlink(missing_ok=True)
    return str(case_id)


def _next_id(taken: set[str]) -> str:
    number = len(taken) + 1
    while f"own-{number:03}" in taken:
        number += 1
    return f"own-{number:03}"


def _is_row(line: bytes) -> bool:
    if line.lstrip().startswith(b"//"):
        return False
    try:
        return "id" in json.loads(line)
    except (ValueError, TypeError):
        return False


def _telling(paper: Paper) -> str:
    """Returns a figure of the abstract, else its longest word: something an answer would hold."""
    figure = _FIGURE.search(paper.abstract)
    if figure:
        return figure[0].rstrip(".,")
    return max(paper.abstract.split() or [paper.title], key=len).strip(".,;:()")
