"""What is exported reads back as the same papers under the same ids, in all four formats."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import QuestionError
from assistant.export.papers import PAPER_FORMATS, PaperFormat, export_papers
from assistant.ingest import read_papers
from assistant.ingest.identity import Identifiers
from assistant.ingest.papers import paper_from
from assistant.ingest.record import Record
from assistant.types import EntryType, Paper, PaperNotice

PAPER = Paper(
    paper_id="vaswani2017attention",
    title="Attention Is All You Need",
    abstract="We propose the Transformer. It has 28.4 BLEU & costs $12 for 50% of 3_000 {runs}.",
    authors=("Ashish Vaswani", "Ludwig van Beethoven", "OpenAI", "Martin Luther King Jr."),
    year=2017,
    venue="NeurIPS",
    keywords=("attention", "Receptors, Cell Surface"),
    doi="10.48550/arxiv.1706.03762",
    arxiv_id="1706.03762",
    url="https://example.org/~user/a_b?x=1&y=2#top",
    entry_type="conference-paper",
    editors=("Isabelle Guyon", "Ulrike von Luxburg"),
    volume="30",
    issue="2",
    pages="5998-6008",
    publisher="Curran & Associates",
    notice="corrected",
)


ENTRY_TYPES: tuple[EntryType, ...] = get_args(EntryType)
NOTICES: tuple[PaperNotice, ...] = get_args(PaperNotice)


def reread(papers: list[Paper], format: PaperFormat) -> list[Paper]:
    text = "".join(export_papers(papers, format))
    return [paper for paper in read_papers(io.BytesIO(text.encode())) if isinstance(paper, Paper)]


def carried(papers: list[Paper]) -> list[Paper]:
    """The papers without what belongs to the file that was read rather than to the paper."""
    return [
        dataclasses.replace(paper, source=None, original_title=None, original_abstract=None)
        for paper in papers
    ]


@pytest.mark.parametrize("format", PAPER_FORMATS)
def test_every_field_survives(format: PaperFormat) -> None:
    assert carried(reread([PAPER], format)) == [PAPER]


@pytest.mark.parametrize("format", PAPER_FORMATS)
@pytest.mark.parametrize(
    "text",
    [
        r"50\cdot 3 and \unknown{x} stay",
        "the loss $\\mathcal{O}(n^2)$ and $x_{i}$, at $5 each, {braced} #1 ~10 a^b c_d 5% & more",
        "„Größe“ – Ångström naïve 北京 тест עברית α≤β 𝔸 10⁻³ é",
        'He said "stop" and \'go\' and "half',
        "@article{not, an = {entry}} TY - JOUR ER - PMID- 1",
        "unbalanced } { braces $ and $$ dollars \\",
        "commas, semicolons; and and and",
    ],
)
def test_signs_that_mean_something_to_a_format_survive(format: PaperFormat, text: str) -> None:
    paper = Paper("a-key", f"On {text}", f"This is {text}")
    assert carried(reread([paper], format)) == [paper]


@pytest.mark.parametrize("format", PAPER_FORMATS)
def test_line_breaks_become_spaces(format: PaperFormat) -> None:
    [paper] = reread([Paper("k", "A\ntitle", "First.\nER  - \n\n@misc{x,\nSecond.")], format)
    assert (paper.title, paper.abstract) == ("A title", "First. ER - @misc{x, Second.")


@pytest.mark.parametrize("format", PAPER_FORMATS)
def test_no_papers_are_a_file_without_papers(format: PaperFormat) -> None:
    assert "".join(export_papers([], format)).strip() in ("", "[\n]", "[\n\n]")


def test_papers_are_written_one_at_a_time() -> None:
    def papers() -> object:
        yield PAPER
        raise AssertionError("the second paper was asked for before the first was written")

    for format in PAPER_FORMATS:
        pieces = export_papers(papers(), format)  # type: ignore[arg-type]
        written = next(pieces)
        if format == "csl":
            written += next(pieces)
        assert "Attention Is All You Need" in written


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(QuestionError, match=r"'docx' is not a format .* bibtex, ris, csl, jsonl"):
        list(export_papers([PAPER], "docx"))  # type: ignore[arg-type]


def test_csl_is_one_valid_array() -> None:
    items = json.loads("".join(export_papers([PAPER, PAPER], "csl")))
    assert items[0]["author"][1] == {"family": "van Beethoven", "given": "Ludwig"}
    assert items[0]["issued"] == {"date-parts": [[2017]]}
    assert len(items) == 2


def test_json_lines_keep_the_text_before_repair() -> None:
    paper = dataclasses.replace(PAPER, original_abstract="As the file had it: 50\\%")
    [again] = reread([paper], "jsonl")
    assert again.original_abstract == "As the file had it: 50\\%"


@pytest.mark.parametrize("format", PAPER_FORMATS)
def test_an_account_is_one_again(format: PaperFormat) -> None:
    account = dataclasses.replace(PAPER, text_kind="account")
    notes = {PAPER.paper_id: ["[1] “We propose the Transformer.” (sentence 1)"]}
    text = "".join(export_papers([account], format, notes=notes))
    assert carried(list(read_papers(io.BytesIO(text.encode())))) == [account]  # type: ignore[arg-type]
    assert [paper.text_kind for paper in reread([PAPER], format)] == ["abstract"]


@pytest.mark.parametrize("format", PAPER_FORMATS)
@pytest.mark.parametrize("source", ["corpus/papers-feed.txt", "starter/library.csl.json"])
def test_real_libraries_survive(shared: Path, source: str, format: PaperFormat) -> None:
    papers = [paper for paper in read_papers(shared / source) if isinstance(paper, Paper)]
    assert len(papers) == 245
    assert carried(reread(papers, format)) == typed(carried(papers), format)


TEXT = st.text(
    st.one_of(
        st.sampled_from(list("\\{}$%&#_~^\"'`-@,;:=<>[]().!? \n\tabAB019éß")),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=60,
)
SNIPPETS = st.lists(
    st.one_of(
        TEXT,
        st.sampled_from(
            ["$x^2$", "\\'e", "\\emph{a}", "{", "}", "\\textbf{", "and", "&amp;", "``a''",
             "\\alpha", "ER  - ", "@misc{", "\\\\", "\\%", "sim5", "5times", "\\ss", "<i>", "$"]
        ),
    ),
    min_size=1,
    max_size=6,
).map(" ".join)  # fmt: skip
DETAIL = st.one_of(TEXT, st.sampled_from(["12", "S1", "e045", "3A-7B", "11--19", "1-3, 7", "XII"]))
RECORDS = st.builds(
    Record,
    line=st.just(1),
    title=SNIPPETS,
    abstract=SNIPPETS,
    key=st.none() | TEXT,
    authors=st.lists(SNIPPETS, max_size=3).map(tuple),
    year=st.none() | st.integers(1500, 2099),
    venue=st.none() | SNIPPETS,
    keywords=st.lists(SNIPPETS, max_size=3).map(tuple),
    doi=st.none() | TEXT.map(lambda text: f"10.1234/{text}"),
    arxiv_id=st.none() | st.just("2301.01234"),
    url=st.none() | TEXT.map(lambda text: f"https://example.org/{text}"),
    entry_type=st.none() | st.sampled_from(ENTRY_TYPES),
    editors=st.lists(SNIPPETS, max_size=2).map(tuple),
    volume=st.none() | DETAIL,
    issue=st.none() | DETAIL,
    pages=st.none() | DETAIL | st.from_regex(r"[0-9]{1,4}-[0-9]{1,4}", fullmatch=True),
    publisher=st.none() | SNIPPETS,
    notice=st.none() | st.sampled_from(NOTICES),
)


def typed(papers: list[Paper], format: PaperFormat) -> list[Paper]:
    """The papers with the types that they have once written: what is in a venue is an article."""

    def type_of(paper: Paper) -> EntryType | None:
        if paper.entry_type or format == "jsonl":
            return paper.entry_type
        if paper.venue:
            return "article"
        return "preprint" if paper.arxiv_id and format == "bibtex" else None

    return [dataclasses.replace(paper, entry_type=type_of(paper)) for paper in papers]


@pytest.mark.parametrize("format", PAPER_FORMATS)
@given(records=st.lists(RECORDS, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_whatever_was_read_survives(format: PaperFormat, records: list[Record]) -> None:
    identifiers = Identifiers()
    read = [paper_from(record, "x", identifiers) for record in records]
    papers = [paper for paper in read if isinstance(paper, Paper)]
    if papers:
        assert carried(reread(papers, format)) == typed(carried(papers), format)
