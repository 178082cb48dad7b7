"""Rows of golden files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PAPERS = ("heron2020", "owl2021", "wren2022")
GOOD = {"id": "a", "question": "Why?", "papers": ["heron2020"], "facts": [["40", "forty"]]}
ABSENT = {"id": "n", "question": "How?", "answerable": False, "kind": "near-miss"}


def file_of(folder: Path, *rows: Any, name: str = "golden.jsonl") -> Path:
    path = folder / name
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
