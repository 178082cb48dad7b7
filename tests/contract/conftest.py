"""What contract tests share."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.ingest.services import reading
from assistant.types import Paper


@pytest.fixture
def contents(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pages that a reader would get: which fields they have is no matter here."""
    got: list[bytes] = []

    def take(stream: Any, *_: object, **__: object) -> list[Paper]:
        got.append(stream.read())
        return []

    monkeypatch.setattr(reading, "read_papers", take)
    return got
