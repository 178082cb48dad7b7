"""The documents' examples run and print what they show, each document in a folder of its own.

``console`` blocks: each ``$ `` line is run and its output compared, ``...`` standing for anything.
``python`` blocks: run in order in one namespace; a ``text`` block right after one is what it
prints. A block with a file name after its language is written to that file.
"""

from __future__ import annotations

import io
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from assistant.cli.app import run
from tests.doc_blocks import DOCUMENTS, Block, Step, is_as_said, read_blocks, steps
from tests.running_page import page_over

PAGE_URL = "http://127.0.0.1:7860/"
RUN = ("console", "python")
SLOW = {"evals.md", "page.md"}
TIMEOUT_S = 900


def has_examples(path: Path) -> bool:
    return any(block.language in RUN for block in read_blocks(path))


@pytest.mark.timeout(TIMEOUT_S)
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=pytest.mark.slow if path.name in SLOW else (), id=path.name)
        for path in DOCUMENTS
        if has_examples(path)
    ],
)
def test_examples_run_and_print_what_they_show(
    path: Path, starter: Path, few_pairs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = read_blocks(path)
    with page_for(blocks, starter) as url:
        reader = Reader(path.name, url, monkeypatch)
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            reader.read(block, following)


@contextmanager
def page_for(blocks: list[Block], home: Path) -> Iterator[str]:
    """Yields the address of a running page where an example asks one."""
    if any(block.language == "python" and PAGE_URL in block.text for block in blocks):
        with page_over(home) as page:
            yield page.url
    else:
        yield PAGE_URL


class Reader:
    """Somebody who tries what a document says, in its order."""

    def __init__(self, document: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._document = document
        self._url = url
        self._monkeypatch = monkeypatch
        self._namespace: dict[str, Any] = {"__name__": "__main__"}
        self._code = 0

    def read(self, block: Block, following: Block | None) -> None:
        if block.file is not None:
            path = Path(block.file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for step in steps(block):
                self._compare(self._command(step), step.output, step.line, step.command)
        elif block.language == "python":
            printed = self._python(block)
            shown = following is not None and (following.language, following.file) == ("text", None)
            said = following.text if shown and following is not None else ""
            self._compare(printed, said, block.line, "the Python block")

    def _compare(self, printed: str, said: str, line: int, what: str) -> None:
        if not is_as_said(printed, said):
            place = f"{self._document}:{line}"
            pytest.fail(f"{place}: {what}\nprinted:\n{printed}\nand not:\n{said}", pytrace=False)

    def _python(self, block: Block) -> str:
        # Counted from the document's own first line, so that a traceback names the right one.
        source = "\n" * (block.line - 1) + block.text.replace(PAGE_URL, self._url)
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(source, self._document, "exec"), self._namespace)
        return printed.getvalue()

    def _command(self, step: Step) -> str:
        """Returns what a command prints to both of its streams; ``> FILE`` takes the first."""
        words = shlex.split(step.command)
        if words == ["echo", "$?"]:
            return f"{self._code}\n"
        if words[0] == "export":
            self._monkeypatch.setenv(*words[1].split("=", 1))
            return ""
        if words[0] == "cat":
            return Path(words[1]).read_text(encoding="utf-8")
        if words[:2] == ["make", "ask"]:
            words = ["assistant", "ask", "--", words[2].removeprefix("q=")]
        if words[0] != "assistant":
            pytest.fail(f"{self._document}:{step.line}: {words[0]!r} is not run", pytrace=False)
        given, out = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO(), "utf-8")
        target = None
        if words[-2] == ">":
            *words, _, target = words
        elif words[-2] == "<":
            *words, _, source = words
            given = io.TextIOWrapper(io.BytesIO(Path(source).read_bytes()), "utf-8")
        errors = io.TextIOWrapper(io.BytesIO(), "utf-8") if target else out
        with self._monkeypatch.context() as patch:
            for name, stream in (("stdin", given), ("stdout", out), ("stderr", errors)):
                patch.setattr(sys, name, stream)
            patch.setattr(sys, "argv", words)
            self._code = run()
        printed, complaints = written(out), written(errors) if target else ""
        if target is None:
            return printed
        Path(target).write_text(printed, encoding="utf-8")
        return complaints


def written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
