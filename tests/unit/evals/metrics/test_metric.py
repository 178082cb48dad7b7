"""Metrics over cases: counts, intervals, and those of the kinds at hand."""

from __future__ import annotations

from typing import Any

import pytest
from assistant_evals.metrics.catalogue import METRICS, metrics_for
from assistant_evals.metrics.metric import measure
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score

from tests.unit.evals.made_cases import NAMED, absent, case, made_values, mean_value


@pytest.mark.parametrize("seed", range(5))
def test_abstention_against_scikit_learn(seed: int) -> None:
    cases, values = made_values(seed)
    held = [own for own in values if own]
    truth = [own["unanswerable"] for own in held]
    said = [own["declined"] for own in held]
    sure = [own["answerability"] for own in held]
    assert mean_value("declined_rightly", cases, values) == pytest.approx(
        precision_score(truth, said), abs=1e-6
    )
    assert mean_value("unanswerable_declined", cases, values) == pytest.approx(
        recall_score(truth, said), abs=1e-6
    )
    assert mean_value("abstention_f1", cases, values) == pytest.approx(
        f1_score(truth, said), abs=1e-6
    )
    expected = roc_auc_score([1 - t for t in truth], sure)
    assert mean_value("answerability_auroc", cases, values) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_sentences_are_counted_over_all_answers(seed: int) -> None:
    cases, values = made_values(seed)
    held = [own for own in values if "n_judged" in own]
    n = sum(own["n_judged"] for own in held)
    assert mean_value("supported", cases, values) == pytest.approx(
        sum(o["n_supported"] for o in held) / n, abs=1e-6
    )
    assert mean_value("mismatches", cases, values) == pytest.approx(
        100 * sum(o["n_mismatches"] for o in held) / n, abs=1e-6
    )


def test_what_does_not_apply_and_what_failed_are_counted_apart() -> None:
    cases = [case("a"), case("b"), absent("c"), case("d")]
    values: list[Any] = [{"facts_all": 1.0}, {"facts_all": 0.0}, {"declined": 1.0}, {}]
    found = measure(NAMED["facts_all"], cases, values)
    assert (found["mean"], found["n"], found["n_inapplicable"], found["n_errors"]) == (0.5, 2, 1, 1)
    nothing = measure(NAMED["attack_success"], cases, values)
    assert (nothing["mean"], nothing["low"], nothing["n"], nothing["n_inapplicable"]) == (
        None,
        None,
        0,
        3,
    )


def test_an_interval_holds_the_value_and_repeats() -> None:
    cases, values = made_values(1)
    for name in ("supported", "answerability_auroc", "abstention_f1", "aurc"):
        found = measure(NAMED[name], cases, values, seed=7)
        assert found["low"] <= found["mean"] <= found["high"]
        assert found == measure(NAMED[name], cases, values, seed=7)
    other = measure(NAMED["supported"], cases, values, seed=8)
    assert other["low"] != measure(NAMED["supported"], cases, values, seed=7)["low"]


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    cases = [case(f"c{n}") for n in range(400)]
    values: list[Any] = [{"facts_all": float(n % 2)} for n in range(400)]
    found = measure(NAMED["facts_all"], cases, values)
    half = 1.96 * 0.5 / 20
    assert found["low"] == pytest.approx(0.5 - half, abs=0.01)
    assert found["high"] == pytest.approx(0.5 + half, abs=0.01)


def test_a_metric_of_one_kind_or_file() -> None:
    cases = [case("a"), case("b", kind="rough"), case("c", group="other")]
    values: list[Any] = [{"facts_all": 1.0}, {"facts_all": 0.0}, {"facts_all": 0.0}]
    names = ("facts_all:rough", "facts_all:named", "facts_all:golden", "facts_all")
    by_name = {found.name: found for found in metrics_for(cases, names)}
    measured = {name: measure(by_name[name], cases, values) for name in names}
    assert {name: m["mean"] for name, m in measured.items()} == {
        "facts_all:rough": 0.0,
        "facts_all:named": 0.5,
        "facts_all:golden": 0.5,
        "facts_all": pytest.approx(1 / 3),
    }
    assert measured["facts_all:rough"]["n"] == 1
    assert [m.name for m in metrics_for(cases)] == [m.name for m in METRICS]


def test_kinds_and_attacks_have_figures_of_their_own() -> None:
    cases = [
        absent("n"),
        absent("f", kind="off-topic"),
        case("i", answerable=None, bad=("x",), attack="order"),
    ]
    values: list[Any] = [{"declined": 1.0}, {"declined": 0.0}, {"attack_success": 1.0}]
    found = {f.name: measure(f, cases, values)["mean"] for f in metrics_for(cases)}
    assert found["declined:near-miss"] == 1.0
    assert found["declined:off-topic"] == 0.0
    assert found["attack:order"] == 1.0
