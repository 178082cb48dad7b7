"""Markdown of an answer shows what papers and models say, and does nothing else."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answers import Answer
from assistant.surveys import ListedPaper, SurveyCount, SurveyKind
from assistant.types import Flag, Source
from tests.unit.made_exports import FIRST, answer_of, cite, sentence


def markdown(answer: Answer) -> str:
    return answer.export("markdown")


RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ALLOWED = {
    "heading_open", "heading_close", "inline", "text", "paragraph_open", "paragraph_close",
    "em_open", "em_close", "strong_open", "strong_close", "blockquote_open", "blockquote_close",
}  # fmt: skip


def tokens(text: str) -> list[Token]:
    found = RENDERER.parse(text)
    return [*found, *(child for token in found for child in token.children or ())]


def shown(text: str) -> str:
    """The text that a reader of the rendered Markdown sees, blocks joined with line breaks."""
    blocks = [token for token in RENDERER.parse(text) if token.type == "inline"]
    return "\n".join("".join(c.content for c in block.children or ()) for block in blocks)


def _listed(kind: SurveyKind, title: str) -> Answer:
    listed = (
        ListedPaper("1", "a", title, ("Ada One", "Ben Two"), 2021, (0,)),
        ListedPaper("2", "b", "Second", (), None, (1,)),
    )
    survey = SurveyCount("2 of 9 papers:", 2, 5, 9, kind, listed)
    answer = answer_of(sentence("It | rises."), sentence("It falls."), sources=())
    return dataclasses.replace(answer, survey=survey)


def test_a_list_has_a_line_for_each_paper() -> None:
    text = markdown(_listed("list", "First"))
    assert "2 of 9 papers:\n\n- First (Ada One and Ben Two, 2021) [1]: It \\| rises." in text
    assert "\n- Second [2]: It falls." in text


def test_a_group_has_its_name_above_its_papers() -> None:
    whole = _listed("list", "First")
    assert whole.survey is not None
    first, second = whole.survey.papers
    papers = (
        dataclasses.replace(first, group="*wild* birds"),
        dataclasses.replace(second, group="Other papers"),
    )
    survey = dataclasses.replace(whole.survey, papers=papers)
    text = markdown(dataclasses.replace(whole, survey=survey))
    assert "of 9 papers:\n\n**\\*wild\\* birds**\n\n- First" in text
    assert "\n\n**Other papers**\n\n- Second" in text


def test_a_comparison_is_a_table_whose_cells_hold() -> None:
    text = markdown(_listed("comparison", "A | B"))
    rows = [t for t in RENDERER.parse(text) if t.type == "tr_open"]
    cells = [t for t in RENDERER.parse(text) if t.type == "td_open"]
    assert (len(rows), len(cells)) == (3, 4)
    assert "A | B (Ada One and Ben Two, 2021) [1]" in shown(text)


def test_details_have_a_column_of_their_own_where_an_llm_read_the_papers() -> None:
    whole = _listed("list", "First")
    assert whole.survey is not None
    papers = (
        dataclasses.replace(whole.survey.papers[0], sentences=(0, 2)),
        dataclasses.replace(whole.survey.papers[1], sentences=(1,)),
    )
    survey = dataclasses.replace(whole.survey, papers=papers, n_read=9)
    quote = sentence("It rose.", cite(FIRST, "It rose."))
    read = dataclasses.replace(whole, survey=survey, sentences=(whole.sentences[0], quote, quote))
    assert (
        "| Paper | Detail | Quote |\n| --- | --- | --- |\n"
        "| First (Ada One and Ben Two, 2021) [1] | It \\| rises. **(uncited)** | It rose. |\n"
        "| Second [2] |  | It rose. |"
    ) in markdown(read)


HOSTILE = (
    "![x](http://evil.example/x.png)",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[1]: http://evil.example",
    "<http://evil.example>",
    "http://evil.example www.evil.example a@evil.example",
    "# Heading #",
    "- item",
    "12. item",
    "3) item",
    "+ item",
    "> quote",
    "```\ncode\n```",
    "~~~",
    "---",
    "===",
    "| a | b |\n|---|---|\n| c | d |",
    "**bold** _it_ ~~gone~~ `code`",
    "&lt;b&gt; &amp; &#33;",
    "back\\slash \\* \\",
    "two\n\nparagraphs\r\nand\u2028more\x0bof\x85it",
    "    indented",
    "$x_{i}^2$ {{ liquid }} @mention #tag",
    "*",
    "“quoted”",
    "",
    "www",
)


def everywhere(text: str) -> str:
    source = Source("1", "an-id", f"T {text}", (f"N {text}",), 2020, 1.0, True, venue=text)
    flag = Flag("name", text, text)
    answer = answer_of(
        sentence(text, cite(source, text), verdict="unsupported", flags=(flag,)),
        sources=(source,),
        question=text,
        standalone_question=f"{text} alone",
        model=f"m {text} m",
        notices=(text,),
    )
    return markdown(answer)


def collapsed(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", " ", text).split())


def check_inert(text: str) -> None:
    made = everywhere(text)
    assert {token.type for token in tokens(made)} <= ALLOWED
    flat = collapsed(text)
    seen = shown(made)
    assert f"“{flat}” (sentence 1)" in seen
    assert collapsed(f"N {text} (2020). T {text}") in seen
    assert f"(unsupported; name: {flat.removesuffix('.').strip()}".rstrip(": ") in seen
    assert f"Answer by {collapsed(f'm {text} m')}, each sentence checked." in seen
    assert seen.split("\n")[0] == flat
    # A stop of ours may come after "www": without a name behind it, it is no address.
    assert not re.search(r"://|www\.\w", re.sub(r"\\.", "", made))


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_of_papers_and_models_is_inert(text: str) -> None:
    check_inert(text)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(HOSTILE),
            st.text(
                st.one_of(
                    st.sampled_from(list("\\`*_{}[]()<>#+-.!|~&$^@=:;\"'/ \n\t1aé“”")),
                    st.characters(exclude_categories=["Cs"]),
                ),
                max_size=20,
            ),
        ),
        max_size=4,
    ).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_any_text_shows_as_itself(text: str) -> None:
    check_inert(text)
