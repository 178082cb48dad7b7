"""The work of the check grows with the texts and not with their product: it is counted here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from assistant_evals.lab.growth_strings import list_texts
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import (
    claim_sources,
    exchanged_quantities,
    lexical_support,
    proper_names,
    quantity_index,
)
from assistant.grounding.checker import Checker
from assistant.grounding.claim_parts import MAX_CLAIM_CHARS
from assistant.grounding.frequencies import compute_general_idf
from assistant.grounding.polarity import directions, negations, statements
from assistant.grounding.quantities import Quantity, agrees, find_quantities
from assistant.grounding.quantity_index import QuantityIndex
from assistant.text.terms import STOP_WORDS

HOSTILE = (
    "1 1 1 ", "1,", "10^", "A", "aB", "A1", "not ", "but not more ", "one ", "higher lower ",
    "AI (AI) ", "中文。", "1 2 3 ...", "1.1 1.2 ...", "Aa1 Aa2 ...", "New Words", "mix 0", "mix 1",
)  # fmt: skip


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], Any]:
    """Gives what counts the calls of a module's function."""

    def counted(module: Any, name: str) -> Any:
        plain, calls = getattr(module, name), []

        def call(*given: Any, **named: Any) -> Any:
            calls.append(given)
            return plain(*given, **named)

        monkeypatch.setattr(module, name, call)
        return calls

    return counted


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_texts_that_no_one_writes_are_checked_at_the_limit(name: str) -> None:
    text = list_texts()[name](18_000)
    source = " ".join(reversed(text.split()))
    assert Checker().check_pair(f"So {source}", f"a {text}"[:MAX_CLAIM_CHARS]).verdict


def make(kind: Any, value: float, raw: float) -> Quantity:
    return Quantity(f"{raw}", 0, 1, kind, value, raw, 0, loose=raw % 2 == 0)


kinds = st.sampled_from(("plain", "percent", "times", "time", "bytes"))
numbers = st.one_of(
    st.sampled_from((0.0, 2.0, 50.0, 0.35, 35.0, 0.5, -1.0)),
    st.integers(-30, 4_000).map(lambda n: n / 10),
)
quantities = st.builds(make, kinds, numbers, numbers)


@given(quantities, st.lists(quantities, max_size=30))
def test_the_index_holds_what_one_by_one_agrees(claimed: Quantity, stated: list[Quantity]) -> None:
    index = QuantityIndex(stated)
    found = {quantity_index.identify(one) for one in stated if agrees(claimed, one)}
    assert index.holds(claimed) == bool(found)
    assert index.find_agreeing(claimed) == found


@pytest.mark.parametrize("lost", ["105", "1012"])
def test_a_lost_exponent_is_held(lost: str) -> None:
    (claimed,) = find_quantities(f"It takes {lost[:2]}^{lost[2:]} steps.")
    assert QuantityIndex(find_quantities(f"{lost} steps of 7")).holds(claimed)


def test_a_quantity_is_compared_with_its_neighbours_alone(count: Any) -> None:
    stated = find_quantities(" ".join(f"{n}.5" for n in range(1_000, 9_000)))
    index = QuantityIndex(stated)
    calls = count(quantity_index, "agrees")
    for n in range(500):
        index.holds(make("plain", n / 7, n / 7))
    assert len(calls) < 500 * 10


def test_few_places_of_quantities_are_compared(count: Any) -> None:
    numbers = " ".join(map(str, range(1, 300)))
    calls = count(exchanged_quantities, "measure_alignment")
    texts = [f"otters {numbers}", f"{numbers} crabs"]
    exchanged_quantities.find_exchanged(numbers, texts, compute_general_idf)
    most = exchanged_quantities.MAX_PLACED
    assert 0 < len(calls) <= 4 * most**2 * len(texts)


def test_sentences_that_hold_the_same_words_are_credited_once(count: Any) -> None:
    texts = [f"Otters eat crabs {n}." for n in range(2_000)]
    terms = lexical_support.weigh_claim_terms("Otters eat crabs by day.", compute_general_idf)
    credited = count(lexical_support, "credit_terms")
    calls = count(lexical_support, "measure_coverage")
    lexical_support.measure_stem_support(terms, texts)
    assert (len(credited), len(calls)) == (1, 3)
    credited = count(claim_sources, "credit_terms")
    calls = count(claim_sources, "measure_coverage")
    chosen = claim_sources._choose_best(terms, texts, range(2_000), most=3, least_gain=-1.0)
    assert chosen == (0, 1, 2)
    assert (len(credited), len(calls)) == (1, 3)


def test_a_word_that_points_somewhere_is_compared_once_with_each_surrounding(count: Any) -> None:
    text = "Accuracy is higher, latency is lower. " * 30
    calls = count(directions, "_relate")
    for claim in (text, "Accuracy is lower. " * 60):
        directions.find_turns(claim, [text], [text] * 3 + [f"So {text}"], compute_general_idf)
    assert 0 < len(calls) < 5_000


def test_what_is_near_a_word_is_read_once(count: Any) -> None:
    text = "It is not fast, and no crab is fast. " * 30
    calls = count(negations, "_is_denied")
    negations.find_one_sided_denials(
        "It is not fast at all. " * 50, [text], [text] * 2, compute_general_idf
    )
    assert 0 < len(calls) < 2_000


@pytest.mark.parametrize(
    ("text", "beginning", "held"),
    [
        ("unsupervised learning", "unsup", True),
        ("supervised learning", "unsup", False),
        ("zebras", "zz", False),
        ("", "un", False),
    ],
)
def test_how_terms_begin(text: str, beginning: str, held: bool) -> None:
    read = statements.Statements([negations.read_words(text)], lambda *_: False, lambda *_: False)
    assert read.have_beginning(beginning) is held


def spell_slowly(words: list[str], start: int, at: int, rest: str) -> bool:
    """The rule of spelling as it is told: one to three letters a word, small words none."""
    if not rest:
        return at - start >= 2
    if at >= len(words):
        return False
    word = words[at]
    return (at > start and word in STOP_WORDS and spell_slowly(words, start, at + 1, rest)) or any(
        len(word) >= n and word[:n] == rest[:n] and spell_slowly(words, start, at + 1, rest[n:])
        for n in (1, 2, 3)
        if n <= len(rest)
    )


@given(
    st.lists(st.sampled_from(("a", "ab", "b", "abb", "bab", "it", "i", "tab")), max_size=8),
    st.text("ABIT", min_size=2, max_size=6),
)
def test_spelling_is_by_its_rule(words: list[str], acronym: str) -> None:
    letters = acronym.casefold()
    told = any(spell_slowly(words, start, start, letters) for start in range(len(words)))
    assert proper_names.spells(" ".join(words), acronym) is told


@pytest.mark.timeout(30)
def test_small_words_without_end_spell_nothing() -> None:
    assert not proper_names.spells("a i it as in an " * 2_000, "AIAIAIAS" + "B")
    assert not proper_names.spells("a b " + "a a a " * 3_000, "AAAAAABB")
