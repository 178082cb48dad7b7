"""The code in the documents: blocks, the commands in them, and whether an output is as said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    REPOSITORY / "SECURITY.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
)
_BLOCK = re.compile(r"^```(\w*)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; ``line`` is where its text begins, counted from 1.

    ``file`` is the name after its language: that of the file whose content it is.
    """

    language: str
    file: str | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a ``console`` block, and what it prints."""

    command: str
    output: str
    line: int


def read_blocks(path: Path) -> list[Block]:
    """Returns the fenced blocks of a document, in order."""
    text = path.read_text(encoding="utf-8")
    return [
        Block(match[1], match[2], match[3], text.count("\n", 0, match.start()) + 2)
        for match in _BLOCK.finditer(text)
    ]


def prose(path: Path) -> str:
    """Returns a document without its blocks."""
    return _BLOCK.sub("", path.read_text(encoding="utf-8"))


def steps(block: Block) -> Iterator[Step]:
    """Yields the ``$ `` lines of a console block, each with the lines up to the next."""
    for match in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
        before = block.text.count("\n", 0, match.start())
        yield Step(match[1], match[2], block.line + before)


def is_as_said(printed: str, said: str) -> bool:
    """Returns whether ``printed`` is what a document says.

    A line of ``...`` alone stands for any lines, ``...`` within a line for any text of it.
    """
    pattern = ""
    for line in said.splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += re.escape(line.rstrip()).replace(r"\.\.\.", ".*?") + r"\n"
    plain = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    return re.fullmatch(pattern, plain) is not None
