"""Lists of titles and abstracts of fields that no word of the feed's reader was chosen on."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from assistant.errors import UnreadableError
from assistant.ingest import detect_format

N_LISTS = 20


@pytest.mark.parametrize("n_papers", [8, 25])
@pytest.mark.parametrize("collection", ["cisi", "cranfield", "lisa", "scifact_train"])
def test_a_list_of_abstracts_of_any_field_is_a_feed(
    shared: Path, collection: str, n_papers: int
) -> None:
    corpus = shared / "external" / "retrieval" / collection / "corpus.jsonl"
    rows = [json.loads(line) for line in corpus.read_text("utf-8").splitlines()]
    papers = [
        f"{' '.join(row['title'].split())}\n{' '.join(row['text'].split())}"
        for row in rows
        if row["title"] and len(row["text"].split()) >= 30
    ]
    draw = random.Random(7)
    lists = ["\n".join(draw.sample(papers, n_papers)) for _ in range(N_LISTS)]
    assert sum(map(_is_feed, lists)) >= 0.9 * N_LISTS


def _is_feed(text: str) -> bool:
    try:
        return detect_format(text.encode(), "list.txt") == "feed"
    except UnreadableError:
        return False
