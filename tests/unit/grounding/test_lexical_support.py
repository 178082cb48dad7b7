"""Layer 3: words held, by stems and by vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.grounding.lexical_support import (
    collect_terms,
    credit_terms,
    discount_titles,
    measure_coverage,
    measure_soft_support,
    measure_stem_support,
    weigh_claim_terms,
)


def one(_: str) -> float:
    return 1.0


def support(claim: str, *texts: str, title: str = "") -> float:
    idf = discount_titles(one, [title], texts)
    return measure_stem_support(weigh_claim_terms(claim, idf), texts)


def test_all_words_held() -> None:
    assert support("Pruned layers decode faster.", "Decoding is faster with a pruned layer.") == 1.0


def test_no_words_held() -> None:
    assert support("Pruned layers decode faster.", "Whales sing.") == 0.0


def test_half_the_weight_held() -> None:
    terms = weigh_claim_terms("whales dive", {"whale": 3.0, "dive": 1.0}.__getitem__)
    assert measure_coverage(
        terms, credit_terms(terms, collect_terms("Whales sing."))
    ) == pytest.approx(0.75)


def test_more_words_never_lower_support() -> None:
    claim = "Whales dive deep at night"
    texts = ["Whales.", "Whales dive.", "Whales dive deep.", "Whales dive deep at night."]
    values = [support(claim, text) for text in texts]
    assert values == sorted(values)
    assert values[-1] == 1.0


def test_a_claim_put_together_from_far_apart_has_less() -> None:
    filler = ["Birds fly.", "Fish swim.", "Dogs bark.", "Cats purr."]
    together = support("whales sing, ants dig", "Whales sing, ants dig.", *filler)
    apart = support("whales sing, ants dig", "Whales sing.", *filler, "Ants dig.")
    assert apart < together


def test_a_subject_of_which_the_title_tells_weighs_less() -> None:
    assert support("SWAN sings.", "It sings.", title="SWAN: a bird") > support(
        "SWAN sings.", "It sings."
    )


def test_a_title_bears_nothing_out() -> None:
    assert support("It sings.", "It dives.", title="How SWAN sings") == 0.0


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("75 percent", "75%"),
        ("three whales", "3 whales"),
        ("self attention", "self-attention"),
        ("self-attention", "self attention"),
        ("colour", "color"),
    ],
)
def test_other_spellings_are_held(claim: str, text: str) -> None:
    assert support(claim, text) == 1.0


def test_without_content_everything_is_held() -> None:
    assert support("it is", "Whales sing.") == 1.0


@dataclass(frozen=True)
class Spelled:
    """ClauseWord vectors that are equal for equal first letters."""

    spans: NDArray[np.int32]
    vectors: NDArray[np.int8]


class FirstLetters:
    """Gives each word a vector by its first letter."""

    def embed_query_words(self, text: str) -> Spelled:
        spans, at = [], 0
        for word in text.split():
            spans.append((text.index(word, at), text.index(word, at) + len(word)))
            at = spans[-1][1]
        letters = [ord(text[start].lower()) - ord("a") for start, _ in spans]
        return Spelled(
            np.array(spans, dtype=np.int32).reshape(-1, 2),
            (np.eye(26)[letters] * 127).astype(np.int8).reshape(-1, 26),
        )

    def embed_words(self, texts: Sequence[str]) -> list[Spelled]:
        return [self.embed_query_words(text) for text in texts]


@pytest.mark.parametrize(
    ("claim", "texts", "expected"),
    [
        ("whales dive", ["wolves dream"], 1.0),
        ("whales dive", ["wolves sing"], 0.5),
        ("whales dive", ["wolves", "dream"], 1.0),
        ("whales dive", ["sing"], 0.0),
        ("whales dive", [""], 0.0),
    ],
)
def test_nearest_words(claim: str, texts: list[str], expected: float) -> None:
    assert measure_soft_support(claim, texts, FirstLetters(), one) == pytest.approx(expected)
