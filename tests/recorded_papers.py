"""Twenty invented papers with authors, years and venues: computing, medicine, biology, physics."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.types import Paper

_LINES = Path(__file__).with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
PAPERS = [Paper.from_dict(json.loads(line)) for line in _LINES]
