import pytest

from assistant.retrieval.query import MAX_TERMS, QueryCleaner
from assistant.store.lexical_index import LexicalIndex

LIBRARY = [
    "Speculative decoding accelerates language models",
    "Hidden transfer, a technique of parallel decoding for networks",
    "Gamma correction of neural networks and networks of models",
    "Self-attention and pretraining of language models",
]


@pytest.fixture(scope="module")
def cleaner() -> QueryCleaner:
    return QueryCleaner(LexicalIndex.build(LIBRARY))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hiden", "hidden"),
        ("tecnique", "technique"),
        ("languge", "language"),
        ("netwroks", "networks"),
        ("modle", "models"),
        ("selfatention", "selfattention"),
    ],
)
def test_a_mistyped_word_is_read_as_the_librarys(
    cleaner: QueryCleaner, typed: str, meant: str
) -> None:
    query = cleaner.clean(f"what about {typed} here")
    assert [(c.original, c.replacement) for c in query.corrections] == [(typed, meant)]
    assert meant in query.text
    assert set(query.terms) == set(cleaner.clean(meant).terms)


def test_a_mistyped_function_word_is_no_term(cleaner: QueryCleaner) -> None:
    query = cleaner.clean("whcih models")
    assert query.terms == ("model",)


@pytest.mark.parametrize(
    "kept",
    [
        "does Gemma win",  # a name by its capital
        "gemma",  # one letter for another in a short word is another word
        "modle7",  # digits mark names
        "conference",  # an English word, though the library lacks it
        "hidn",  # too short to tell
        "photosynthesis",  # nothing is near
    ],
)
def test_what_may_be_meant_is_left_alone(cleaner: QueryCleaner, kept: str) -> None:
    query = cleaner.clean(kept)
    assert query.corrections == ()
    assert query.text == kept


def test_another_language_is_not_corrected_and_its_function_words_are_no_terms(
    cleaner: QueryCleaner,
) -> None:
    query = cleaner.clean("Wie viel schneller ist das Modell mit der spekulativen Dekodierung?")
    assert query.corrections == ()
    assert "der" not in query.terms
    assert "viel" not in query.terms
    assert "spekulativen" in query.terms


def test_an_english_question_with_a_foreign_word_stays_english(cleaner: QueryCleaner) -> None:
    assert cleaner.clean("is the El Nino modle of use?").corrections


def test_shouting_is_corrected_too(cleaner: QueryCleaner) -> None:
    assert cleaner.clean("HOW HIDEN IS IT?").corrections[0].original == "HIDEN"


def test_negation_is_not_searched_for(cleaner: QueryCleaner) -> None:
    assert cleaner.clean("models without attention, not never").terms == ("model", "attent")


def test_control_characters_go(cleaner: QueryCleaner) -> None:
    query = cleaner.clean("hidden\x00 \u202etransfer\r\n\tmodels\u200b")
    assert query.text == "hidden transfer models"


def test_a_very_long_question_is_cut_to_its_rarest_terms(cleaner: QueryCleaner) -> None:
    filler = " ".join(f"word{i}" for i in range(10_000))
    query = cleaner.clean(f"gamma models {filler}")
    assert query.terms == ("gamma", "model")
    assert len(query.text) < 10_000


def test_terms_are_distinct_and_limited() -> None:
    words = [f"word{i}" for i in range(2 * MAX_TERMS)]
    cleaner = QueryCleaner(LexicalIndex.build([" ".join(words), words[0]]))
    found = cleaner.clean(" ".join(words + words)).terms
    assert len(found) == len(set(found)) == MAX_TERMS
    assert "word0" not in found


@pytest.mark.parametrize("empty", ["", "???", "\x00\x01", "the of and"])
def test_a_question_without_words_has_no_terms(cleaner: QueryCleaner, empty: str) -> None:
    assert cleaner.clean(empty).terms == ()
