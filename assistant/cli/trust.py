"""``assistant trust``: lets a folder's settings file say where data and keys go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli import options, output
from assistant.errors import SettingsError


def trust(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="The file, or its folder; else assistant.toml in the working folder.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    revoke: Annotated[
        bool,
        typer.Option("--revoke", help="Trust the file no more.", metavar=options.NO_VALUE),
    ] = False,
    list_all: Annotated[
        bool,
        typer.Option(
            "--list", help="List the files that you trust, instead.", metavar=options.NO_VALUE
        ),
    ] = False,
) -> None:
    """Let a folder's assistant.toml say where data and keys go, and what may be spent
    or deleted.

    Without this, such a file may choose a library, top_k and the like, and nothing that sends data
    or keys anywhere. It is trusted under its path and as it is now: once it is changed, you are
    asked again. Read it first.

    [bold]Examples[/bold]
      assistant trust
      assistant trust projects/review/assistant.toml
      assistant trust --revoke
      assistant trust --list
    """
    from assistant.settings import CONFIG_FILE

    if list_all:
        _list()
        return
    path = file or Path(CONFIG_FILE)
    path = path / CONFIG_FILE if path.is_dir() else path
    if revoke:
        _revoke(path)
    else:
        _trust(path)


def _trust(path: Path) -> None:
    from assistant.files.toml import read_content
    from assistant.settings import parse_settings
    from assistant.trust import locate, trust

    content = read_content(path)
    if content is None:
        raise SettingsError(f"{path}: there is no such file; give the path of a settings file")
    guarded = _format_guarded(parse_settings(path, content))
    trust(path, content)
    what = f"may set {', '.join(guarded)}" if guarded else "sets nothing that needs it"
    output.say(f"Trusted as it is now: {locate(path)}, which {what}.")


def _revoke(path: Path) -> None:
    from assistant.trust import locate, revoke

    if not revoke(path):
        raise SettingsError(f"{locate(path)} is not trusted; `assistant trust --list` says what is")
    output.say(f"Trusted no more: {locate(path)}.")


def _list() -> None:
    from assistant.files.toml import read_content
    from assistant.trust import is_trusted, read_trusted

    for name in sorted(read_trusted()):
        content = read_content(Path(name))
        if content is None:
            output.say(f"{name}  (is not there any more)")
        else:
            changed = "" if is_trusted(Path(name), content) else "  (has changed: not trusted)"
            output.say(f"{name}{changed}")


def _format_guarded(values: Mapping[str, Any]) -> list[str]:
    """Returns those of ``values`` that are guarded, as in "llm='none'"; keys are masked."""
    from assistant.settings import is_guarded

    return [
        f"{name}={'a key' if 'key' in name else repr(value)}"
        for name, value in values.items()
        if is_guarded(name)
    ]
