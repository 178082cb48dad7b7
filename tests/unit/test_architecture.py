"""The house holds: what each part may import, what the door shows, what is imported when.

Every import of every module is read, those inside functions and for type checkers alike.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import assistant

ROOT = Path(assistant.__file__).parents[1]
FOLDERS = {"assistant": "assistant", "assistant_ui": "ui", "assistant_evals": "evals"}

VALUES = {
    "types",
    "reports",
    "errors",
    "accounts",
    "answers",
    "events",
    "settings",
    "surveys",
    "suspects",
    "filters",
    "trust",
    "files",
    "servers",
}
"""The values that flow: every part may import them."""

PARTS = {
    "text": set(),
    "llm": {"text"},
    "export": {"text"},
    "embeddings": {"text"},
    "ingest": {"text"},
    "store": {"text"},
    "retrieval": {"text"},
    "evidence": {"text"},
    "grounding": {"text", "llm"},
    "conversation": {"text", "llm"},
    "answer": {"text", "llm", "evidence"},
    "starter": {"text", "embeddings", "store"},
    "llamaindex": {"text", "embeddings", "retrieval", "answer"},
}
"""Each part of the library, and the parts that it may import."""

JOINERS = {
    "ingest.run": {"embeddings", "store"},
    "answer.evidence_builder": {"embeddings", "retrieval"},
    "answer.survey.details": {"grounding"},
    "answer.whole_library": {"store"},
    "answer.writing.writer": {"grounding"},
    "answer.writing.checked": {"grounding"},
    "answer.engine": {"embeddings", "retrieval", "store", "conversation"},
    "answer.current_engine": {"store", "configured_models"},
}
"""The modules that join parts, and what each may import beyond its own part's."""

ABOVE = {"configured_models", "opened_library", "api", "cli", "__init__"}
"""What opens and shows the parts: it may import any of them, and none of them imports it."""

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


def _find_modules() -> dict[str, Path]:
    found = {}
    for package, folder in FOLDERS.items():
        for file in sorted((ROOT / folder).rglob("*.py")):
            inside = file.relative_to(ROOT / folder).with_suffix("").parts
            names = [name for name in inside if name != "__init__"]
            found[".".join([package, *names])] = file
    return found


MODULES = _find_modules()


def _read_imports(file: Path) -> set[str]:
    """Returns what ``file`` imports, as dotted names; a module of ours by its full name."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{file}: relative imports are not read here"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in MODULES else node.module)
    return found


IMPORTS = {module: _read_imports(file) for module, file in MODULES.items()}


def _part(module: str) -> str:
    """Returns the part of the library that ``module`` belongs to: its folder, or its own name."""
    _, _, inside = module.partition(".")
    return inside.partition(".")[0] or "__init__"


def test_no_module_imports_itself_by_way_of_others() -> None:
    ours = {module: found & set(MODULES) - {module} for module, found in IMPORTS.items()}
    try:
        TopologicalSorter(ours).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_each_part_imports_only_what_the_map_says() -> None:
    wrong = []
    for module, found in IMPORTS.items():
        if not module.startswith("assistant.") or (part := _part(module)) in ABOVE:
            continue
        if part in VALUES:
            # An answer hands itself to the writers of files, when it is asked to.
            allowed = VALUES | ({"export"} if part == "answers" else set())
        else:
            joined = JOINERS.get(module.removeprefix("assistant."), set())
            allowed = VALUES | {part} | PARTS[part] | joined
        wrong += [
            f"{module} imports {other}"
            for other in sorted(found & set(MODULES))
            if _part(other) not in allowed or not other.startswith("assistant.")
        ]
    assert not wrong


def test_the_map_names_what_there_is() -> None:
    parts = {_part(module) for module in MODULES if module.split(".")[0] == "assistant"}
    assert parts == VALUES | set(PARTS) | ABOVE
    assert {f"assistant.{name}" for name in JOINERS} <= set(MODULES)
    joined = {
        (name, other)
        for name, allowed in JOINERS.items()
        for other in allowed
        if not any(_part(found) == other for found in IMPORTS[f"assistant.{name}"])
    }
    assert not joined, "what no joiner imports any more"


def test_the_library_never_imports_its_front_ends() -> None:
    foreign = {"assistant_ui", "assistant_evals", "gradio", "sklearn", "scipy", "pandas"}
    for module, found in IMPORTS.items():
        if module.split(".")[0] == "assistant":
            assert not foreign & {name.split(".")[0] for name in found}, module


def test_front_ends_use_the_door_alone() -> None:
    # Their commands are commands of `assistant`, and speak as it does.
    # Where words begin and end, and whose files are, is said in one place.
    commands = {
        "assistant.cli.options",
        "assistant.cli.output",
        "assistant.files.private",
        "assistant.text.terms",
    }
    for module, found in IMPORTS.items():
        if module.split(".")[0] == "assistant" or module.startswith("assistant_evals.lab"):
            continue
        behind = {name for name in found if name.startswith("assistant.")} - commands
        assert not behind, f"{module} reaches behind the door: {sorted(behind)}"


def test_only_the_lab_uses_the_lab() -> None:
    for module, found in IMPORTS.items():
        if not module.startswith("assistant_evals.lab"):
            assert not {name for name in found if name.startswith("assistant_evals.lab.")}, module


def test_every_folder_is_installed_but_the_lab() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = set(project["tool"]["setuptools"]["packages"]) - {"assistant_prompts"}
    folders = {module for module, file in MODULES.items() if file.name == "__init__.py"}
    assert installed == {name for name in folders if not name.startswith("assistant_evals.lab")}


def test_the_door() -> None:
    assert assistant.__all__ == sorted(assistant.__all__, key=_as_ruff_sorts)
    assert all(getattr(assistant, name) is not None for name in assistant.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Asistant'"):
        _ = assistant.Asistant


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    """Constants first, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def test_whatever_is_caught_or_received_is_on_the_door() -> None:
    from assistant import errors, events, types

    behind = {"read_record", "NO_FILTERS", "Passage"}
    behind |= {"BibliographyFormat", "FlagKind", "JudgeLabel", "Mode"}
    for module in (errors, events, types):
        own = {
            name
            for name, value in vars(module).items()
            if not name.startswith("_")
            and getattr(value, "__module__", module.__name__) == module.__name__
        }
        own &= {n.id for n in _assigned(MODULES[module.__name__])} | _defined(module.__name__)
        assert own - behind <= set(assistant.__all__), module.__name__


def _assigned(file: Path) -> list[ast.Name]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    targets = [t for node in tree.body if isinstance(node, ast.Assign) for t in node.targets]
    return [target for target in targets if isinstance(target, ast.Name)]


def _defined(module: str) -> set[str]:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    return {n.name for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef)}


def test_every_error_is_in_the_tree() -> None:
    """Each class of errors descends from AssistantError, but those that never leave their part."""
    inside = {"AttemptError", "LateError", "TooLongError", "_RefusedError", "EndpointError"}
    inside.add("AssistantError")
    for module, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                assert node.name in inside or any(base.endswith("Error") for base in bases), (
                    f"{module}.{node.name}"
                )


def test_help_imports_nothing_slow() -> None:
    code = (
        "import sys; import assistant.cli.app; "
        f"print(sorted({SLOW!r} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_no_module_is_too_long_to_read() -> None:
    long = {
        module: n
        for module, file in MODULES.items()
        if (n := len(file.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
