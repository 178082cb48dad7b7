"""What a part sends with an event: read where it is what parts send, else nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from assistant_ui.parts.events import read_sent, read_text


def event(sent: object) -> Any:
    return SimpleNamespace(_data=sent)


@pytest.mark.parametrize("nothing", [None, [], "x", 3])
def test_what_no_part_sends_is_nothing(nothing: object) -> None:
    assert read_sent(event(nothing)) == {}
    assert read_text(event(nothing), "text") == ""


def test_a_text_is_read_by_its_name() -> None:
    sent = event({"text": "bees", "number": 3})
    assert read_sent(sent)["number"] == 3
    assert [read_text(sent, name) for name in ("text", "number", "absent")] == ["bees", "", ""]
