"""What questions ask of a library's records, and which of their words are filters."""

from __future__ import annotations

import pytest

from assistant.answer.records.asked import Wanted
from assistant.answer.records.following import change_filters
from assistant.answer.records.reading import MAX_CHARACTERS, ReadQuestion, read_records_question
from assistant.store.recorded_fields import RecordedFields
from assistant.text.terms import extract_terms
from assistant.types import NO_FILTERS, Filters
from tests.recorded_papers import PAPERS

FIELDS = RecordedFields(
    [paper.authors for paper in PAPERS],
    [paper.year for paper in PAPERS],
    [paper.venue for paper in PAPERS],
)
THIS_YEAR = 2026
NO_FIELDS = RecordedFields([()], [None], [None])
_TERMS = {term for paper in PAPERS for term in extract_terms(f"{paper.title} {paper.abstract}")}


def read(question: str, fields: RecordedFields = FIELDS) -> ReadQuestion:
    return read_records_question(
        question, fields, lambda w: set(extract_terms(w)) <= _TERMS, THIS_YEAR
    )


@pytest.mark.parametrize(
    ("question", "filters", "rest"),
    [
        ("papers from 2023 on quantization", Filters(2023, 2023), "papers on quantization"),
        ("quantization papers since 2021", Filters(2021), "quantization papers"),
        ("2015-2018 papers on sleep", Filters(2015, 2018), "papers on sleep"),
        ("papers from 2017-19 on rust", Filters(2017, 2019), "papers on rust"),
        ("what was published on sleep after 2015?", Filters(2016), "what was published on sleep?"),
        ("anything published on rust in 2021?", Filters(2021, 2021), "anything published on rust?"),
        ("studies on drag before 1990", Filters(None, 1989), "studies on drag"),
        ("work on quantization from 2021 or later", Filters(2021), "work on quantization"),
        ("papers on drag from 1990 or earlier", Filters(None, 1990), "papers on drag"),
        ("papers on vortices from the 1990s", Filters(1990, 1999), "papers on vortices"),
        ("papers on naps between 2015 and 2018", Filters(2015, 2018), "papers on naps"),
        ("papers on naps from the last five years", Filters(2021), "papers on naps"),
        (
            "what has been written on naps in the past decade?",
            Filters(2016),
            "what has been written on naps?",
        ),
        ("studies on drag in the last 20 years", Filters(2006), "studies on drag"),
        (
            "what was published on rust last year?",
            Filters(2025, 2025),
            "what was published on rust?",
        ),
        ("anything new this year on rust", Filters(2026, 2026), "anything new on rust"),
        ("recent papers on naps", Filters(2021), "papers on naps"),
        (
            "what do recent sleep studies say about naps?",
            Filters(2021),
            "what do sleep studies say about naps?",
        ),
        ("what was published recently on naps", Filters(2021), "what was published on naps"),
        ("post-2020 papers on naps", Filters(2021), "papers on naps"),
        ("pre-2015 studies of naps", Filters(None, 2014), "studies of naps"),
        (
            "what did Mueller find about sleep since 2015",
            Filters(2015, authors=("Mueller",)),
            "what did they find about sleep",
        ),
        (
            "what do Smith et al. (2019) say about falls",
            Filters(2019, 2019, authors=("Smith",)),
            "what do they say about falls",
        ),
        ("Smith's 2019 paper on statins", Filters(2019, 2019, ("Smith",)), "the paper on statins"),
        (
            "things by O\u2019Brien on drafts",
            Filters(authors=("O\u2019Brien",)),
            "things on drafts",
        ),
        ("papers by R. Ames on sensors", Filters(authors=("R. Ames",)), "papers on sensors"),
        ("papers on vortices by Dupont", Filters(authors=("Dupont",)), "papers on vortices"),
        ("ames papers on quantization", Filters(authors=("ames",)), "papers on quantization"),
        (
            "has van der Berg written about training?",
            Filters(authors=("van der Berg",)),
            "have they written about training?",
        ),
        (
            "what did Ames and Müller find about memory",
            Filters(authors=("Ames", "Müller")),
            "what did they find about memory",
        ),
        ("Nature papers on CRISPR", Filters(venues=("Nature",)), "papers on CRISPR"),
        ("papers in Heart on statins", Filters(venues=("Heart",)), "papers on statins"),
        (
            "what was published in NeurEff on layers",
            Filters(venues=("Proceedings of the Conference on Neural Efficiency (NeurEff)",)),
            "what was on layers",
        ),
    ],
)
def test_filters_are_taken_from_the_words_and_the_rest_is_asked(
    question: str, filters: Filters, rest: str
) -> None:
    found = read(question)
    assert (found.filters, found.rest, found.asked) == (filters, rest, None)


