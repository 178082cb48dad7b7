"""The house holds: who may import whom, what the door shows, what is imported when."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant

PACKAGE = Path(assistant.__file__).parent
LOW = {"types", "errors"}
"""What every module may import."""

STEPS = (
    "ingest",
    "embeddings",
    "store",
    "retrieval",
    "answering",
    "grounding",
    "writing",
    "conversation",
)
"""The steps from file to answer; only what joins them imports several."""

JOINERS = ("api", "chat", "doctor", "engine", "ingestion", "models", "surveying", "writer")
"""What joins steps, and which no step imports."""

SHARED = {
    "store": {"assistant.retrieval.lexical"},
    "retrieval": {"assistant.embeddings.word_vectors", "assistant.embeddings.word_embedder"},
    "answering": {"assistant.embeddings.word_vectors"},
}
"""What a step takes of another: the index that a version holds, and vectors of words."""

SLOW = {
    "llama_index",
    "chromadb",
    "onnxruntime",
    "bm25s",
    "openai",
    "httpx",
    "numpy",
    "pydantic",
    "rich",
}


def imports(path: Path) -> Iterator[str]:
    """Yields the modules that a file imports, as dotted names."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_library_never_imports_its_front_ends(path: Path) -> None:
    foreign = {"assistant_ui", "assistant_evals", "gradio", "sklearn", "scipy", "pandas"}
    assert not foreign & {name.split(".")[0] for name in imports(path)}
    if "cli" not in path.parts:
        assert not {name for name in imports(path) if name.startswith("assistant.cli")}


@pytest.mark.parametrize("step", STEPS)
def test_steps_do_not_import_one_another(step: str) -> None:
    others = tuple(f"assistant.{other}." for other in STEPS if other != step)
    joiners = {f"assistant.{name}" for name in JOINERS}
    for file in sorted((PACKAGE / step).rglob("*.py")):
        foreign = {name for name in imports(file) if f"{name}.".startswith(others)}
        assert foreign <= SHARED.get(step, set()), file
        assert not set(imports(file)) & joiners, file


def test_types_and_errors_stand_alone() -> None:
    # Answers hand their export to the module for it, when asked to.
    lazy = {"assistant.answer_export"}
    for name in LOW:
        own = {m for m in imports(PACKAGE / f"{name}.py") if m.startswith("assistant")}
        assert own <= lazy


def test_the_door() -> None:
    assert assistant.__all__ == [
        "Abstention",
        "Answer",
        "Assistant",
        "AssistantError",
        "Chat",
        "Citation",
        "Filters",
        "Paper",
        "SearchResult",
        "Sentence",
        "Settings",
        "__version__",
    ]
    assert all(getattr(assistant, name) for name in assistant.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Asistant'"):
        _ = assistant.Asistant


def test_help_imports_nothing_slow() -> None:
    code = (
        "import sys; import assistant.cli.app; "
        f"print(sorted({SLOW!r} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_no_module_is_too_long_to_read() -> None:
    long = {p.name: n for p in modules() if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}
