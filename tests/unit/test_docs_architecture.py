"""Every path and every name of code in docs/architecture.md is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MAX_WORDS = 1_800

PATHS = sorted(set(re.findall(r"[\w.-]+/[\w./-]*\w/?|\b\w+/(?!\w)", TEXT)))
NAMES = sorted(
    name
    for name in set(re.findall(r"(?<![\w./])[a-z_]+(?:\.[A-Za-z_]\w*)+(?![\w/])", TEXT))
    if Path(name).suffix not in {".json", ".md", ".html", ".xml", ".toml"}
)


def find_definitions(body: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """Returns what a module or class defines, each with the statements in it."""
    found: dict[str, list[ast.stmt]] = {}
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found[node.name] = node.body
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update((t.id, []) for t in targets if isinstance(t, ast.Name))
    return found


def exists(name: str) -> bool:
    """Whether ``name`` is a module of ours, or what one defines; ``assistant`` may be left out."""
    place, parts = ROOT, name.split(".")
    if parts[0] not in ("evals", "ui"):
        place = ROOT / "assistant"
    while parts and (place / parts[0]).is_dir():
        place /= parts.pop(0)
    if parts and (place / f"{parts[0]}.py").is_file():
        file = place / f"{parts.pop(0)}.py"
    else:
        file = place / "__init__.py"
    body = ast.parse(file.read_text(encoding="utf-8")).body
    for part in parts:
        definitions = find_definitions(body)
        if part not in definitions:
            return False
        body = definitions[part]
    return True


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_there(path: str) -> None:
    assert (ROOT / path).exists()
    assert (ROOT / path).is_dir() == path.endswith("/")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_code_is_there(name: str) -> None:
    assert exists(name)


def test_every_folder_of_the_library_is_on_the_map() -> None:
    parts = {f"assistant/{file.parent.name}/" for file in ROOT.glob("assistant/*/__init__.py")}
    layers = {f"evals/{file.parent.name}/" for file in ROOT.glob("evals/*/__init__.py")}
    tabs = {f"ui/{file.parent.name}/" for file in ROOT.glob("ui/*/__init__.py")}
    assert parts | layers - {"evals/cli/"} | tabs <= set(PATHS)


def test_what_is_not_there_is_found() -> None:
    assert exists("answer.asking.read_question")
    assert exists("api.Assistant.ask")
    assert not exists("answer.asking.read_questions")
    assert not exists("api.Assistant.asks")
    assert not exists("answer.askings.read_question")


def test_it_is_short() -> None:
    assert len(TEXT.split()) <= MAX_WORDS
