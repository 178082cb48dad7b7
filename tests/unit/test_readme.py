"""The README says what is: settings, commands and figures that a reader can check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.settings import PREFIX, Settings

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")


def test_the_settings_table_is_the_settings() -> None:
    rows = re.findall(rf"^\| `({PREFIX}[A-Z_]+)` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    assert [(name, meaning) for name, _, meaning in rows] == [
        (PREFIX + name.upper(), field.description) for name, field in Settings.model_fields.items()
    ]
    for name, default, _ in rows:
        field = Settings.model_fields[name.removeprefix(PREFIX).lower()]
        if field.default_factory is None and field.default is not None:
            assert default == f"`{field.default}`"


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", README))))
def test_every_make_command_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_nothing_is_left_to_fill_in() -> None:
    assert "@@" not in README