@pytest.mark.parametrize(
    ("question", "wanted", "filters"),
    [
        ("how many papers are there", "count", NO_FILTERS),
        ("how many papers are from 2019", "count", Filters(2019, 2019)),
        ("how many papers are in Nature?", "count", Filters(venues=("Nature",))),
        ("how many articles did Tan publish?", "count", Filters(authors=("Tan",))),
        ("papers by Ames", "list", Filters(authors=("Ames",))),
        ("papers by Ames, Rhea", "list", Filters(authors=("Ames, Rhea",))),
        ("what has Rhea Ames written?", "list", Filters(authors=("Rhea Ames",))),
        ("papers Ames wrote in 2019", "list", Filters(2019, 2019, ("Ames",))),
        ("which papers did Petrova write in 2017", "list", Filters(2017, 2017, ("Petrova",))),
        (
            "did J. Dupont publish anything before 1990?",
            "list",
            Filters(None, 1989, ("J. Dupont",)),
        ),
        ("what did Smith find?", "list", Filters(authors=("Smith",))),
        ("which papers were published in 2019?", "list", Filters(2019, 2019)),
        ("studies from the 1990s", "list", Filters(1990, 1999)),
        ("papers published in heart", "list", Filters(venues=("Heart",))),
        ("recent papers", "list", Filters(2021)),
        ("what came out in the last two years?", "list", Filters(2024)),
        ("Dupont 1994", "list", Filters(1994, 1994, ("Dupont",))),
        ("show me all papers", "list", NO_FILTERS),
        ("newest papers", "newest", NO_FILTERS),
        ("which paper is the oldest?", "oldest", NO_FILTERS),
        ("what is the latest paper by Tan?", "newest", Filters(authors=("Tan",))),
    ],
)
def test_without_a_topic_the_records_are_asked(
    question: str, wanted: Wanted, filters: Filters
) -> None:
    found = read(question)
    assert found.asked is not None
    assert (found.asked.wanted, found.asked.of, found.filters) == (wanted, "", filters)


@pytest.mark.parametrize(
    ("question", "wanted", "of"),
    [
        ("who wrote prunellm?", "author", "prunellm"),
        ('Who wrote "Decoding Two Tokens at Once"?', "author", "Decoding Two Tokens at Once"),
        ("who is the first author of Base Editing in Wheat?", "author", "Base Editing in Wheat"),
        ("who wrote the paper on off-target cuts", "author", "off-target cuts"),
        ("when was Vaccines and School Days published?", "year", "Vaccines and School Days"),
        ("when did Tan publish on off-target cuts?", "year", "off-target cuts"),
        ("what year was the paper about wheat published", "year", "wheat"),
        ("where was the CRISPR mice paper published", "venue", "CRISPR mice"),
        ("which journal was Hall Sensors published in?", "venue", "Hall Sensors"),
        ("the oldest paper on vortices", "oldest", "papers on vortices"),
        ("what's the newest CRISPR paper", "newest", "papers on CRISPR"),
    ],
)
def test_a_field_of_one_paper_is_asked_for(question: str, wanted: Wanted, of: str) -> None:
    found = read(question)
    assert found.asked is not None
    assert (found.asked.wanted, found.asked.of) == (wanted, of)


@pytest.mark.parametrize(
    ("before", "turn", "question"),
    [
        ("papers by Ames", "and in 2020?", "papers by Ames from 2020"),
        ("papers by Müller", "which of them are in Heart?", "papers by Müller in Heart"),
        ("papers on sleep", "how many of those are from 2016?", "papers on sleep from 2016"),
        ("papers on sleep", "in Nature?", "papers in Nature on sleep"),
        (
            "papers on sleep by Müller since 2015",
            "and by Petrova?",
            "papers on sleep since 2015 by Petrova",
        ),
        ("how many papers are from 2019?", "and 2020?", "how many papers are from 2020?"),
        (
            "what do papers in Nature say on wheat?",
            "and in Heart?",
            "what do papers in Heart say on wheat?",
        ),
        (
            "papers on sleep from the last five years",
            "only those since 2024",
            "papers on sleep from 2024 or later",
        ),
        (
            "what did Müller find about sleep",
            "and since 2016?",
            "what did Müller find about sleep from 2016 or later",
        ),
        ("papers on sleep", "and by Zorro?", "papers by Zorro on sleep"),
    ],
)
def test_a_turn_changes_the_filters_of_the_question_before(
    before: str, turn: str, question: str
) -> None:
    assert change_filters(turn, before, read) == question


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("does sleep harm memory?", "and in 2020?"),
        ("papers on sleep", "and on memory in 2019?"),
        ("papers on sleep", "why?"),
        ("papers on sleep", "what was found in 2019?"),
        ("papers by Ames", "the second one"),
    ],
)
def test_other_turns_change_no_filters(before: str, turn: str) -> None:
    assert change_filters(turn, before, read) is None


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("who wrote it?", "author"),
        ("who are the authors?", "author"),
        ("when was the second one published?", "year"),
        ("what year is it from?", "year"),
        ("which journal was it published in?", "venue"),
    ],
)
def test_a_field_of_the_papers_that_a_turn_points_to(question: str, wanted: Wanted) -> None:
    for titles in (("Naps from 2019",), ("Naps from 2019", "Rust, a Review")):
        quoted = " and ".join(f'"{title}"' for title in titles)
        found = read(f"In {quoted}, {question}")
        assert found.asked is not None
        assert (found.asked.wanted, found.asked.titles) == (wanted, titles)
        assert found.filters == NO_FILTERS


