"""Examines an installation: what works, what does not, and how to mend it."""

from __future__ import annotations

import platform
import shlex
import shutil
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from assistant import __version__
from assistant.errors import AssistantError
from assistant.files.private import is_open_to_others
from assistant.servers.providers import mask_passwords

if TYPE_CHECKING:
    from assistant.settings import Settings

Status = Literal["ok", "note", "failed"]

_SPACE_NEEDED_MB = 200
"""What a library of some thousand papers takes while it is rebuilt."""

_PROBE = "A short sentence."

_REQUEST = "Reply with the word ready."
_REPLY_TOKENS = 16


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing examined: what was found, and what to do where it is not well."""

    name: str
    status: Status
    finding: str
    remedy: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Returns the check as JSON types."""
        return asdict(self)


def examine(settings: Settings) -> Iterator[HealthCheck]:
    """Yields what was found of every part, in the order in which parts depend on one another."""
    yield HealthCheck(
        "version",
        "ok",
        f"abstract-assistant {__version__}, Python {platform.python_version()}, {sys.platform}",
    )
    parts: tuple[tuple[str, Callable[[Settings], HealthCheck]], ...] = (
        ("settings", _check_settings),
        ("home", _check_home),
        ("tokens", _check_tokens),
        ("embedding", _check_embedding),
        ("Chroma", _check_chroma),
        ("library", _check_library),
        ("LLM", _check_llm),
        *((("prompts", _prompts),) if settings.prompts else ()),
        *((("judge", _check_judge),) if settings.judge not in ("auto", "none") else ()),
    )
    for name, check in parts:
        try:
            yield check(settings)
        except AssistantError as error:
            yield HealthCheck(name, "failed", str(error))


def _check_settings(_settings: Settings) -> HealthCheck:
    from assistant.settings import find_user_file, list_files

    read = " before ".join(str(path) for path in list_files())
    return HealthCheck(
        "settings",
        "ok",
        read or f"no file; yours would be {find_user_file()}, by `assistant setup`",
    )


def _check_home(settings: Settings) -> HealthCheck:
    home = settings.home
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        return HealthCheck(
            "home",
            "failed",
            f"{str(existing)!r} cannot be written: {error.strerror}",
            "make it writable for this user, or set ASSISTANT_HOME to another folder",
        )
    free_mb = shutil.disk_usage(existing).free // 2**20
    if free_mb < _SPACE_NEEDED_MB:
        return HealthCheck(
            "home",
            "failed",
            f"{home} has {free_mb:,} MB free",
            f"free {_SPACE_NEEDED_MB} MB, or set ASSISTANT_HOME to another folder",
        )
    if existing == home and is_open_to_others(home):
        return HealthCheck(
            "home",
            "note",
            f"{home} is open to other users of this machine, {free_mb:,} MB free",
            f"close it, unless it is shared on purpose: chmod -R go= {shlex.quote(str(home))}",
        )
    return HealthCheck("home", "ok", f"{home}, {free_mb:,} MB free")


def _check_tokens(_settings: Settings) -> HealthCheck:
    from assistant.text.tokens import count_tokens

    return HealthCheck("tokens", "ok", f"counted offline ({count_tokens(_PROBE)} in {_PROBE!r})")


def _check_embedding(settings: Settings) -> HealthCheck:
    from assistant.api import Assistant

    with Assistant(settings) as assistant:
        embedder = assistant.embedder
        vector = embedder.embed_query(_PROBE)
        notices = embedder.notices
        finding = f"{embedder.fingerprint}, {len(vector)} dimensions"
    if notices:
        return HealthCheck("embedding", "note", f"{finding}; {notices[0]}")
    return HealthCheck("embedding", "ok", finding)


def _check_chroma(settings: Settings) -> HealthCheck:
    if settings.chroma_url is None:
        return HealthCheck("Chroma", "ok", "embedded, a folder of the library")
    from assistant.api import Assistant

    with Assistant(settings) as assistant:
        assistant.store.exists()
    return HealthCheck("Chroma", "ok", f"server at {mask_passwords(settings.chroma_url)} answers")


def _check_library(settings: Settings) -> HealthCheck:
    from assistant.api import Assistant

    with Assistant(settings) as assistant:
        if not assistant.store.exists():
            return HealthCheck(
                "library",
                "note",
                f"no library {settings.library!r} yet; questions go to the starter library",
                "make one with `assistant ingest FILE`",
            )
        faults = assistant.store.check()
        if faults:
            return HealthCheck(
                "library",
                "failed",
                "; ".join(faults),
                "ask any question: what is damaged is rebuilt without embedding again",
            )
        stats = assistant.stats()
    return HealthCheck(
        "library",
        "ok",
        f"{stats.library!r}: {stats.papers:,} papers, {stats.passages:,} passages, "
        f"version {stats.version}, every byte as published",
    )


def _check_llm(settings: Settings) -> HealthCheck:
    from assistant.llm.opening import KEY_VARIABLE, find_configured_llm

    name = find_configured_llm(settings)
    if name == "none":
        return HealthCheck(
            "LLM",
            "ok",
            "none: answers are quotations, word for word",
            f"for written answers run `assistant setup`, or set {KEY_VARIABLE} or ASSISTANT_LLM, "
            "such as to ollama:MODEL or gguf:FILE",
        )
    return _check_model("LLM", name, settings)


def _prompts(settings: Settings) -> HealthCheck:
    from assistant.llm.custom_prompts import Prompts

    own = ", ".join(Prompts(settings.prompts).own_tasks)
    return HealthCheck("prompts", "ok", f"{settings.prompts}: your own for {own}")


def _check_judge(settings: Settings) -> HealthCheck:
    return _check_model("judge", settings.judge, settings)


def _check_model(part: str, name: str, settings: Settings) -> HealthCheck:
    """Returns what the model called ``name`` says to one tiny request, and after how long."""
    from assistant.llm.messages import Message
    from assistant.llm.opening import open_named

    model = open_named(name, settings)
    assert model is not None
    try:
        context = model.context_tokens
        asked = time.monotonic()
        reply = model.complete([Message("user", _REQUEST)], max_tokens=_REPLY_TOKENS)
        seconds = time.monotonic() - asked
    finally:
        model.close()
    said = textwrap.shorten(reply.text, 60, placeholder=" ...")
    room = "unknown" if context is None else f"{context:,} tokens"
    finding = f"{model.name} says {said!r} after {seconds:.1f} s, loading included; context: {room}"
    if context is None:
        return HealthCheck(
            part, "ok", finding, "set ASSISTANT_LLM_CONTEXT if you know how many it is"
        )
    return HealthCheck(part, "ok", finding)
