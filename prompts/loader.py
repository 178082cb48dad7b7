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
from importlib.resources import files
from string import Template
from typing import cast

from assistant.errors import AssistantError
from assistant.llm.chat_model import Message, Role

_FILE = re.compile(r"\A---\n(?P<matter>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_PART = re.compile(r"^# (system|user|assistant)[ \t]*\n", re.MULTILINE)
_VERSION = re.compile(r"v(\d+)\.md")
_KEYS = {"variables", "reason"}


class PromptError(AssistantError):
    """A prompt is missing, malformed, or was given other variables than it declares."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a prompt.

    ``sha256`` is that of the file's bytes, in hexadecimal; ``parts`` are (role, template).
    """

    task: str
    version: int
    reason: str
    variables: frozenset[str]
    parts: tuple[tuple[Role, str], ...]
    sha256: str

    @property
    def reference(self) -> str:
        """What an answer records of the prompt: ``v1:`` and the SHA-256 of its file."""
        return f"v{self.version}:{self.sha256}"

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
                f"prompt {self.task!r} v{self.version} got other variables than it declares: "
                f"missing {missing}; undeclared {extra}"
            )
        return tuple(
            Message(role, Template(text).substitute(variables)) for role, text in self.parts
        )


@cache
def load(task: str, version: int | None = None) -> Prompt:
    """Returns a version of the prompt for ``task``; the newest where none is named.

    Raises:
        PromptError: there is no such prompt, or its file is malformed.
    """
    folder = files(__package__).joinpath(task)
    if not re.fullmatch(r"[a-z_]+", task) or not folder.is_dir():
        raise PromptError(f"there is no prompt for task {task!r}")
    known = {int(m[1]): file for file in folder.iterdir() if (m := _VERSION.fullmatch(file.name))}
    chosen = max(known, default=0) if version is None else version
    if chosen not in known:
        raise PromptError(f"prompt {task!r} has no version {chosen}; it has {sorted(known)}")
    return parse(task, chosen, known[chosen].read_bytes())


def parse(task: str, version: int, content: bytes) -> Prompt:
    """Returns the prompt that the bytes of a file hold.

    Raises:
        PromptError: the file has no front matter, other keys than it should, no parts, or uses
            other variables than it declares.
    """
    where = f"prompt {task!r} v{version}"
    found = _FILE.match(content.decode("utf-8"))
    if found is None:
        raise PromptError(f"{where} has no front matter between two lines of '---'")
    lines = (line.partition(":") for line in found["matter"].splitlines())
    matter = {key.strip(): value.strip() for key, _, value in lines}
    if set(matter) != _KEYS or not matter["reason"]:
        raise PromptError(f"{where}: front matter needs just 'variables:' and 'reason:'")
    declared = frozenset(name.strip() for name in matter["variables"].split(",") if name.strip())
    _, *rest = _PART.split(found["body"])
    parts = tuple(
        (cast(Role, role), text.strip()) for role, text in zip(rest[::2], rest[1::2], strict=True)
    )
    if not parts:
        raise PromptError(f"{where} has no part; begin one with a line '# system' or '# user'")
    used: set[str] = set()
    for _, text in parts:
        template = Template(text)
        if not template.is_valid():
            raise PromptError(f"{where} has a dollar sign that names no variable; write '$$'")
        used.update(template.get_identifiers())
    if used != declared:
        raise PromptError(
            f"{where} declares {sorted(declared)} and uses {sorted(used)}; make them the same"
        )
    return Prompt(
        task, version, matter["reason"], declared, parts, hashlib.sha256(content).hexdigest()
    )