@pytest.mark.parametrize(
    "question",
    [
        "who won the 2018 world cup",
        "in 2015, mortality rose in nurses: why?",
        "how has mortality changed since 1990?",
        "what happened to heart attacks from 2004 to 2014",
        "which studies use data from 2015?",
        "which papers follow patients from 2009?",
        "papers on the 2009 pandemic",
        "what did the 2009 survey find about influenza",
        "how many patients were over eighty in 2019",
        "is a review of 2000 trials better",
        "more than 2019 papers",
        "what is the Hall effect",
        "is Bayesian inference any good for rust",
        "does the Smith machine help nurses",
        "how do young nurses sleep",
        "are rich models better by far",
        "improved by Young's modulus?",
        "Hall papers on drift",
        "what is the capital of Young",
        "what did BERT find",
        "in nature, how does wheat resist rust?",
        "papers in medicine on sleep",
        "how many nurses were followed",
        "how many papers were compared in the survey",
        "when was melatonin given to shift workers?",
        "where was the trial conducted",
        "what is the year of birth of the nurses",
        "which papers study the flow past a cylinder",
        "which authors work on sleep?",
        "how did pain change over the last five years of life?",
        "studies of pain in the last year of life",
        "who smoked in the past year?",
        "has mortality fallen in the last decade?",
        "does it beat recent work on rust?",
        "how are recent immigrants treated",
        "why?",
        'In "Naps from 2019", when was melatonin given?',
    ],
)
def test_other_words_are_no_filters_and_ask_no_records(question: str) -> None:
    found = read(question)
    assert (found.rest, found.filters, found.unheld, found.asked) == (
        question,
        NO_FILTERS,
        (),
        None,
    )


def test_an_author_whom_nobody_is_named_like_is_told_only_where_one_is_meant() -> None:
    (phrase,) = read("articles written by Nakamura on sleep").unheld
    assert phrase.unheld == "Nakamura"
    assert not read("what did Nakamura find on sleep").unheld
    assert not read("how is text written by ChatGPT found").unheld
    assert not read("papers by year").unheld


def test_fields_that_the_library_lacks_filter_nothing() -> None:
    found = read("papers from 2023 on quantization", NO_FIELDS)
    assert [phrase.kind for phrase in found.unheld] == ["year"]
    assert (found.filters, found.rest) == (NO_FILTERS, "papers from 2023 on quantization")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("papers from the last five years", "from 2021 or later"),
        ("recent papers", "from 2021 or later (as recent, the last five years)"),
        ("papers of the last few years", "from 2021 or later (as recent, the last five years)"),
        ("papers of the past few decades", "from 1976 or later"),
        ("papers from this year", "from 2026"),
    ],
)
def test_what_was_taken_as_recent_is_said(question: str, said: str) -> None:
    assert read(question).said == said


def test_who_is_meant_is_said() -> None:
    assert read("papers by Müller from 2016").said == (
        "by Müller (Hans Müller, Karl Müller), from 2016"
    )


def test_a_question_as_typed_has_no_filters() -> None:
    found = read_records_question(
        "papers by Ames from 2019", FIELDS, lambda _: True, THIS_YEAR, read_filters=False
    )
    assert (found.filters, found.asked, found.rest) == (NO_FILTERS, None, found.text)


def test_a_pasted_text_is_not_read() -> None:
    pasted = "Papers by Ames from 2019. " * 40
    assert len(pasted) > MAX_CHARACTERS
    assert read(pasted).filters == NO_FILTERS
