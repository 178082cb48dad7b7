import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.terms import STOP_WORDS, extract_spelled_terms, extract_terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pre-training", "pretraining"),
        ("GPT-4", "GPT4"),
        ("T5-XXL", "t5xxl"),
        ("LayerSkip", "layer skip"),
        ("self-attention", "self attention"),
        ("TNF-α", "tnf alpha"),
        ("LLäMmlein", "llammlein"),
        ("tokenisers", "tokenizer"),
        ("behaviour", "behavior"),
        ("modelling", "modeling"),
        ("analyse", "analyze"),
        ("115M", "115"),
        ("2.37x", "2.37"),
        ("1,000,000", "1000000"),
        ("80times", "80 times"),
        ("model\u2019s", "models"),
        ("l'encodeur", "encodeur"),
        ("\ufb01ne", "fine"),
    ],
)
def test_spellings_of_one_thing_share_a_term(one: str, other: str) -> None:
    assert set(extract_terms(one)) & set(extract_terms(other))


def test_a_compound_gives_its_parts_and_itself() -> None:
    assert extract_terms("T5-XXL") == ["t5", "xxl", "t5xxl"]


def test_long_hyphenations_and_ranges_are_not_joined() -> None:
    assert extract_terms("a-b-c-d-e-f") == ["b", "c", "d", "e", "f"]
    assert extract_terms("5-10") == ["5", "10"]


def test_order_and_repeats_are_kept() -> None:
    assert extract_terms("cats chase cats") == ["cat", "chase", "cat"]


def test_how_a_question_is_put_gives_no_terms() -> None:
    assert extract_terms("Which of these does it not have, and why?") == []
    assert extract_terms("don't") == []


def test_unspaced_scripts_are_cut_in_pairs() -> None:
    assert extract_terms("用RandAR并行解") == ["用", "randar", "并行", "行解"]


def test_numbers_keep_their_decimals() -> None:
    assert extract_terms("2.4 to 6.5, 30\\%") == ["2.4", "6.5", "30"]


def test_a_term_comes_with_the_word_it_was() -> None:
    assert extract_spelled_terms("Running") == [("running", "run")]


@given(st.text(max_size=200))
def test_any_text_gives_folded_terms_without_stop_words(text: str) -> None:
    for word, term in extract_spelled_terms(text):
        assert term
        assert term == term.casefold()
        assert word not in STOP_WORDS


@given(st.text(alphabet="abcdefghij -", max_size=60))
def test_case_does_not_matter_without_inner_capitals(text: str) -> None:
    assert extract_terms(text) == extract_terms(text.upper())
