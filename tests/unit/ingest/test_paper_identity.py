"""Readable ids that stay the same, and the keys and names by which copies are recognised."""

from __future__ import annotations

import pytest

from assistant.ingest import dedupe_keys, merge
from assistant.ingest.identity import (
    MAX_ID_CHARS,
    Identifiers,
    find_arxiv_id,
    normal_arxiv_id,
    normal_doi,
    normal_url,
    paper_id,
    sanitise_key,
    slug,
    title_key,
    year_in,
)
from assistant.text.name_lists import persons
from assistant.text.person_names import (
    family_and_given,
    join_keywords,
    keyword_list,
    person,
)
from assistant.types import Paper


def test_the_files_own_key_comes_first_then_arxiv_id_doi_and_title() -> None:
    assert paper_id("doe 2020", "T", "10.1000/x", "2301.00001") == "doe-2020"
    assert paper_id(None, "T", "10.1000/x", "2301.00001") == "arxiv:2301.00001"
    assert paper_id(" ?", "T", "10.1000/x", None) == "doi:10.1000/x"
    assert paper_id(None, "A Title of more than six words, really", None, None) == (
        "a-title-of-more-than-six"
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("LLäMmlein: Compact", "llammlein-compact"),
        ("大规模语言模型", "大规模语言模型"),
        ("한국어 모델", "한국어-모델"),
        ("Don't 3.5-Turbo", "don-t-3-5-turbo"),
    ],
)
def test_slugs(title: str, expected: str) -> None:
    assert slug(title) == expected
    assert sanitise_key(expected) == expected


def test_a_title_without_words_gets_a_digest_and_a_long_key_is_cut() -> None:
    assert slug("???").startswith("paper-")
    assert slug("???") != slug("!!!")
    long = [sanitise_key("x" * 500 + end) or "" for end in "ab"]
    assert len(set(long)) == 2
    assert all(len(key) == MAX_ID_CHARS for key in long)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://doi.org/10.1000/ABC.1", "10.1000/abc.1"),
        ("doi: 10.1000/x(1)<2>3.", "10.1000/x(1)<2>3"),
        ("http://dx.doi.org/10.1000%2Fx", "10.1000/x"),
        ("11.1000/x", None),
        (None, None),
    ],
)
def test_dois(text: str | None, expected: str | None) -> None:
    assert normal_doi(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arXiv:1706.03762v5", "1706.03762"),
        ("https://arxiv.org/pdf/1706.03762v5.pdf", "1706.03762"),
        ("http://arxiv.org/abs/hep-th/9901001v1", "hep-th/9901001"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("1706.037", None),
        ("12345", None),
    ],
)
def test_arxiv_ids(text: str, expected: str | None) -> None:
    assert normal_arxiv_id(text) == expected


def test_arxiv_ids_are_found_in_dois_links_and_journals() -> None:
    assert find_arxiv_id(None, "10.48550/arxiv.2301.00001") == "2301.00001"
    assert find_arxiv_id("arXiv preprint arXiv:1706.03762") == "1706.03762"
    assert find_arxiv_id("https://arxiv.org/abs/1706.03762v2") == "1706.03762"
    assert find_arxiv_id("10.1000/1706.03762", "Nature 1706.03762") is None


def test_links_are_addresses_and_nothing_else() -> None:
    assert normal_url("https://example.org/~a?x=1&y={2}") == "https://example.org/~a?x=1&y=%7B2%7D"
    assert normal_url("https://example.org/a b") is None
    assert normal_url("www.example.org") == "https://www.example.org"
    assert normal_url("javascript:alert(1)") is None
    assert normal_url("") is None


def test_years() -> None:
    assert year_in("2019 May-Jun") == 2019
    assert year_in("12/05/1999") == 1999
    assert year_in("20195") is None


def test_title_keys_ignore_case_punctuation_latex_and_unicode_forms() -> None:
    titles = [
        "Pre-training {BERT}: $\\alpha$-Divergence for Naïve Users!",
        "Pretraining BERT - \u03b1 divergence for nai\u0308ve users",
        'PRE\u2010TRAINING BERT: \\alpha Divergence for Na\\"{\\i}ve Users',
    ]
    assert len({title_key(title) for title in titles}) == 1
    assert title_key("x² + y") == title_key("x2 y")


def test_keys_come_surest_first_and_generic_titles_are_none() -> None:
    paper = Paper("k", "A Title", "A", doi="10.1000/x", arxiv_id="2301.00001")
    assert dedupe_keys(paper) == ("doi:10.1000/x", "arxiv:2301.00001", "title:atitle")
    assert dedupe_keys(Paper("k", "Editorial", "A")) == ()
    assert dedupe_keys(Paper("k", "Letter to the Editor.", "A")) == ()


def test_merging_fills_what_is_missing_and_changes_no_text() -> None:
    first = Paper("a", "T", "A", ("X",), source="one.bib")
    second = Paper("b", "U", "B", ("Y",), 2020, "V", ("k",), "10.1/x", source="two.bib")
    assert merge(first, second) == Paper(
        "a", "T", "A", ("X",), 2020, "V", ("k",), "10.1/x", source="one.bib"
    )
    assert merge(second, first) is second


def test_merging_keeps_in_mind_that_a_text_is_an_account() -> None:
    plain = Paper("a", "T", "A", source="one.bib")
    told = Paper("a", "T", "A", source="two.csl", text_kind="account")
    assert merge(plain, told).text_kind == merge(told, plain).text_kind == "account"
    other = Paper("a", "T", "In the authors' words.", source="one.bib")
    assert merge(other, told) is other


def test_one_id_stands_for_one_title() -> None:
    identifiers = Identifiers()
    claimed = [identifiers.claim("k", title) for title in ("One", "Two", "ONE!", "Two", "Three")]
    assert claimed == ["k", "k-2", "k", "k-2", "k-3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Doe, Jane", "Jane Doe"),
        ("van Gogh, Vincent", "Vincent van Gogh"),
        ("King, Jr., Martin Luther", "Martin Luther King Jr."),
        ("King, Martin Luther, Jr.", "Martin Luther King Jr."),
        ("  Jane\n Doe ", "Jane Doe"),
        ("123", ""),
    ],
)
def test_names(text: str, expected: str) -> None:
    assert person(text) == expected
    assert person(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Doe, Jane; Roe, Richard", ("Jane Doe", "Richard Roe")),
        ("Doe, Jane and Roe, Richard", ("Jane Doe", "Richard Roe")),
        ("Jane Doe, Richard Roe and Ann Poe", ("Jane Doe", "Richard Roe", "Ann Poe")),
        ("Doe, J., Roe, R. A.", ("J. Doe", "R. A. Roe")),
        ("Doe, Jane", ("Jane Doe",)),
        ("Jane Doe, Richard Roe", ("Jane Doe", "Richard Roe")),
    ],
)
def test_lists_of_names(text: str, expected: tuple[str, ...]) -> None:
    assert persons(text) == expected


def test_family_names_keep_their_particles_and_suffixes() -> None:
    assert family_and_given("Ludwig van Beethoven") == ("van Beethoven", "Ludwig")
    assert family_and_given("Martin Luther King Jr.") == ("King Jr.", "Martin Luther")
    assert family_and_given("Plato") == ("Plato", "")


def test_keywords_with_commas_survive() -> None:
    assert keyword_list("a, b ,a") == ("a", "b")
    assert keyword_list(join_keywords(("Receptors, Cell",))) == ("Receptors, Cell",)
