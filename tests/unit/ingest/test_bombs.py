"""Small files that would take any memory or time: what they may take grows with their length."""

from __future__ import annotations

import io
import tracemalloc

import ftfy
import pytest
import rispy

from assistant.ingest import Format, read_papers
from assistant.ingest.identity import Identifiers
from assistant.ingest.readers import bibtex, table
from assistant.ingest.reading_limits import MAX_NOTICES, MAX_SKIPPED
from assistant.reports import IngestReport, Skipped
from assistant.text.person_names import keywords, person
from assistant.text.repair import repair
from assistant.types import Paper

GOOD = "@article{good, title={A good one}, abstract={It can be read.}, journal=j}\n"


def read(text: str, format: Format | None = None) -> tuple[list[Paper], list[Skipped]]:
    found = list(read_papers(io.BytesIO(text.encode()), format))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


def doubling(n: int, between: str = "\n") -> str:
    """Returns ``n`` strings of which each is the one before it twice."""
    first = '@string{s0="' + "x" * 100 + '"}'
    rest = (f"@string{{s{i}=s{i - 1}#s{i - 1}}}" for i in range(1, n))
    return between.join([first, *rest]) + "\n"


@pytest.mark.parametrize("between", ["\n", " "])
def test_strings_that_double_are_refused_before_they_are_filled_in(between: str) -> None:
    bomb = doubling(30, between) + "@misc{k, title={T},\nabstract=s29}\n@string{j={Journal}}\n"
    tracemalloc.start()
    papers, skipped = read(bomb + GOOD)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert [(paper.paper_id, paper.venue) for paper in papers] == [("good", "Journal")]
    first, *_, last = skipped
    n_lines = bomb.count("\n", 0, bomb.index("@misc"))
    assert first.reason.startswith("the string 's13' would be filled in with 819,200 characters")
    assert (last.line, last.reason) == (
        n_lines + 1,
        "the entry 'k' uses the string 's29', which is refused",
    )
    assert first.line == (14 if between == "\n" else 1)


def test_strings_that_many_entries_use_add_no_more_than_the_file_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bibtex, "SPARE_CHARS", 10_000)
    text = f"@string{{a={{{'word ' * 1000}}}}}\n"
    text += "".join(f"@misc{{k{n}, title={{T{n}}}, abstract=a}}\n" for n in range(500))
    papers, skipped = read(text)
    assert papers
    assert len(papers) + len(skipped) == 500
    assert sum(len(paper.abstract) for paper in papers) <= len(text) + 10_000


def test_strings_are_filled_in() -> None:
    text = '@string{a="To "} @string{b=a # {be}}\n@misc{k, title=b, abstract=a # "not" # a # b}'
    papers, _ = read(text)
    assert [(paper.title, paper.abstract) for paper in papers] == [("To be", "To notTo To be")]


