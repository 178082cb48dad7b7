from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.embeddings.cache import EmbeddingCache, hash_text
from assistant.errors import StoreError
from assistant.files import caches
from assistant.files.kept import KINDS, Cleaning, clean_home, shrink_caches
from assistant.llm.judgement_cache import JudgementCache, make_key

DAY_S = 86_400
NOW_S = 20_000.5 * DAY_S


def chat(home: Path, name: str, age_days: float, n_bytes: int = 1_000_000) -> Path:
    path = home / "chats" / name[0] / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * n_bytes)
    os.utime(path, (NOW_S - age_days * DAY_S,) * 2)
    return path


def clean(
    home: Path, kind: str, days: int | None = None, megabytes: int = 1_000, deletes: bool = True
) -> Cleaning:
    (found,) = clean_home(
        home, days=days, megabytes=megabytes, kinds=[kind], deletes=deletes, now_s=NOW_S
    )
    return found


def test_an_empty_home_has_nothing_to_delete(tmp_path: Path) -> None:
    found = clean_home(tmp_path / "none", days=1, megabytes=0, deletes=True)
    assert [one.kind for one in found] == list(KINDS)
    assert not any(one.n or one.n_going for one in found)
    assert not (tmp_path / "none").exists()


def test_old_chats_go_and_their_folders_with_them(tmp_path: Path) -> None:
    old, new = chat(tmp_path, "a1", 31), chat(tmp_path, "b1", 29)
    only_told = clean(tmp_path, "chats", days=30, deletes=False)
    assert only_told == Cleaning("chats", 2, 2_000_000, 1, 1_000_000)
    assert old.exists()
    assert clean(tmp_path, "chats", days=30) == only_told
    assert not old.parent.exists()
    assert new.exists()


def test_of_too_many_chats_the_oldest_go(tmp_path: Path) -> None:
    paths = [chat(tmp_path, f"a{age}", age) for age in range(5)]
    assert clean(tmp_path, "chats", megabytes=3).n_going == 2
    assert [path.exists() for path in paths] == [True, True, True, False, False]


def test_uploads_go_after_a_day_and_libraries_never(tmp_path: Path) -> None:
    for name, age in (("old", 2), ("new", 0.5)):
        path = tmp_path / "uploads" / name / "a.bib"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
        os.utime(path, (NOW_S - age * DAY_S,) * 2)
    kept = tmp_path / "libraries" / "mine" / "papers.sqlite"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"x")
    os.utime(kept, (0, 0))
    clean_home(tmp_path, days=1, megabytes=0, kinds=(), deletes=False, now_s=NOW_S)
    assert clean(tmp_path, "uploads").n_going == 1
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["new"]
    clean_home(tmp_path, days=1, megabytes=0, deletes=True, now_s=NOW_S)
    assert kept.exists()


def rating(age_days: float) -> str:
    moment = datetime.fromtimestamp(NOW_S - age_days * DAY_S, UTC)
    return json.dumps({"created": moment.isoformat(), "comment": f"{age_days}"})


def test_old_ratings_go_by_rows_and_odd_rows_with_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "disputes.jsonl"
    rows = [rating(40), "no JSON", rating(20), "[]", rating(1)]
    path.write_text("\n".join(rows) + "\n")
    assert clean(tmp_path, "ratings", days=30).n_going == 2
    assert path.read_text().splitlines() == rows[2:]


def vectors(*texts: str) -> dict[bytes, np.ndarray]:
    return {hash_text(text): np.ones(384, np.float32) for text in texts}


def test_vectors_go_by_the_day_on_which_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.sqlite")
    for age_days, texts in ((40, ("a", "b")), (20, ("c",)), (0, ("d",))):
        monkeypatch.setattr(caches.time, "time", lambda age=age_days: NOW_S - age * DAY_S)
        cache.put("model", vectors(*texts))
    assert clean(tmp_path, "embeddings", days=30, deletes=False).n_going == 2
    assert clean(tmp_path, "embeddings", days=30).n_going == 2
    shrink_caches(tmp_path)
    assert clean(tmp_path, "embeddings", days=10, deletes=False).n_going == 1
    keys = {text: hash_text(text) for text in "abcd"}
    assert set(cache.get("model", list(keys.values()))) == {keys["c"], keys["d"]}
    assert clean(tmp_path, "embeddings", days=0).n_going == 1
    cache.close()


def test_what_is_written_after_all_was_deleted_is_not_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.sqlite")
    monkeypatch.setattr(caches.time, "time", lambda: NOW_S - 50 * DAY_S)
    cache.put("model", vectors(*"abcdef"))
    monkeypatch.setattr(caches.time, "time", lambda: NOW_S - 40 * DAY_S)
    cache.put("model", vectors("g"))
    assert clean(tmp_path, "embeddings", megabytes=0).n_going == 7
    monkeypatch.setattr(caches.time, "time", lambda: NOW_S)
    cache.put("model", vectors("h"))
    assert clean(tmp_path, "embeddings", days=30).n_going == 0
    cache.close()


def test_a_cache_over_its_bound_loses_what_came_first_and_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.sqlite"
    cache = EmbeddingCache(path)
    texts = [str(n) for n in range(2_000)]
    cache.put("model", vectors(*texts))
    n_bytes = clean(tmp_path, "embeddings").n_bytes
    assert n_bytes > 3_000_000
    going = clean(tmp_path, "embeddings", megabytes=1).n_going
    assert 0.6 < going / 2_000 < 0.8
    left = cache.get("model", [hash_text(text) for text in texts])
    assert set(left) == {hash_text(text) for text in texts[going:]}
    assert clean(tmp_path, "embeddings").n_bytes < 1_300_000
    cache.close()
    shrink_caches(tmp_path)
    assert path.stat().st_size < 1_300_000


def test_judgements_have_days_and_bounds_too(tmp_path: Path) -> None:
    cache = JudgementCache(tmp_path / "judgements.sqlite")
    cache.put({make_key(str(n)): "yes" for n in range(10)})
    assert clean(tmp_path, "judgements", megabytes=0).n_going == 10
    assert cache.get([make_key("1")]) == {}
    cache.close()


def test_a_cache_of_before_days_were_noted_can_be_cleaned(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.sqlite")
    cache.put("model", vectors("a"))
    cache._connection.execute("DROP TABLE days")
    cache.close()
    assert clean(tmp_path, "embeddings", days=1, deletes=False).n_going == 0
    assert clean(tmp_path, "embeddings", megabytes=0).n_going == 1


def test_what_cannot_be_cleaned_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "embeddings.sqlite").write_bytes(b"no database" * 1_000)
    with pytest.raises(StoreError, match="cannot be cleaned"):
        clean(tmp_path, "embeddings")
