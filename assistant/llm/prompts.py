"""Prompt files -> prompts: front matter checked, variables strict, contents hashed.

A file is front matter between two lines of three hyphens (``variables:`` a comma-separated list,
``reason:`` why the version exists), then parts that each begin with a line ``# system``,
``# user`` or ``# assistant``. ``$name`` stands for a variable, ``$$`` for a dollar sign.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import cast

from assistant.errors import PromptError
from assistant.llm.messages import Message, Role

VERSION_FILE = re.compile(r"v([1-9]\d*)\.md")

_FRONT_MATTER = re.compile(r"---\n(?P<lines>.*?)\n---\n", re.DOTALL)
_PART = re.compile(r"^# (system|user|assistant)[ \t]*\n", re.MULTILINE)
_KEYS = {"variables", "reason"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a prompt.

    ``version`` is its name, as "v1"; ``variables`` are what ``render`` is given; ``parts`` are
    (role, template); ``sha256`` is that of the file's bytes, in hexadecimal.
    """

    task: str
    version: str
    variables: frozenset[str]
    parts: tuple[tuple[Role, str], ...]
    sha256: str

    @property
    def reference(self) -> str:
        """What an answer records of the prompt: ``v1:`` and the SHA-256 of its file."""
        return f"{self.version}:{self.sha256}"

    def render(self, **variables: str) -> tuple[Message, ...]:
        """Returns the messages with every variable in its place; values are not read again.

        Raises:
            PromptError: a declared variable is missing, or an undeclared one was given.
        """
        given = set(variables)
        if given != self.variables:
            missing = ", ".join(sorted(self.variables - given)) or "none"
            extra = ", ".join(sorted(given - self.variables)) or "none"
            raise PromptError(
                f"prompt {self.task!r} {self.version} got other variables than it declares: "
                f"missing {missing}; undeclared {extra}"
            )
        return tuple(
            Message(role, Template(text).substitute(variables)) for role, text in self.parts
        )


@dataclass(frozen=True, slots=True)
class PromptText:
    """What a prompt's file says.

    ``declared`` is None without front matter; ``used`` maps each variable to the line, from 1,
    that uses it first; ``parts`` are (role, template).
    """

    declared: frozenset[str] | None
    used: dict[str, int]
    parts: tuple[tuple[Role, str], ...]


def find_shipped_folder() -> Path:
    """Returns the folder of the prompts that come with the package, one folder a task.

    Not by importlib.resources: the Python 3.11 one fails on folders without modules that are
    installed in editable form, whose path also holds a mark of setuptools.

    Raises:
        PromptError: there is none.
    """
    spec = find_spec("assistant_prompts")
    places = spec.submodule_search_locations if spec else None
    folders = [folder for folder in map(Path, places or ()) if folder.is_dir()]
    if not folders:
        raise PromptError("the package's prompts are missing; install abstract-assistant again")
    # The last, for a folder of that name in the working folder would come first.
    return folders[-1]


@cache
def load(task: str, version: int | None = None) -> Prompt:
    """Returns a version of the prompt that ships for ``task``; the newest where none is named.

    Raises:
        PromptError: there is no such prompt, or its file is malformed.
    """
    folder = find_shipped_folder() / task
    if not re.fullmatch(r"[a-z_]+", task) or not folder.is_dir():
        raise PromptError(f"there is no prompt for task {task!r}")
    known = {int(m[1]): f for f in folder.iterdir() if (m := VERSION_FILE.fullmatch(f.name))}
    chosen = max(known, default=0) if version is None else version
    if chosen not in known:
        raise PromptError(f"prompt {task!r} has no version {chosen}; it has {sorted(known)}")
    return parse(task, chosen, known[chosen].read_bytes())


def parse(task: str, version: int, content: bytes) -> Prompt:
    """Returns the prompt that the bytes of a file of ours hold.

    Raises:
        PromptError: the file has no front matter, other keys than it should, no parts, or uses
            other variables than it declares.
    """
    where = f"prompt {task!r} v{version}"
    text = read_text(where, content)
    if text.declared is None:
        raise PromptError(f"{where} has no front matter between two lines of '---'")
    return Prompt(task, f"v{version}", text.declared, text.parts, sha256(content))


def sha256(content: bytes) -> str:
    """Returns the SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_text(where: str, content: bytes) -> PromptText:
    """Returns what the bytes of a prompt's file say; ``where`` is how errors name the file.

    Front matter may be left out.

    Raises:
        PromptError: the bytes are no UTF-8 text, the front matter has other keys than it should
            or declares other variables than are used, there is no part or text before the first,
            or a dollar sign names no variable.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PromptError(f"{where}:{line} is not UTF-8 text; save it as such") from error
    declared, body = _split_front_matter(where, text)
    before, *rest = _PART.split(body)
    parts = tuple(
        (cast(Role, role), part.strip()) for role, part in zip(rest[::2], rest[1::2], strict=True)
    )
    if not parts:
        raise PromptError(f"{where} has no part; begin one with a line '# system' or '# user'")
    if before.strip():
        raise PromptError(
            f"{where} has text before its first part, which no one would be sent; begin it with a "
            "line '# system' or '# user'"
        )
    used = _find_used(where, text, len(text) - len(body))
    if declared is not None and declared != set(used):
        raise PromptError(
            f"{where} declares {sorted(declared)} and uses {sorted(used)}; make them the same"
        )
    return PromptText(declared, used, parts)


def _split_front_matter(where: str, text: str) -> tuple[frozenset[str] | None, str]:
    """Returns the variables declared, None without front matter, and what follows it."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return None, text
    lines = (line.partition(":") for line in found["lines"].splitlines())
    matter = {key.strip(): value.strip() for key, _, value in lines}
    if set(matter) != _KEYS or not matter["reason"]:
        raise PromptError(f"{where}: front matter needs just 'variables:' and 'reason:'")
    names = frozenset(name.strip() for name in matter["variables"].split(",") if name.strip())
    return names, text[found.end() :]


def _find_used(where: str, text: str, start: int) -> dict[str, int]:
    """Returns the variables in ``text`` from ``start`` on, with the lines that use them first."""
    used: dict[str, int] = {}
    for found in Template.pattern.finditer(text, start):
        line = text.count("\n", 0, found.start()) + 1
        name = found["named"] or found["braced"]
        if name:
            used.setdefault(name, line)
        elif found["invalid"] is not None:
            raise PromptError(
                f"{where}:{line} has a dollar sign that names no variable; write '$$'"
            )
    return used
