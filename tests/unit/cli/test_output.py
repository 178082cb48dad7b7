"""What is printed of an answer: its words, what its check found, its sources, what it cost."""

from __future__ import annotations

import pytest

from assistant.answers import Answer
from assistant.cli.output import format_usage, say_answer
from assistant.surveys import ListedPaper, SurveyCount
from assistant.types import Citation, Flag, Sentence, Source, Usage, Verdict

SOURCE = Source("1", "p-id", "A Paper", ("A B",), 2020, 1.0, True)
UNUSED = Source("2", "q-id", "Another Paper", (), None, 0.5, False)
QUOTE = Citation("1", "p-id", "A Paper", "It is 3 times faster.", 10, 31, 2)
FLAG = Flag("number", "5", "The figure '5' is in none of the cited sentences.")


def said(answer: Answer, capsys: pytest.CaptureFixture[str]) -> str:
    say_answer(answer)
    return capsys.readouterr().out


def llm_answer(verdict: Verdict, *flags: Flag, missing: str | None = None) -> Answer:
    sentences = (
        Sentence("It is faster.", "supported", 0.9, (QUOTE, QUOTE)),
        Sentence("It is 5 times faster.", verdict, 0.1, (QUOTE,), flags),
    )
    return Answer(
        "q", "q", "t", 0.9, sentences, (SOURCE, UNUSED), mode="llm", model="m", missing=missing
    )


def test_an_llms_answer_has_verdicts_in_words_and_quotes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert said(llm_answer("unsupported", FLAG, missing="the cost"), capsys) == (
        "Answer by m, each sentence checked:\n"
        "  It is faster. [1]\n"
        "  It is 5 times faster. [1] (unsupported; number: The figure '5' is in none of the cited "
        "sentences)\n"
        "  Not stated here: the cost.\n"
        "\nSources\n"
        "  [1] A Paper (2020)\n"
        "      p-id\n"
        "      “It is 3 times faster.” sentence 2 (characters 10-31)\n"
    )


@pytest.mark.parametrize(
    ("verdict", "marked"), [("supported", ""), ("verbatim", ""), ("unchecked", " (unchecked)")]
)
def test_only_what_did_not_pass_is_marked(
    verdict: Verdict, marked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"  It is 5 times faster. [1]{marked}\n" in said(llm_answer(verdict), capsys)


def test_quotations_are_not_printed_twice(capsys: pytest.CaptureFixture[str]) -> None:
    sentence = Sentence(QUOTE.quote, "verbatim", 1.0, (QUOTE,))
    assert said(Answer("q", "q", "t", 0.9, (sentence,), (SOURCE,)), capsys) == (
        "Quotations, word for word:\n"
        "  It is 3 times faster. [1]\n"
        "\nSources\n"
        "  [1] A Paper (2020)\n"
        "      p-id: sentence 2 (characters 10-31)\n"
    )


def test_an_answer_without_sentences_is_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(Answer("hello", "hello", "Ask about your papers.", 0.0), capsys) == (
        "Ask about your papers.\n"
    )


@pytest.mark.parametrize(
    ("usage", "line"),
    [
        (Usage(), ""),
        (Usage(0, 0, 0.0), ""),
        (Usage(2310, 180), "2,310 + 180 tokens"),
        (Usage(2310, 180, 0.0007), "2,310 + 180 tokens, up to 0.0007 USD"),
        (Usage(2310, 180, 0.00071), "2,310 + 180 tokens, up to 0.0008 USD"),
        (Usage(1, 0, 1e-9), "1 + 0 tokens, up to 0.0001 USD"),
        (Usage(10**6, 0, 12.3), "1,000,000 + 0 tokens, up to 12.3000 USD"),
    ],
)
def test_what_an_answer_cost(usage: Usage, line: str) -> None:
    assert format_usage(usage) == line


def test_papers_that_an_llm_read_are_a_table_with_their_details(
    capsys: pytest.CaptureFixture[str],
) -> None:
    detail = Sentence("Speed: 3 times.", "supported", 0.9, (QUOTE,))
    quote = Sentence(QUOTE.quote, "verbatim", 1.0, (QUOTE,))
    other = Sentence(
        "It sails.", "verbatim", 1.0, (Citation("2", "q-id", "", "It sails.", 0, 9, 1),)
    )
    listed = (
        ListedPaper("1", "p-id", "A Paper", (), 2020, (0, 1)),
        ListedPaper("2", "q-id", "Another Paper", (), None, (2,)),
    )
    survey = SurveyCount(
        "2 of 9 abstracts match; all 9 were read.", 2, 9, 9, papers=listed, n_read=9
    )
    answer = Answer(
        "q", "q", "t", 1.0, (detail, quote, other), (SOURCE,), mode="llm", model="m", survey=survey
    )
    lines = said(answer, capsys).splitlines()
    assert lines[0] == survey.heading
    (names,) = [line for line in lines if "Paper" in line and "Detail" in line]
    assert "Quote" in names
    (row,) = [line for line in lines if "[1] A Paper" in line and "Speed" in line]
    assert QUOTE.quote in row