@pytest.mark.parametrize("row", ['a","b', 'a,"', '"a', 'a,"b""'])
def test_marks_that_are_never_closed_are_read_a_few_times(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_read = 0
    true_next = table._Lines.__next__

    def counted(lines: table._Lines) -> str:
        nonlocal n_read
        n_read += 1
        return true_next(lines)

    monkeypatch.setattr(table._Lines, "__next__", counted)
    monkeypatch.setattr(table, "SPARE_CHARS", 0)
    read("title,abstract\n" + f"{row}\n" * 2_000)
    assert n_read < 2_000 * (table.READ_AGAIN + 4)


class _Counted(dict[int, int]):
    n_asked = 0

    def setdefault(self, key: int, default: int = 0) -> int:
        self.n_asked += 1
        return super().setdefault(key, default)


def test_papers_of_one_key_are_numbered_in_a_few_steps_each() -> None:
    identifiers = Identifiers()
    identifiers._titles = counted = _Counted()
    claimed = [identifiers.claim("k", f"title {n}") for n in range(500)]
    assert claimed[:3] == ["k", "k-2", "k-3"]
    assert len(set(claimed)) == 500
    assert [identifiers.claim("k", f"title {n}") for n in (0, 1, 499)] == ["k", "k-2", "k-500"]
    assert identifiers.claim("k-501", "another") == "k-501"
    assert identifiers.claim("k", "one more") == "k-502"
    assert counted.n_asked < 4 * 500


def test_a_text_over_many_lines_is_given_to_the_parser_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[str] = []
    true_loads = rispy.loads

    def loads(text: str, **options: object) -> object:
        given.append(text)
        return true_loads(text, **options)

    monkeypatch.setattr("assistant.ingest.readers.ris.rispy.loads", loads)
    ris = "TY  - JOUR\nTI  - T\nAB  - One\n" + "more\n" * 300 + "KW  - a\nb\nER  - \n"
    papers, _ = read(ris)
    assert papers[0].abstract == "One" + " more" * 300
    assert papers[0].keywords == ("a", "b")
    assert len(given[0].strip().splitlines()) == 6
    papers, _ = read("PMID- 1\nTI  - T\nAB  - One\n" + "      more\n" * 300)
    assert papers[0].abstract == "One" + " more" * 300


@pytest.mark.parametrize(
    "text", ["a" + "\u0301\u0323" * 2_000, ("\u00c3\x83" * 10 + "\u00a9") * 150]
)
def test_letters_are_repaired_in_short_pieces(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    true_fix = ftfy.fix_encoding

    def fix(piece: str) -> str:
        lengths.append(len(piece))
        return true_fix(piece)

    monkeypatch.setattr("ftfy.fix_encoding", fix)
    repair(text)
    assert max(lengths) <= 2_000


@pytest.mark.parametrize("value", ["1" * 4_000, "1e308", "NaN", "-1e999", "true", "null"])
def test_any_number_can_stand_in_any_field(value: str) -> None:
    fields = ", ".join(f'"{name}": {value}' for name in ("id", "year", "venue", "doi", "authors"))
    papers, _ = read(f'{{"title": "T", "abstract": "A", {fields}}}\n')
    assert [paper.title for paper in papers] == ["T"]


def test_an_item_that_is_nested_too_deep_costs_only_itself() -> None:
    deep = '{"title": "T", "abstract": "A", "x": ' + "[" * 5_000 + "]" * 5_000 + "}"
    good = '{"title": "Good", "abstract": "It can be read."}'
    papers, skipped = read(f"[{good.replace('Good', 'First')},\n{deep},\n{good}]")
    assert [paper.title for paper in papers] == ["First", "Good"]
    assert [one.line for one in skipped] == [2]


def test_a_name_of_a_thousand_letters_is_none() -> None:
    assert person("A" * 1_001) == ""
    assert keywords(["k" * 1_001, "cat"]) == ("cat",)


BROKEN: dict[Format, tuple[str, str]] = {
    "csv": ("title,abstract\n", "a,\n"),
    "jsonl": ('{"title": "T", "abstract": "A"}\n', "{}\n"),
    "bibtex": ("", "@misc{k, title={T}\n"),
    "ris": ("", "TY  - JOUR\n"),
    "medline": ("", "PMID- 1\n"),
    "wos": ("", "PT J\nER\n"),
    "refer": ("", "%0 Book\n"),
    "refworks": ("", "RT Book\n"),
    "ovid": ("", "<1>\n"),
    "cochrane": ("", "Record #1 of 9\n"),
    "arxiv": ('<feed xmlns="http://www.w3.org/2005/Atom">', "<entry/>"),
    "json": ('{"items": [{"title": "T", "abstract": "A"},', "{},"),
    "csl": ('[{"title": "T", "abstract": "A"},', "{},"),
    "wrapped": (
        "Title one\n\nWe show that words\nare many.\n\nTitle\n\nWe show that words\nare few.\n\n",
        "Lone\n\n",
    ),
    "arxiv-mail": ("", "\\\\\narXiv:2001.00001\nTitle: T\n\\\\ ( x )\n"),
    "pubmed-text": ("", "1. J. 2001.\n\nT\n\nPMID: 1\n\n"),
    "xml": ("<modsCollection>", "<mods/>"),
    "feed": ("Title one\n" + "word " * 50 + "\nTitle\n" + "word " * 50 + "\n", "Lone\n"),
}


@pytest.mark.parametrize("format", BROKEN)
def test_of_many_broken_records_the_first_are_named_and_the_rest_counted(format: Format) -> None:
    head, broken = BROKEN[format]
    _, skipped = read(head + broken * (MAX_SKIPPED + 501), format)
    assert len(skipped) == MAX_SKIPPED + 1
    assert all(one.line is not None and one.n_records == 1 for one in skipped[:-1])
    assert 499 <= (skipped[-1].n_records or 0) <= 502
    assert "more records were skipped" in skipped[-1].reason
    assert IngestReport(skipped=tuple(skipped)).n_skipped == MAX_SKIPPED + skipped[-1].n_records


def test_of_many_notices_the_first_are_told_and_the_rest_counted() -> None:
    rows = "".join(f"same,title {n},An abstract.\n" for n in range(MAX_NOTICES + 51))
    notices: list[str] = []
    papers = list(
        read_papers(io.BytesIO(f"id,title,abstract\n{rows}".encode()), notify=notices.append)
    )
    assert len(papers) == MAX_NOTICES + 51
    assert len(notices) == MAX_NOTICES + 1
    assert notices[-1] == "-: 50 more keys already belong to another paper"
