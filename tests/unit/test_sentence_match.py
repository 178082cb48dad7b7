"""The network that says how well sentences answer: shares, odds, places, and how it is fitted."""

from __future__ import annotations

import numpy as np
import pytest
from assistant_evals.lab import fit_match
from numpy.typing import NDArray

from assistant.evidence.sentence_match import (
    N_PLACES,
    SentenceMatch,
    load_sentence_match,
    mark_places,
)

DIM = 384


def draw_vectors(n: int, seed: int = 0, dim: int = DIM) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).standard_normal((n, dim)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("n", [1, 2, 40])
def test_shares_are_of_one_and_odds_are_finite(n: int) -> None:
    ((shares, odds),) = load_sentence_match().score(draw_vectors(1)[0], [draw_vectors(n, 1)])
    assert shares.shape == (n,)
    assert np.exp(shares).sum() == pytest.approx(1)
    assert np.isfinite(odds)


def test_papers_are_scored_by_themselves() -> None:
    question, papers = draw_vectors(1)[0], [draw_vectors(3, 1), draw_vectors(7, 2)]
    together = load_sentence_match().score(question, papers)
    for paper, (shares, odds) in zip(papers, together, strict=True):
        ((own, own_odds),) = load_sentence_match().score(question, [paper])
        assert shares == pytest.approx(own, abs=1e-4)
        assert odds == pytest.approx(own_odds, abs=1e-4)
    assert load_sentence_match().score(question, []) == []


def test_a_sentence_that_says_what_is_asked_takes_the_share_and_raises_the_odds() -> None:
    question, others = draw_vectors(1)[0], draw_vectors(4, 1)
    papers = [others, np.stack([*others, question])]
    (_, without), (shares, odds) = load_sentence_match().score(question, papers)
    assert shares.argmax() == 4
    assert odds > without


def test_places_count_from_both_ends() -> None:
    assert [row.nonzero()[0].tolist() for row in mark_places(3)] == [
        [0, N_PLACES + 2],
        [1, N_PLACES + 1],
        [2, N_PLACES],
    ]
    beyond = mark_places(N_PLACES + 5)[:, [N_PLACES - 1, 2 * N_PLACES - 1]]
    assert beyond.sum(axis=0).tolist() == [6, 6]


def test_arrays_hold_the_network() -> None:
    match = load_sentence_match()
    again = SentenceMatch.from_arrays(match.to_arrays(np.float32))
    question, sentences = draw_vectors(1)[0], draw_vectors(5, 1)
    ((shares, odds),) = match.score(question, [sentences])
    ((same, alike),) = again.score(question, [sentences])
    assert np.array_equal(shares, same)
    assert odds == alike
    with pytest.raises(KeyError):
        SentenceMatch.from_arrays({})


def make_examples(n: int) -> list[fit_match.MatchExample]:
    """Questions that a sentence with a mark answers, which half of the papers have.

    The cosine knows nothing of the mark.
    """
    made = []
    for seed in range(n):
        question, *sentences = draw_vectors(6, seed, dim=16)
        right = np.zeros(5, dtype=bool)
        if seed % 2:
            right[seed % 5] = True
            marked = sentences[seed % 5] + 2 * np.eye(16, dtype=np.float32)[0]
            sentences[seed % 5] = marked / np.linalg.norm(marked)
        made.append(fit_match.MatchExample(question, np.stack(sentences), right))
    return made


def test_the_loss_that_is_fitted_is_of_the_scores_that_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fit_match, "DROPOUT", 0.0)
    examples, random = make_examples(12), np.random.default_rng(1)
    weights = fit_match.draw_weights(random, dim=16, h=8, r=4)
    weights |= {name: draw_vectors(1, 7, dim=8)[0] for name in ("answers", "none")}
    match = SentenceMatch.from_arrays(weights)
    logs = []
    for example in examples:
        ((shares, odds),) = match.score(example.question, [example.sentences])
        none = -np.logaddexp(0, odds)
        right = shares[example.right] + odds + none
        logs.append(float(np.logaddexp.reduce(right)) if example.right.any() else none)
    loss = fit_match.compute_loss(weights, fit_match.stack(examples, 8, random))
    assert float(loss) == pytest.approx(-np.mean(logs), rel=1e-4)


def test_a_mark_of_what_answers_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_match, "EPOCHS", 20)
    monkeypatch.setattr(fit_match, "STEP", 0.01)
    match = fit_match.fit_match(make_examples(600), hidden=32, products=32)
    led, odds = [], []
    for example in make_examples(700)[600:]:
        ((shares, own_odds),) = match.score(example.question, [example.sentences])
        led.append(shares.argmax() == example.right.argmax())
        odds.append(own_odds)
    assert np.mean(led[1::2]) > 0.8
    assert np.median(odds[1::2]) > max(0, np.quantile(odds[::2], 0.8))
