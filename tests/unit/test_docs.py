"""The documents hold together: links, generated parts, commands that exist, and their length."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from assistant.cli.app import app
from tests.doc_blocks import DOCUMENTS, REPOSITORY, is_as_said, prose, read_blocks

MAX_WORDS = {"README.md": 1_200, "CONTRIBUTING.md": 400, "SECURITY.md": 400}
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def test_generated_parts_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    found = generate.documents()
    assert set(re.findall(r"<!-- generated: (\w+) -->", "".join(found.values()))) == set(
        generate.PARTS
    )
    for path, text in found.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is old; give `make docs`"


@each_document
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        linked = path.parent / file if file else path
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


def anchors(path: Path) -> set[str]:
    """Returns the anchors of a document's headings, made as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(("name", "n_words"), MAX_WORDS.items())
def test_what_a_newcomer_reads_is_short(name: str, n_words: int) -> None:
    assert len((REPOSITORY / name).read_text(encoding="utf-8").split()) <= n_words


@each_document
def test_code_is_what_its_block_says(path: Path) -> None:
    assert not re.search(r"^(?: {4}|\t)\S", prose(path), re.MULTILINE), "code is not fenced"
    for block in read_blocks(path):
        assert block.language, f"{path.name}:{block.line}: a block names its language"
        if block.language == "yaml":
            yaml.safe_load(block.text)
        elif block.language == "toml":
            tomllib.loads(block.text)
        elif block.language == "sh":
            for line in block.text.splitlines():
                parse_commands(line)


@each_document
def test_every_make_target_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|[`$] ?)make ([a-z][a-z-]*)", text, re.MULTILINE):
        assert re.search(rf"^(?:[a-z-]+ )*{target}(?: [a-z-]+)*:", MAKEFILE, re.MULTILINE), target


def test_every_fault_names_a_test_that_exists() -> None:
    text = (REPOSITORY / "docs" / "security.md").read_text(encoding="utf-8")
    table = text.partition("## Faults and attacks")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    rows = [line for line in rows if not line.endswith("| test |")]
    assert len(rows) >= 44
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
        assert named, row
        for file, test in named:
            code = (REPOSITORY / file).read_text(encoding="utf-8")
            assert re.search(rf"^def {test}\(", code, re.MULTILINE), f"{file}::{test}"


def parse_commands(line: str) -> None:
    """Parses each ``assistant`` command of a shell line, as the command line would."""
    for part in re.split(r"\s[|>]\s", line):
        words = shlex.split(part, comments=True)
        if words[:1] != ["assistant"]:
            continue
        command: Any = typer.main.get_command(app)
        arguments = words[1:]
        while members := getattr(command, "commands", None):
            command = members[arguments.pop(0)]
        command.make_context("assistant", arguments)


def test_a_command_that_does_not_exist_is_found() -> None:
    with pytest.raises(KeyError, match="aks"):
        parse_commands('cat questions | assistant aks "Why?"')
    with pytest.raises(typer.TyperException, match="--jsno"):
        parse_commands('assistant ask "Why?" --jsno')


@pytest.mark.parametrize(
    ("said", "printed", "is_same"),
    [
        ("a\nb\n", "a  \nb\n", True),
        ("a\n...\n", "a\nb\nc\n", True),
        ("a\n...\nc\n", "a\nc\n", True),
        ("a ... c\n", "a b c\n", True),
        ("a ... c\n", "a b\nc\n", False),
        ("a\n", "a\nb\n", False),
        ("0.5\n", "0x5\n", False),
        ("", "a\n", False),
    ],
)
def test_outputs_are_compared_line_by_line(said: str, printed: str, is_same: bool) -> None:
    assert is_as_said(printed, said) is is_same
