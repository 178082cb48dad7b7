"""What ships needs none of what only measures and fits, and each layer only those below it."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import assistant_evals
import pytest

FOLDER = Path(assistant_evals.__file__).parent
LAYERS = ("cases", "metrics", "judging", "gate", "report", "running", "cli")
"""From the bottom: each may import those before it."""

SHIPPED = [path for path in FOLDER.rglob("*.py") if "lab" not in path.relative_to(FOLDER).parts]


def layers_of(path: Path) -> set[str]:
    """Returns the folders and modules of the evals that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {n.split(".")[1] for n in names if n.startswith("assistant_evals.")}
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(FOLDER)))
def test_what_ships_imports_nothing_of_the_lab(path: Path) -> None:
    assert "lab" not in layers_of(path)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_those_below_it(layer: str) -> None:
    allowed = {*LAYERS[: LAYERS.index(layer) + 1], "errors"}
    for path in (FOLDER / layer).glob("*.py"):
        assert layers_of(path) <= allowed, path


def test_every_layer_ships_and_the_lab_does_not() -> None:
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["setuptools"]["packages"]
    shipped = {name for name in packages if name.startswith("assistant_evals.")}
    assert shipped == {f"assistant_evals.{layer}" for layer in LAYERS}


def test_no_module_is_too_long_to_read() -> None:
    sizes = {p.name: len(p.read_text().splitlines()) for p in FOLDER.rglob("*.py")}
    assert {name: n for name, n in sizes.items() if n > 400} == {}
