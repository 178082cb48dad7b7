"""Prompts: strict variables, checked files, and the hash that answers record."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.llm.prompts import find_shipped_folder, load, parse

FOLDER = find_shipped_folder()
FILES = sorted(FOLDER.glob("*/*.md"))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_every_shipped_prompt_loads(file: Path) -> None:
    prompt = load(file.parent.name, int(file.stem[1:]))
    assert prompt.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert prompt.reference == f"{file.stem}:{prompt.sha256}"
    messages = prompt.render(**{name: f"<{name}>" for name in prompt.variables})
    assert {m.role for m in messages} <= {"system", "user", "assistant"}
    assert all(f"<{n}>" in "".join(m.text for m in messages) for n in prompt.variables)


def test_the_prompts_that_the_code_needs_are_there() -> None:
    assert {file.parent.name for file in FILES} >= {"answer", "revise", "condense"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_no_prompt_holds_a_label_that_a_model_could_copy(file: Path) -> None:
    from assistant.answer.writing.markers import Marker, MarkerFilter

    found = MarkerFilter({f"{letter}{n}" for letter in "ABCXYZ" for n in range(1, 10)})
    items = [*found.feed(file.read_text(encoding="utf-8")), *found.finish()]
    assert not [item for item in items if isinstance(item, Marker) and item.labels]


def test_the_newest_version_is_taken() -> None:
    newest = max(int(f.stem[1:]) for f in FILES if f.parent.name == "answer")
    assert load("answer").version == f"v{newest}"


def test_missing_and_extra_variables_are_named() -> None:
    with pytest.raises(PromptError, match="missing max_sentences, sources; undeclared colour"):
        load("answer").render(question="?", colour="red")


def test_values_are_not_read_as_templates() -> None:
    values = {"question": "$sources", "sources": "$$5", "max_sentences": "4"}
    text = load("answer").render(**values)[-1].text
    assert "$sources" in text
    assert "$$5" in text


@pytest.mark.parametrize("task", ["nothing", "../answer", ""])
def test_an_unknown_task(task: str) -> None:
    with pytest.raises(PromptError, match="no prompt for task"):
        load(task)


def test_an_unknown_version() -> None:
    with pytest.raises(PromptError, match="has no version 99"):
        load("answer", 99)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("# user\nhi", "no front matter"),
        ("---\nvariables:\n---\n# user\nhi", "front matter needs just"),
        ("---\nvariables:\nreason: x\nauthor: y\n---\n# user\nhi", "front matter needs just"),
        ("---\nvariables:\nreason: x\n---\nhi", "has no part"),
        ("---\nvariables: a\nreason: x\n---\n# user\nhi", "declares ['a'] and uses []"),
        ("---\nvariables:\nreason: x\n---\n# user\n$a", "declares [] and uses ['a']"),
        ("---\nvariables:\nreason: x\n---\n# user\ncosts $5", "dollar sign that names no variable"),
        ("---\nvariables:\nreason: x\n---\nlost\n# user\nhi", "text before its first part"),
    ],
)
def test_a_malformed_file_is_refused(content: str, said: str) -> None:
    with pytest.raises(PromptError) as caught:
        parse("made", 1, content.encode())
    assert said in str(caught.value)
