"""What the commands print: plain text to pipes, a little colour on terminals, JSON on request."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import signal
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO, cast

from assistant.accounts import (
    describe_notice,
    describe_paper,
    describe_text,
    describe_title,
    format_label,
)

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.answers import Answer
    from assistant.reports import IngestReport
    from assistant.surveys import ListedPaper, SurveyCount
    from assistant.types import (
        Citation,
        Paper,
        SearchResult,
        Sentence,
        Source,
        Usage,
    )

BROKEN_PIPE = 128 + getattr(signal, "SIGPIPE", 13)
_MAX_SHOWN_SKIPS = 20
_MAX_WIDTH = 100
_INDENT = "    "
# C0 and C1 controls but for tab and line feed, and those that turn the direction of writing:
# a title must neither drive the terminal nor show what it does not say.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def strip_controls(text: str) -> str:
    """Returns ``text`` without control characters, so that it cannot drive a terminal."""
    return _CONTROLS.sub("", text)


def escape_controls(text: str) -> str:
    """Returns JSON text with the controls that JSON allows in strings escaped."""
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def warn(message: str) -> None:
    """Prints one line to standard error."""
    try:
        print(strip_controls(f"assistant: {message}").replace("\n", " "), file=sys.stderr)
    except OSError:
        # Nobody reads the messages; that is no reason to leave the work undone.
        silence(sys.stderr)


def format_count(number: int, noun: str) -> str:
    """Returns a number with its noun, as '1 row' and '2,000 rows'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@contextmanager
def tell_stop() -> Iterator[None]:
    """Says what stopped a change of the library, where something does."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as stop:
        warn(
            f"stopped by {_name_stop(stop)}, and the library is as it was; give the same command "
            f"again, and it goes on from where it was"
        )
        raise


def _name_stop(stop: KeyboardInterrupt | SystemExit) -> str:
    if isinstance(stop, KeyboardInterrupt):
        return "Ctrl-C (SIGINT)"
    if stop.code == 128 + getattr(signal, "SIGHUP", 1):
        return "the end of its terminal (SIGHUP)"
    return "SIGTERM"


def warn_all(notices: Iterable[str]) -> None:
    """Prints each notice to standard error."""
    for notice in notices:
        warn(notice)


def say(text: str = "", *, style: str = "") -> None:
    """Prints text to standard output, styled where that is a terminal."""
    text = strip_controls(text)
    if style and sys.stdout.isatty():
        _console().print(text, style=style, markup=False, highlight=False, soft_wrap=True)
    else:
        print(text)


def say_json(value: Any, *, indent: int | None = 2) -> None:
    """Prints a JSON value to standard output; ``indent=None`` gives one line."""
    pretty = indent if sys.stdout.isatty() else None
    text = json.dumps(value, ensure_ascii=_needs_ascii(), indent=pretty)
    print(escape_controls(text), flush=True)


def say_file(pieces: Iterable[str]) -> None:
    """Prints a file's text as it is, in UTF-8; a terminal gets it without controls."""
    shown = sys.stdout.isatty()
    cast(TextIOWrapper, sys.stdout).reconfigure(encoding="utf-8")
    for piece in pieces:
        sys.stdout.write(strip_controls(piece) if shown else piece)


def output_fails() -> bool:
    """Returns whether what was printed cannot be brought to standard output."""
    try:
        sys.stdout.flush()
    except OSError:
        return True
    return False


def silence(stream: TextIO) -> None:
    """Points a standard stream at nothing, after its reader went away or its disk was full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say_answer(answer: Answer) -> None:
    """Prints an answer with its quotations' places, or an abstention with the closest papers."""
    if answer.abstention is not None:
        say(_wrap(answer.text))
        titles = {s.paper_id: s.shown_title for s in answer.sources}
        if answer.abstention.closest:
            say("\nClosest papers", style="bold")
            nearest = {citation.paper_id: citation for citation in answer.abstention.nearest}
            for paper_id in answer.abstention.closest:
                say(_wrap(f"{titles.get(paper_id, paper_id)}  ({paper_id})", "  "))
                if citation := nearest.get(paper_id):
                    told = describe_paper(citation)
                    whose = f" ({told})" if told else ""
                    say(_wrap(f"“{citation.quote}”{whose}", _INDENT))
        return
    if not answer.sentences:
        for line in answer.text.splitlines():
            say(_wrap(line, hanging="  " if line.startswith("- ") else None))
        say_sources(answer)
        return
    for remark in filter(None, (answer.caveat, answer.correction)):
        say(_wrap(remark))
    if answer.survey is not None:
        say(_wrap(answer.survey.heading), style="bold")
    say(f"{answer.provenance}:", style="bold")
    if answer.survey is not None and answer.survey.papers:
        _say_listed(answer, answer.survey.papers)
        return
    for sentence in answer.sentences:
        say(_wrap(format_sentence(sentence), "  "))
    say_sources(answer)


