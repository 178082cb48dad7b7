"""An answer as Markdown that does nothing but show, and as files that read back as its papers."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers import Answer
from assistant.errors import QuestionError
from assistant.export.answers import MAX_AUTHORS, export_answers
from assistant.ingest.decoding import lines
from assistant.ingest.identity import normal_doi
from assistant.ingest.readers.bibtex import read_bibtex
from assistant.ingest.readers.json_records import read_json
from assistant.ingest.readers.ris import read_ris
from assistant.ingest.record import Record
from assistant.text.person_names import person
from assistant.types import Abstention, Flag, Source
from tests.unit.made_exports import FIRST, SECOND, UNUSED, answer_of, cite, sentence


def markdown(answer: Answer) -> str:
    return answer.export("markdown")


def bibtex(answer: Answer) -> str:
    return answer.export("bibtex")


def csl(answer: Answer) -> str:
    return answer.export("csl")


def ris(answer: Answer) -> str:
    return answer.export("ris")


WRITERS: dict[str, Callable[[Answer], str]] = {"bibtex": bibtex, "csl": csl, "ris": ris}

ANSWER = answer_of(
    sentence("The Transformer is attention only.", cite(FIRST, "We propose the Transformer.", 2)),
    sentence(
        "It is large.",
        cite(SECOND, "Sie ist 50% groß.", 1),
        cite(FIRST, "It has 28.4 BLEU & costs $12.", 3, 40),
        cite(FIRST, "We propose the Transformer.", 2),
    ),
)
ABSTENTION = answer_of(
    sources=(dataclasses.replace(UNUSED, label="1"),),
    text="Not in this library: nothing is near.",
    abstention=Abstention("nothing_relevant", "Not in this library: nothing is near.", ("unused",)),
)


def records(text: str, format: str) -> list[Record]:
    if format == "csl":
        found = list(read_json([text], "x"))
    else:
        read = {"bibtex": read_bibtex, "ris": read_ris}[format]
        found = list(read(lines([text])))
    assert all(isinstance(record, Record) for record in found)
    return [record for record in found if isinstance(record, Record)]


def identity(record: Record) -> tuple[object, ...]:
    names = tuple(person(name) for name in record.authors)
    return record.key, record.title, names, record.year, normal_doi(record.doi)


@pytest.mark.parametrize("format", WRITERS)
def test_what_citation_styles_print_goes_with_an_answer(format: str) -> None:
    details: dict[str, Any] = {
        "venue": "Proc. Kelp",
        "entry_type": "conference-paper",
        "editors": ("Pia Oo",),
        "volume": "3",
        "issue": "2",
        "pages": "11-19",
        "publisher": "Wet & Dry",
        "notice": "retracted",
    }
    [record] = records(
        WRITERS[format](
            answer_of(
                sentence("It is.", cite(FIRST, "We propose the Transformer.", 2)),
                sources=(dataclasses.replace(FIRST, **details),),
            )
        ),
        format,
    )
    found = {name: getattr(record, name) for name in details}
    assert found | {"pages": found["pages"].replace("--", "-")} == details


def test_markdown_says_beside_a_label_that_its_paper_was_retracted() -> None:
    quote = dataclasses.replace(cite(FIRST, "We propose.", 2), notice="retracted")
    source = dataclasses.replace(FIRST, notice="retracted", title_kind="first words")
    text = markdown(answer_of(sentence("It is.", quote), sources=(source,)))
    assert "It is. [1, retracted]" in text
    assert "sentence 2; retracted" in text
    assert f"\\[{FIRST.title.split()[0]}" in text
    assert "Retracted." in text


@pytest.mark.parametrize("format", WRITERS)
def test_cited_papers_read_back_as_the_same_papers(format: str) -> None:
    text = WRITERS[format](ANSWER)
    assert [identity(record) for record in records(text, format)] == [
        (s.paper_id, s.title, s.authors, s.year, s.doi) for s in (FIRST, SECOND)
    ]
    assert [record.venue for record in records(text, format)] == ["NeurIPS", None]


def csl_notes(text: str) -> list[list[str]]:
    return [item["note"].split("\n") for item in json.loads(text)]


def test_every_note_has_the_number_the_quote_and_its_sentence() -> None:
    expected = [
        [
            "[1] “We propose the Transformer.” (sentence 2)",
            "[1] “It has 28.4 BLEU & costs $12.” (sentence 3)",
        ],
        ["[2] “Sie ist 50% groß.” (sentence 1)"],
    ]
    assert csl_notes(csl(ANSWER)) == expected
    in_ris = re.findall(r"^N1  - (.*)$", ris(ANSWER), re.MULTILINE)
    assert in_ris == ["arXiv:1706.03762", *expected[0], *expected[1]]
    assert "annote = {[1] “We propose the Transformer.” (sentence 2)\n[1] “It has" in bibtex(ANSWER)
    assert r"[2] “Sie ist 50\% groß.” (sentence 1)}" in bibtex(ANSWER)


@pytest.mark.parametrize("format", WRITERS)
def test_an_abstention_is_an_empty_file(format: str) -> None:
    text = WRITERS[format](ABSTENTION)
    assert json.loads(text) == [] if format == "csl" else text == ""


@pytest.mark.parametrize("format", WRITERS)
def test_quotes_cannot_end_their_record(format: str) -> None:
    quote = 'A } brace {\nER  - \n\nTY  - JOUR\n@misc{x, title={y}}\n"] \\ 100%'
    answer = answer_of(sentence("It.", cite(SECOND, quote)), sources=(SECOND,))
    assert [record.key for record in records(WRITERS[format](answer), format)] == [SECOND.paper_id]


def test_numbers_order_the_papers_beyond_nine() -> None:
    sources = [Source(str(n), f"p{n}", f"Paper {n}", (), None, 1.0, True) for n in (10, 9, 2)]
    answer = answer_of(sources=tuple(sources))
    assert [item["id"] for item in json.loads(csl(answer))] == ["p2", "p9", "p10"]


def test_several_answers_name_each_paper_once_and_the_question_in_each_note() -> None:
    second = dataclasses.replace(SECOND, label="1")
    other = answer_of(
        sentence("Groß.", cite(second, "Sie ist 50% groß.")),
        sources=(second,),
        question="Wie groß?",
    )
    text = export_answers([ANSWER, ABSTENTION, other], "csl")
    assert [item["id"] for item in json.loads(text)] == [FIRST.paper_id, SECOND.paper_id]
    assert csl_notes(text)[1] == [
        "[2] “Sie ist 50% groß.” (sentence 1; to “How large is it?”)",
        "[1] “Sie ist 50% groß.” (sentence 1; to “Wie groß?”)",
    ]
    assert json.loads(export_answers([], "csl")) == []


def test_markdown_keeps_numbers_and_quotes() -> None:
    assert markdown(ANSWER) == (
        "## How large is it?\n\n"
        "The Transformer is attention only. [1] It is large. [2][1]\n\n"
        "*Answer by openai:gpt-5-mini, each sentence checked.*\n\n"
        "### References\n\n"
        "[1] Ashish Vaswani, Ludwig van Beethoven, OpenAI, Martin Luther King Jr. (2017). "
        "*Attention Is All You Need*. NeurIPS. <https://doi.org/10.48550/arxiv.1706.03762>\n\n"
        "> “We propose the Transformer.” (sentence 2)\n\n"
        "> “It has 28.4 BLEU \\& costs \\$12.” (sentence 3)\n\n"
        "[2] *Größe \\& 50% der \\{Ångström\\} at \\$5*.\n\n"
        "> “Sie ist 50% groß.” (sentence 1)\n"
    )


def test_markdown_says_in_words_what_did_not_pass() -> None:
    flag = Flag("number", "5x", "The figure '5x' is in none of the cited sentences.")
    answer = answer_of(
        sentence("It is 5x faster.", cite(FIRST, "q"), verdict="unsupported", flags=(flag,)),
        sentence("It is known.", verdict="supported"),
    )
    assert (
        "It is 5x faster. [1] **(unsupported; number: The figure '5x' is in none of the cited "
        "sentences)** It is known. **(uncited)**"
    ) in markdown(answer)


def test_markdown_of_an_abstention_names_the_closest_papers() -> None:
    assert markdown(ABSTENTION) == (
        "## How large is it?\n\nNot in this library: nothing is near.\n\n"
        "### Closest papers\n\n- No One (2001). *Never Quoted*.\n"
    )


def test_markdown_of_quotations_a_follow_up_and_notices() -> None:
    answer = answer_of(
        sentence("Word for word.", cite(FIRST, "Word for word."), verdict="verbatim"),
        mode="extractive",
        model=None,
        standalone_question="How large is the Transformer?",
        notices=("the answer was cut off",),
    )
    text = markdown(answer)
    assert "*Asked as: How large is the Transformer?*" in text
    assert "*Quotations, word for word.*" in text
    assert "*Note: the answer was cut off*" in text


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (None, ""),
        ("", "The papers do not state the rest.\n\n"),
        ("the *cost*", "Not stated here: the \\*cost\\*.\n\n"),
        ("the cost.\n", "Not stated here: the cost.\n\n"),
    ],
)
def test_markdown_says_what_is_left_open(missing: str | None, said: str) -> None:
    answer = answer_of(sentence("It.", cite(FIRST, "q")), missing=missing)
    assert f"It. [1]\n\n{said}*Answer by" in markdown(answer)


def test_markdown_of_an_answer_without_sentences_is_its_text() -> None:
    answer = answer_of(text="I answer from *your* papers.", sources=())
    assert markdown(answer) == "## How large is it?\n\nI answer from \\*your\\* papers.\n"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"authors": (), "year": 2020, "title": "Why?"}, "[1] *Why?* (2020).\n"),
        ({"authors": (), "title": "Why?"}, "[1] *Why?*\n"),
        ({"authors": ("A B",), "title": "Yes"}, "[1] A B. *Yes*.\n"),
        ({"title": "  "}, "[1] *second*.\n"),
        ({"venue": "Proc. of X."}, "[1] *Title*. Proc. of X.\n"),
        ({"url": "javascript:alert(1)"}, "[1] *Title*. javascript:alert(1)\n"),
        ({"url": "https://e.org/> <b>"}, "[1] *Title*. https:\\//e.org/\\> \\<b\\>\n"),
        ({"url": "http://e.org/a_b?x=1&y=2"}, "[1] *Title*. <http://e.org/a_b?x=1&y=2>\n"),
    ],
)
def test_a_reference_without_what_is_not_known(changes: dict[str, Any], said: str) -> None:
    source = dataclasses.replace(Source("1", "second", "Title", (), None, 1.0, True), **changes)
    assert said in markdown(answer_of(sentence("It."), sources=(source,)))


def test_a_thousand_authors_are_some_and_et_al() -> None:
    names = tuple(f"Author {n}" for n in range(1000))
    source = dataclasses.replace(FIRST, authors=names)
    text = markdown(answer_of(sentence("It."), sources=(source,)))
    assert f"Author {MAX_AUTHORS - 1}, et al. (2017)." in text
    assert f"Author {MAX_AUTHORS}," not in text
    assert json.loads(csl(answer_of(sources=(source,))))[0]["author"][999]["given"] == "Author"


@pytest.mark.parametrize("format", WRITERS)
@given(quote=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_quote_leaves_its_paper_whole(format: str, quote: str) -> None:
    answer = answer_of(sentence("It.", cite(FIRST, quote)), sources=(FIRST,))
    [record] = records(WRITERS[format](answer), format)
    assert identity(record) == identity(records(WRITERS[format](ANSWER), format)[0])


def test_a_format_that_is_none_is_said() -> None:
    with pytest.raises(QuestionError, match=r"'docx' is not a format for answers; use one of mark"):
        ANSWER.export("docx")  # type: ignore[arg-type]
    assert io.StringIO(ANSWER.export("ris")).readline().startswith("TY  - JOUR")


def test_a_table_has_a_row_for_each_paper_that_an_answer_cites() -> None:
    rows = list(csv.DictReader(io.StringIO(export_answers([ANSWER, ABSTENTION], "csv"))))
    assert [(row["label"], row["paper_id"]) for row in rows] == [
        ("1", "vaswani2017attention"),
        ("2", "müller-größe"),
    ]
    first, second = rows
    assert first["question"] == "How large is it?"
    assert first["authors"] == "; ".join(FIRST.authors)
    assert (first["year"], first["doi"], first["text_kind"]) == ("2017", FIRST.doi, "abstract")
    assert first["detail"].splitlines() == ["The Transformer is attention only.", "It is large."]
    assert first["verdict"].splitlines() == ["supported", "supported"]
    assert first["quotes"].splitlines() == [
        "We propose the Transformer.",
        "It has 28.4 BLEU & costs $12.",
    ]
    assert second["quotes"] == "Sie ist 50% groß."


def test_a_quotation_is_no_detail() -> None:
    quoted = sentence("It rose.", cite(FIRST, "It rose."), verdict="verbatim")
    (row,) = csv.DictReader(io.StringIO(answer_of(quoted, sources=(FIRST,)).export("csv")))
    assert (row["detail"], row["quotes"]) == ("", "It rose.")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_no_cell_of_a_table_is_a_formula(title: str) -> None:
    source = dataclasses.replace(FIRST, title=title)
    answer = answer_of(sentence("It rose.", cite(source, "It rose.")), sources=(source,))
    (row,) = csv.DictReader(io.StringIO(answer.export("csv")))
    assert row["title"] == f"'{title}"
