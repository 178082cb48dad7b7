"""The prompts in force: those of a folder of the user's own, task by task, in place of ours.

The folder holds ``<task>/v<N>.md``, of which the newest counts, or ``<task>.md``. Front matter may
be left out. A file is held to the variables of our newest version of its task: it may use no
others, and must use those without which the model would not see what it is asked about.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from assistant.errors import PromptError
from assistant.llm.prompts import VERSION_FILE, Prompt, find_shipped_folder, load, read_text, sha256

_MAY_BE_LEFT_OUT = {
    "answer": {"max_sentences"},
    "rephrase": {"max_sentences", "question"},
    "revise": {"question"},
}
"""The variables by task that a model can do without: sentences beyond the limit are cut off here,
and what a sentence says is corrected by its sources. All others hold what the task is about."""

_PASSED_OVER = "readme.md"


class Prompts:
    """The prompts in force, by task."""

    def __init__(self, folder: Path | None = None) -> None:
        """Reads the prompts in ``folder`` and checks them; None is for those that ship.

        Raises:
            PromptError: there is no such folder, it holds no prompt, one for a task that does not
                exist, or one that cannot be used.
        """
        self._own = _read_folder(folder) if folder is not None else {}

    @property
    def own_tasks(self) -> tuple[str, ...]:
        """The tasks whose prompt is the user's own, sorted."""
        return tuple(sorted(self._own))

    def of(self, task: str) -> Prompt:
        """Returns the user's prompt for ``task``, or else the newest that ships.

        Raises:
            PromptError: there is none.
        """
        return self._own.get(task) or load(task)


def _read_folder(folder: Path) -> dict[str, Prompt]:
    if not folder.is_dir():
        raise PromptError(
            f"ASSISTANT_PROMPTS names {str(folder)!r}, which is no folder; correct the path or "
            "unset it"
        )
    tasks = sorted({file.parent.name for file in find_shipped_folder().glob("*/v*.md")})
    own: dict[str, Prompt] = {}
    for place in _list_files(folder):
        if not place.is_dir() and place.suffix != ".md":
            continue
        task = place.name if place.is_dir() else place.stem
        if task not in tasks:
            raise PromptError(f"{place} is for no task that there is; {_suggest(task, tasks)}")
        if task in own:
            raise PromptError(f"{folder / task} and {folder / task}.md both exist; keep one")
        own[task] = (
            _read_newest(place, task) if place.is_dir() else _read_own(place, task, "custom")
        )
    if not own:
        raise PromptError(
            f"{folder} holds no prompt; write one, such as {Path('answer', 'v1.md')}, or unset "
            "ASSISTANT_PROMPTS"
        )
    return own


def _read_newest(folder: Path, task: str) -> Prompt:
    versions: dict[int, Path] = {}
    for file in _list_files(folder):
        if found := VERSION_FILE.fullmatch(file.name):
            versions[int(found[1])] = file
        elif file.suffix == ".md":
            raise PromptError(f"{file} is no version; call it v1.md, v2.md or so, or remove it")
    if not versions:
        raise PromptError(f"{folder} holds no version; write v1.md there, or remove the folder")
    newest = max(versions)
    return _read_own(versions[newest], task, f"custom-v{newest}")


def _read_own(file: Path, task: str, version: str) -> Prompt:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise PromptError(f"{file} cannot be read ({error.strerror}); make it readable") from error
    text = read_text(str(file), content)
    ours = load(task).variables
    needed = ours - _MAY_BE_LEFT_OUT.get(task, set())
    for name, line in text.used.items():
        if name not in ours:
            raise PromptError(
                f"{file}:{line} uses ${name}, which this task has no value for; use "
                f"{_spell(ours)}, or write '$$' for a dollar sign"
            )
    if missing := needed - text.used.keys():
        raise PromptError(
            f"{file} does not use {_spell(missing)}, so the model would not be shown what it is "
            "asked about; add it"
        )
    if text.parts[-1][0] != "user":
        raise PromptError(f"{file} does not end in a part '# user', which models reply to; add it")
    return Prompt(task, version, ours, text.parts, sha256(content))


def _list_files(folder: Path) -> list[Path]:
    """Returns what is in ``folder`` in order of names, but for hidden files and a readme."""
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise PromptError(
            f"{folder} cannot be read ({error.strerror}); make it readable"
        ) from error
    return [
        place
        for place in found
        if not place.name.startswith(".") and place.name.lower() != _PASSED_OVER
    ]


def _suggest(task: str, tasks: list[str]) -> str:
    close = difflib.get_close_matches(task, tasks, n=1)
    return f"did you mean {close[0]!r}?" if close else f"tasks are {', '.join(tasks)}"


def _spell(names: Iterable[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names))