def _say_listed(answer: Answer, listed: Sequence[ListedPaper]) -> None:
    """Prints each paper by name, then its sentences and where they are; a comparison as a table."""
    if answer.survey is not None and answer.survey.is_table:
        _say_table(answer, answer.survey)
        say_sources(answer)
        return
    group = ""
    for one in listed:
        if one.group != group:
            group = one.group
            say(f"\n{_wrap(group)}", style="bold")
        say(_wrap(f"[{one.label}] {one.name}", "  ", _INDENT + "  "), style="bold")
        sentences = [answer.sentences[place] for place in one.sentences]
        for sentence in sentences:
            said = f" ({sentence.remark})" if sentence.remark else ""
            say(_wrap(f"{sentence.text}{said}", _INDENT + "  "))
        places = ", ".join(_describe_place(c) for s in sentences for c in s.citations)
        say(_wrap(f"{one.paper_id}: {places}", _INDENT + "  "), style="dim")


def _say_table(answer: Answer, survey: SurveyCount) -> None:
    """Prints a row for each paper: its name, what was asked of it, and what it says."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from assistant.surveys import lay_out_table

    columns, rows = lay_out_table(survey, answer.sentences)
    table = Table(*columns, show_lines=True)
    for i, column in enumerate(table.columns):
        column.ratio = 1 if i == 0 else 2
    for one, cells in rows:
        said = ("\n".join(map(format_sentence, cell)) for cell in cells)
        shown = (f"[{one.label}] {one.name}", *said)
        table.add_row(*(Text(strip_controls(cell)) for cell in shown))
    width = min(shutil.get_terminal_size().columns, _MAX_WIDTH) if sys.stdout.isatty() else None
    Console(width=width or _MAX_WIDTH).print(table)


def _describe_place(citation: Citation) -> str:
    if citation.of_title:
        return citation.place
    return f"{citation.place} (characters {citation.start}-{citation.end})"


def format_sentence(sentence: Sentence) -> str:
    """Returns a sentence with its labels and, in words, what its check found wrong."""
    labels = "".join(dict.fromkeys(map(format_label, sentence.citations)))
    said = sentence.remark
    return " ".join(part for part in (sentence.text, labels, f"({said})" if said else "") if part)


def say_sources(answer: Answer) -> None:
    """Prints what an answer leaves open and the papers that it cites, with its quotes' places.

    What an LLM wrote does not hold the quotes, so they are printed too.
    """
    if open_end := answer.shortfall:
        say(_wrap(open_end, "  "))
    cited = [source for source in answer.sources if source.cited]
    if cited:
        say("\nSources", style="bold")
    for source in cited:
        _say_source(answer, source)


def _say_source(answer: Answer, source: Source) -> None:
    year = f" ({source.year})" if source.year else ""
    say(_wrap(f"[{source.label}] {source.title}{year}", "  ", _INDENT + "  "))
    found = (c for s in answer.sentences for c in s.citations if c.paper_id == source.paper_id)
    places = {_describe_place(c): c.quote for c in found}
    told = describe_paper(source)
    for suspect in source.suspect:
        say(_wrap(suspect.reason, _INDENT + "  "), style="dim")
    if answer.mode == "extractive":
        line = "; ".join(filter(None, (f"{source.paper_id}: {', '.join(places)}", told)))
        say(_wrap(line, _INDENT + "  "), style="dim")
        return
    say(f"{_INDENT}  {'; '.join(filter(None, (source.paper_id, told)))}", style="dim")
    for place, quote in places.items():
        say(_wrap(f"“{quote}” {place}", _INDENT + "  "), style="dim")


def format_usage(usage: Usage) -> str:
    """Returns '2,310 + 180 tokens, up to 0.0007 USD': of prompts and replies; '' without any.

    The price is missing where none is known.
    """
    if not usage.prompt_tokens and not usage.completion_tokens:
        return ""
    line = f"{usage.prompt_tokens:,} + {usage.completion_tokens:,} tokens"
    if usage.cost_usd is None:
        return line
    # Rounded up: it is the most that it cost, and something is never nothing.
    dollars = math.ceil(round(usage.cost_usd * 10_000, 6)) / 10_000
    return f"{line}, up to {dollars:.4f} USD"


def say_results(results: Sequence[SearchResult]) -> None:
    """Prints ranked papers, each with its best matching sentence."""
    for rank, result in enumerate(results, start=1):
        paper = result.paper
        year = f" ({paper.year})" if paper.year else ""
        say(_wrap(f"{rank:>3}. {paper.title}{year}", "", _INDENT + " "), style="bold")
        if result.sentence is not None:
            quote = paper.abstract[result.sentence.start : result.sentence.end]
            say(_wrap(quote, _INDENT + " "))
        line = f"{paper.paper_id}  score {result.score:.3f}  {describe_paper(paper)}"
        say(f"{_INDENT} {line.rstrip()}", style="dim")


def say_report(report: IngestReport) -> None:
    """Prints what an ingestion changed and what it skipped."""
    counts = [
        f"{len(report.added)} added",
        f"{len(report.updated)} updated",
        f"{len(report.unchanged)} unchanged",
        f"{len(report.removed)} removed",
        f"{report.n_skipped} skipped",
    ]
    if report.n_copies:
        counts.append(f"{report.n_copies} {'copy' if report.n_copies == 1 else 'copies'}")
    say(", ".join(counts))
    for copy in report.copies[:_MAX_SHOWN_SKIPS]:
        warn(f"{copy.title!r} went into {copy.paper_id}: {copy.paper_title!r}")
    if (n_more := report.n_copies - len(report.copies[:_MAX_SHOWN_SKIPS])) > 0:
        warn(f"and {n_more:,} more copies; --json names more of them")
    for skipped in report.skipped[:_MAX_SHOWN_SKIPS]:
        where = skipped.file if skipped.line is None else f"{skipped.file}:{skipped.line}"
        warn(f"skipped {where}: {skipped.reason}")
    n_more = report.n_skipped - sum(s.n_records or 1 for s in report.skipped[:_MAX_SHOWN_SKIPS])
    if n_more:
        warn(f"and {n_more} more skipped; --json names more of them")


def say_paper(paper: Paper) -> None:
    """Prints one paper's record."""
    say(paper.title, style="bold")
    fields = {
        "id": paper.paper_id,
        "authors": "; ".join(paper.authors),
        "year": paper.year,
        "type": paper.entry_type,
        "venue": paper.venue,
        "editors": "; ".join(paper.editors),
        "volume": paper.volume,
        "issue": paper.issue,
        "pages": paper.pages,
        "publisher": paper.publisher,
        "keywords": "; ".join(paper.keywords),
        "doi": paper.doi,
        "arXiv": paper.arxiv_id,
        "url": paper.url,
        "source": paper.source,
        "notice": describe_notice(paper.notice),
        "title": describe_title(paper.title_kind),
        "text": describe_text(paper.text_kind),
    }
    from assistant.evidence.injection import list_suspect

    for name, value in fields.items():
        if value:
            say(f"{name + ':':<10}{value}")
    say()
    say(_wrap(paper.abstract or "No abstract."))
    for suspect in list_suspect(paper):
        say(_wrap(suspect.reason), style="dim")


def _wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    if not sys.stdout.isatty():
        return indent + text
    width = min(shutil.get_terminal_size().columns, _MAX_WIDTH)
    return textwrap.fill(
        text,
        width=width,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _console() -> Console:
    from rich.console import Console

    return Console()


def _needs_ascii() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
