"""Labelled pairs: what a judge is worth by them, and rows that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.errors import PairsError
from assistant_evals.judging.labelled_pairs import (
    Pair,
    judge_pairs,
    read_own_pairs,
    read_pairs,
)

from assistant import AssistantError
from assistant.types import Verdict

GOOD = '{"source": "Ants dig.", "claim": "Ants dig.", "label": 1, "kind": "same"}'
BAD = '{"source": "Ants dig.", "claim": "Ants fly.", "label": 0}'


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def by_hand(judged: list[tuple[float, Verdict] | None], labels: list[int]) -> dict[str, Any]:
    pairs = [Pair("s", str(place), label, kind="k") for place, label in enumerate(labels)]
    return judge_pairs("made", pairs, lambda source, claim: judged[int(claim)])


def test_a_judge_by_hand() -> None:
    judged: list[tuple[float, Verdict] | None] = [
        (1.0, "verbatim"),
        (0.8, "supported"),
        (0.7, "supported"),
        (0.3, "unsupported"),
        (0.2, "unsupported"),
        None,
    ]
    found = by_hand(judged, [1, 1, 0, 1, 0, 0])
    assert (found["name"], found["when"], found["n"], found["n_errors"]) == ("made", None, 5, 1)
    assert found["roc_auc"] == pytest.approx(5 / 6)
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert (found["precision"], found["recall"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert found["kappa"] == pytest.approx((3 / 5 - 13 / 25) / (1 - 13 / 25))
    assert found["kinds"] == {"k": {"n": 5, "share_right": 0.6}}
    at = found["threshold_for_precision"]
    assert at == {"wanted": 0.9, "threshold": 0.8, "recall": pytest.approx(2 / 3)}
    assert found["threshold"] == 0.5
    low, high = found["roc_auc_interval"]
    assert low <= found["roc_auc"] <= high
    low, high = found["balanced_accuracy_interval"]
    assert low <= found["balanced_accuracy"] <= high
    assert json.loads(json.dumps(found)) == found
    assert found == by_hand(judged, [1, 1, 0, 1, 0, 0])


def test_a_judge_that_always_fails_measures_nothing() -> None:
    found = by_hand([None, None], [1, 0])
    assert (found["n"], found["n_errors"]) == (0, 2)
    for name in ("roc_auc", "roc_auc_interval", "balanced_accuracy", "kappa", "ece", "f1"):
        assert found[name] is None
    assert found["threshold_for_precision"]["recall"] is None


def test_rows_are_read_with_what_else_they_hold(tmp_path: Path) -> None:
    more = '{"id": "x", "source": "A\\u2028b.", "claim": "B.", "label": 0, "dataset": "d"}'
    first, second, third = read_pairs(written(tmp_path, "\ufeff" + GOOD, "", BAD, more, ""))
    assert first == Pair("Ants dig.", "Ants dig.", 1, "", "same")
    assert second.label == 0
    assert (third.id, third.source) == ("x", "A\u2028b.")


def test_the_shipped_pairs_are_read_as_any_file(tmp_path: Path) -> None:
    from assistant_evals.judging.claims import OWN_CLAIMS

    both = read_own_pairs(half=None)
    assert read_pairs(OWN_CLAIMS) == both
    assert len(both) == 663
    halves = [read_own_pairs(half="shaping"), read_own_pairs()]
    assert sum(map(len, halves)) == 663
    assert all({p.label for p in half} == {0, 1} for half in halves)
    assert all(len(p.source) > len(p.claim) for p in both)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"pairs.jsonl:2: not valid JSON \(.*column 2\); put one JSON object on each line"),
        ("[1]", "pairs.jsonl:2: not a JSON object; put one"),
        ("[" * 100_000, "pairs.jsonl:2: JSON that cannot be read; mend or remove the line"),
        ('{"source": "a", "claim": "b"}', "pairs.jsonl:2: 'label' is missing; give 1 where"),
        ('{"source": "a", "claim": "b", "label": 2}', "pairs.jsonl:2: 'label' is 2; give 1"),
        ('{"source": "a", "claim": "b", "label": true}', "pairs.jsonl:2: 'label' is True; give"),
        ('{"source": "a", "claim": "b", "label": "1"}', "pairs.jsonl:2: 'label' is '1'; give"),
        ('{"source": "a", "claim": " .", "label": 1}', "pairs.jsonl:2: 'claim' holds no words;"),
        ('{"source": "a", "label": 1}', "pairs.jsonl:2: 'claim' is missing; add it as text"),
        ('{"claim": "b", "label": 1}', "pairs.jsonl:2: 'source' is missing; add it as text"),
        ('{"source": 5, "claim": "b", "label": 1}', "pairs.jsonl:2: 'source' is 5; give text"),
        ('{"source": "", "claim": "b", "label": 1}', "pairs.jsonl:2: 'source' holds no words;"),
        ('{"source": "a", "claim": "b", "label": 1, "id": 7}', "pairs.jsonl:2: 'id' is 7; give"),
        ('{"source": "a", "claim": "b", "label": 1, "kind": []}', "'kind' is \\[\\]; give text"),
        (
            '{"paper_id": "none-such", "claim": "b", "label": 1}',
            "pairs.jsonl:2: 'paper_id' 'none-such' is no paper of the starter library; give the",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(PairsError, match=message) as raised:
        read_pairs(written(tmp_path, GOOD, line))
    assert isinstance(raised.value, AssistantError)
    assert raised.value.exit_code == 2
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(PairsError, match=r"pairs.jsonl: no pairs; give a line such as"):
        read_pairs(written(tmp_path, "", " "))
    with pytest.raises(PairsError, match=r"pairs.jsonl: every label is 1; give pairs of both"):
        read_pairs(written(tmp_path, GOOD, GOOD))
    with pytest.raises(PairsError, match="No such file or directory; name a JSON Lines file"):
        read_pairs(tmp_path / "none.jsonl")
    with pytest.raises(PairsError, match="Is a directory"):
        read_pairs(tmp_path)
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'{"source": "\xe4"}')
    with pytest.raises(PairsError, match=r"latin.jsonl: not UTF-8 text; save the file as UTF-8"):
        read_pairs(path)
