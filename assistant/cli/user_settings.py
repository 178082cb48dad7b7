"""Writes the user's own settings file, and leaves what else is in it as it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import SettingsError
from assistant.files.private import write_whole


def write_settings(path: Path, values: Mapping[str, str | None]) -> None:
    """Sets ``values`` in the settings file at ``path``; None takes a setting out.

    Comments and other settings stay. The file is made where there is none, and is the user's alone.

    Raises:
        SettingsError: the file cannot be read, changed so, or written.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        changed = change_settings(text, values)
        write_whole(path, changed)
    except OSError as exc:
        raise SettingsError(f"{path}: cannot be written ({exc.strerror})") from exc
    except ValueError as exc:
        wanted = "; ".join(f"{name} = {value!r}" for name, value in values.items() if value)
        raise SettingsError(f"{path}: cannot be changed; write into it yourself: {wanted}") from exc


def change_settings(text: str, values: Mapping[str, str | None]) -> str:
    """Returns a settings file's ``text`` with ``values`` set; None takes a setting out.

    Raises:
        ValueError: it is no TOML, or a setting stands in it in a way that is not seen here.
    """
    wanted = {name: value for name, value in values.items() if value is not None}
    expected = {k: v for k, v in tomllib.loads(text).items() if k not in values} | wanted
    lines = []
    for line in text.splitlines():
        key = re.match(r"\s*([\w-]+)\s*=", line)
        if not key or key[1] not in values:
            lines.append(line)
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in wanted.items()]
    changed = "".join(f"{line}\n" for line in lines)
    if tomllib.loads(changed) != expected:
        raise ValueError("a value of more than one line")
    return changed
