"""Agreement with labels: by hand, against scikit-learn, and rows that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from assistant_evals.label_agreement import (
    balanced_accuracy,
    balanced_accuracy_interval,
    cohen_kappa,
    expected_calibration_error,
    precision_recall_f1,
    reliability,
    threshold_for_precision,
)
from assistant_evals.labelled_pairs import Pair, PairsError, judge_pairs, own_pairs, read_pairs
from assistant_evals.resampling import aurocs_of_resamples, percentile_interval, resample_counts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from assistant import AssistantError
from assistant.types import Verdict

GOOD = '{"source": "Ants dig.", "claim": "Ants dig.", "label": 1, "kind": "same"}'
BAD = '{"source": "Ants dig.", "claim": "Ants fly.", "label": 0}'

patient = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
"""Peers take their time."""

pairs_of_bits = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=30)
scored = st.lists(
    st.tuples(st.sampled_from([0.0, 0.05, 0.31, 0.5, 0.77, 1.0]), st.integers(0, 1)),
    min_size=2,
    max_size=30,
).filter(lambda rows: len({label for _, label in rows}) == 2)


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def by_hand(judged: list[tuple[float, Verdict] | None], labels: list[int]) -> dict[str, Any]:
    pairs = [Pair("s", str(place), label, kind="k") for place, label in enumerate(labels)]
    return judge_pairs("made", pairs, lambda source, claim: judged[int(claim)])


def test_kappa_by_hand() -> None:
    # Cohen's table of 50: 20 and 15 agreed, 5 and 10 not: (.7 - .5) / (1 - .5).
    a = [1] * 25 + [0] * 25
    b = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    assert cohen_kappa(["x", "y"], ["x", "y"]) == 1.0
    assert cohen_kappa([1, 0], [0, 1]) == -1.0
    assert cohen_kappa([], []) is None
    assert cohen_kappa([1, 1], [1, 1]) is None
    with pytest.raises(ValueError, match="shorter"):
        cohen_kappa([1, 0], [1])


@patient
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_kappa_agrees_with_an_independent_implementation(rows: list[tuple[int, int]]) -> None:
    a, b = [x for x, _ in rows], [y for _, y in rows]
    found = cohen_kappa(a, b)
    if found is None:
        assert len({*a, *b}) == 1
    else:
        assert found == pytest.approx(cohen_kappa_score(a, b))


def test_accuracy_precision_recall_by_hand() -> None:
    said, labels = [1, 1, 1, 0, 0], [1, 1, 0, 0, 1]
    assert balanced_accuracy(said, labels) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert precision_recall_f1(said, labels) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert balanced_accuracy([1, 0], [1, 1]) is None
    assert precision_recall_f1([0, 0], [1, 0]) == (None, 0.0, 0.0)
    assert precision_recall_f1([1, 0], [0, 0]) == (0.0, None, 0.0)
    assert precision_recall_f1([0], [0]) == (None, None, None)


@patient
@given(pairs_of_bits)
def test_accuracy_precision_recall_agree_with_an_independent_implementation(
    rows: list[tuple[int, int]],
) -> None:
    said, labels = [x for x, _ in rows], [y for _, y in rows]
    expected = precision_recall_fscore_support(
        labels, said, average="binary", zero_division=np.nan
    )[:3]
    found = precision_recall_f1(said, labels)
    for ours, theirs in zip(found, expected, strict=True):
        if ours is not None:
            assert ours == pytest.approx(theirs)
    if len(set(labels)) == 2:
        assert balanced_accuracy(said, labels) == pytest.approx(
            balanced_accuracy_score(labels, said)
        )


def test_reliability_and_calibration_error_by_hand() -> None:
    scores, labels = [0.0, 0.1, 0.15, 0.95, 1.0], [0, 0, 1, 1, 1]
    rows = reliability(scores, labels)
    assert [row["n"] for row in rows] == [1, 2, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (rows[1]["low"], rows[1]["high"]) == (0.1, 0.2)
    assert rows[1]["mean_score"] == pytest.approx(0.125)
    assert rows[1]["share_right"] == 0.5
    assert rows[2]["mean_score"] is None
    assert rows[2]["share_right"] is None
    # One bin off by 0, two pairs off by .375, two off by .025.
    assert expected_calibration_error(scores, labels) == pytest.approx((2 * 0.375 + 2 * 0.025) / 5)
    assert expected_calibration_error([], []) is None
    assert expected_calibration_error([1.0, 0.0], [1, 0]) == 0.0


@patient
@given(scored)
def test_reliability_agrees_with_an_independent_implementation(
    rows: list[tuple[float, int]],
) -> None:
    # Scores on no bin's edge but 0 and 1: there the two put them into different bins.
    rows = [(0.52 if score == 0.5 else score, label) for score, label in rows]
    scores, labels = [s for s, _ in rows], [y for _, y in rows]
    shares, means = calibration_curve(labels, scores, n_bins=10)
    held = [row for row in reliability(scores, labels) if row["n"]]
    assert [row["share_right"] for row in held] == pytest.approx(list(shares))
    assert [row["mean_score"] for row in held] == pytest.approx(list(means))


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_scores_are_in_0_to_1(score: float) -> None:
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        reliability([score], [1])


def test_threshold_for_a_precision_by_hand() -> None:
    scores, labels = [0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 0, 1, 0]
    assert threshold_for_precision(scores, labels, 1.0) == 0.8
    assert threshold_for_precision(scores, labels, 0.75) == 0.6
    assert threshold_for_precision(scores, labels, 0.6) == 0.5
    assert threshold_for_precision([0.9, 0.8], [0, 1], 0.9) is None
    assert threshold_for_precision([], [], 0.9) is None
    # Equal scores stand or fall together.
    assert threshold_for_precision([0.9, 0.9], [1, 0], 0.9) is None


@patient
@given(scored, st.sampled_from([0.5, 0.75, 0.9, 1.0]))
def test_threshold_for_a_precision_is_the_lowest(
    rows: list[tuple[float, int]], wanted: float
) -> None:
    scores, labels = [s for s, _ in rows], [y for _, y in rows]
    reached = [at for at in set(scores) if np.mean([y for s, y in rows if s >= at]) >= wanted]
    assert threshold_for_precision(scores, labels, wanted) == min(reached, default=None)


@patient
@given(scored, st.integers(0, 5))
def test_areas_of_resamples_agree_with_an_independent_implementation(
    rows: list[tuple[float, int]], seed: int
) -> None:
    scores, labels = np.array([s for s, _ in rows]), np.array([y for _, y in rows])
    counts = resample_counts(len(rows), n_samples=5, seed=seed)
    assert counts.shape == (5, len(rows))
    assert set(counts.sum(axis=1)) == {len(rows)}
    found = aurocs_of_resamples(
        list(scores[labels == 1]),
        list(scores[labels == 0]),
        counts[:, labels == 1],
        counts[:, labels == 0],
    )
    for area, count in zip(found, counts, strict=True):
        drawn = np.repeat(labels, count)
        if len(set(drawn)) < 2:
            assert np.isnan(area)
        else:
            assert area == pytest.approx(roc_auc_score(drawn, np.repeat(scores, count)))


def test_intervals_leave_out_what_cannot_be_measured() -> None:
    assert percentile_interval(np.array([np.nan, 0.5, np.nan])) == (0.5, 0.5)
    assert percentile_interval(np.array([np.nan])) is None
    assert balanced_accuracy_interval([1, 0], [1, 1]) is None
    low, high = percentile_interval(np.linspace(0, 1, 1001)) or (0.0, 0.0)
    assert (low, high) == pytest.approx((0.025, 0.975))


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
    from assistant_evals.grounding import OWN_CLAIMS

    both = own_pairs(half=None)
    assert read_pairs(OWN_CLAIMS) == both
    assert len(both) == 663
    halves = [own_pairs(half="shaping"), own_pairs()]
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
