"""An answer as Markdown, or the papers it cites as CSV, BibTeX, CSL-JSON or RIS.

The numbers of the answer are kept, and every paper carries the quotes that were taken from it.
What papers and models wrote is inert in the Markdown: it shows as the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol, get_args

from assistant.accounts import describe_notice, describe_paper, format_label
from assistant.errors import QuestionError
from assistant.export.forms import find_title
from assistant.export.papers import export_papers
from assistant.export.table import write_table
from assistant.surveys import ListedPaper, SurveyCount, lay_out_table
from assistant.types import (
    Abstention,
    AnswerFormat,
    BibliographyFormat,
    Citation,
    Paper,
    Sentence,
    Source,
)

ANSWER_FORMATS: tuple[AnswerFormat, ...] = get_args(AnswerFormat)

MAX_AUTHORS = 10
"""Authors named in a Markdown reference; the bibliographic formats name all."""

_MARKUP = re.compile(r"[\\`*_{}\[\]<>&~|$^@#]|(?<=:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
_BLOCK_START = re.compile(r"\A(\d*)(?=[.)+=:-])")
# Controls, and the signs that turn the direction of writing: neither shows, both mislead.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(r"https?://[^\s<>\x00-\x1f\x7f-\x9f]+", re.IGNORECASE)


class CitedAnswer(Protocol):
    """What an export reads of an ``Answer``, which hands itself over."""

    @property
    def question(self) -> str: ...  # noqa: D102 - as Answer has them
    @property
    def standalone_question(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def sentences(self) -> tuple[Sentence, ...]: ...  # noqa: D102
    @property
    def sources(self) -> tuple[Source, ...]: ...  # noqa: D102
    @property
    def abstention(self) -> Abstention | None: ...  # noqa: D102
    @property
    def abstained(self) -> bool: ...  # noqa: D102
    @property
    def survey(self) -> SurveyCount | None: ...  # noqa: D102
    @property
    def caveat(self) -> str: ...  # noqa: D102
    @property
    def correction(self) -> str: ...  # noqa: D102
    @property
    def shortfall(self) -> str: ...  # noqa: D102
    @property
    def provenance(self) -> str: ...  # noqa: D102
    @property
    def notices(self) -> tuple[str, ...]: ...  # noqa: D102


def export_answers(answers: Sequence[CitedAnswer], format: AnswerFormat) -> str:
    """Returns ``answers`` of one library as the text of a file.

    ``markdown`` is one section an answer, ``csv`` a row for each paper that an answer cites; the
    other formats hold each paper cited once.

    Raises:
        QuestionError: ``format`` is none of ANSWER_FORMATS.
    """
    if format == "markdown":
        return "\n".join(map(write_markdown, answers))
    if format == "csv":
        return write_table(answers)
    if format not in ANSWER_FORMATS:
        raise QuestionError(
            f"{format!r} is not a format for answers; use one of {', '.join(ANSWER_FORMATS)}"
        )
    return write_bibliography(answers, format)


def write_markdown(answer: CitedAnswer) -> str:
    """Returns the answer as a Markdown section: question, text, and references with quotes.

    Sentences that did not pass their check are marked in words. An abstention is its message and
    the closest papers.
    """
    blocks = [f"## {_escape(answer.question)}"]
    if answer.standalone_question != answer.question:
        blocks.append(f"*Asked as: {_escape(answer.standalone_question)}*")
    blocks += map(_escape, (answer.caveat, answer.correction))
    if answer.survey is not None and not answer.abstained:
        blocks.append(_escape(answer.survey.heading))
    if answer.survey is not None and answer.survey.papers:
        blocks.append(_format_listed(answer, answer.survey))
    else:
        blocks.append(_format_text(answer))
    if not answer.abstained:
        blocks.append(_escape(answer.shortfall))
        if answer.sentences or _list_cited(answer):
            blocks.append(f"*{_escape(answer.provenance)}.*")
    blocks += [f"*Note: {text}*" for notice in answer.notices if (text := _escape(notice))]
    if answer.abstention is not None:
        sources = {source.paper_id: source for source in answer.sources}
        closest = [sources[i] for i in answer.abstention.closest if i in sources]
        if closest:
            blocks.append("### Closest papers")
            nearest = {citation.paper_id: citation for citation in answer.abstention.nearest}
            for source in closest:
                blocks.append(f"- {_format_reference(source)}")
                if citation := nearest.get(source.paper_id):
                    blocks.append(f"  > {_format_quote(citation)}")
    elif cited := _list_cited(answer):
        blocks.append("### References")
        for source in cited:
            blocks.append(f"[{source.label}] {_format_reference(source)}")
            blocks += [f"> {_format_quote(c)}" for c in _list_quotes(answer, source)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _format_quote(citation: Citation) -> str:
    return f"“{_escape(citation.quote, starts_line=False)}” ({_describe_place(citation)})"


def write_bibliography(answers: Sequence[CitedAnswer], format: BibliographyFormat) -> str:
    """Returns the papers that ``answers`` of one library cite, each once, as a file's text.

    They come in the order of the answers and of their numbers. With several answers each note
    says to which question it belongs, since every answer counts its papers from 1.
    """
    papers: dict[str, Paper] = {}
    notes: dict[str, list[str]] = {}
    for answer in answers:
        question = f"; to “{answer.question}”" if len(answers) > 1 else ""
        for source in _list_cited(answer):
            papers.setdefault(source.paper_id, _to_paper(source))
            notes.setdefault(source.paper_id, []).extend(
                f"[{source.label}] “{c.quote}” ({_describe_place(c)}{question})"
                for c in _list_quotes(answer, source)
            )
    return "".join(export_papers(papers.values(), format, notes=notes))


def _list_cited(answer: CitedAnswer) -> list[Source]:
    """Returns the sources that are cited, in the order of their numbers."""
    if answer.abstained:
        return []
    cited = [source for source in answer.sources if source.cited]
    return sorted(cited, key=lambda source: (len(source.label), source.label))


def _list_quotes(answer: CitedAnswer, source: Source) -> list[Citation]:
    """Returns each quote from ``source`` once, in the order of the answer."""
    found = (c for s in answer.sentences for c in s.citations if c.paper_id == source.paper_id)
    return list({(c.start, c.end): c for c in found}.values())


def _describe_place(citation: Citation) -> str:
    """Returns 'sentence 2', and what else is to be known of it."""
    return "; ".join(filter(None, (citation.place, describe_paper(citation))))


def _to_paper(source: Source) -> Paper:
    """Returns what an answer knows of a paper: all but its abstract and keywords."""
    return Paper(
        paper_id=source.paper_id,
        title=source.title,
        abstract="",
        authors=source.authors,
        year=source.year,
        venue=source.venue,
        doi=source.doi,
        arxiv_id=source.arxiv_id,
        url=source.url,
        title_kind=source.title_kind,
        entry_type=source.entry_type,
        editors=source.editors,
        volume=source.volume,
        issue=source.issue,
        pages=source.pages,
        publisher=source.publisher,
        notice=source.notice,
        original_title=source.original_title,
        family_names=source.family_names,
    )


def _format_text(answer: CitedAnswer) -> str:
    """Returns the answer's sentences with their numbers and remarks, as one paragraph."""
    if answer.abstained or not answer.sentences:
        first, *rest = map(_escape_line, answer.text.splitlines() or [""])
        return "\n\n".join(filter(None, (first, "\n".join(rest))))
    parts = []
    for index, sentence in enumerate(answer.sentences):
        parts.append(_escape(sentence.text, starts_line=index == 0))
        if labels := dict.fromkeys(map(format_label, sentence.citations)):
            parts.append("".join(labels))
        if said := sentence.remark:
            parts.append(f"**({_escape(said, starts_line=False)})**")
    return " ".join(parts)


def _escape_line(line: str) -> str:
    """Returns a line of an answer, which is an item of a list where it begins as one."""
    item = line.startswith("- ")
    return f"- {_escape(line[2:])}" if item else _escape(line)


def _format_listed(answer: CitedAnswer, survey: SurveyCount) -> str:
    """Returns a line for each paper with its name and sentences, of a comparison a table's row.

    Groups have their names above them.
    """
    if survey.is_table:
        return _format_table(answer, survey)
    blocks = []
    for group, papers in survey.groups:
        lines = [f"- {name}: {said}" for name, said in _describe_listed(answer, papers)]
        blocks += [f"**{_escape(group)}**"] if group else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _format_table(answer: CitedAnswer, survey: SurveyCount) -> str:
    columns, rows = lay_out_table(survey, answer.sentences)
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    for one, cells in rows:
        said = (" ".join(map(_format_said, cell)) for cell in cells)
        lines.append(f"| {' | '.join((_format_name(one), *said))} |")
    return "\n".join(lines)


def _describe_listed(
    answer: CitedAnswer, papers: Sequence[ListedPaper]
) -> Iterator[tuple[str, str]]:
    """Yields each paper's name with its number, and its sentences with their remarks."""
    for one in papers:
        said = (_format_said(answer.sentences[place]) for place in one.sentences)
        yield _format_name(one), " ".join(said)


def _format_name(one: ListedPaper) -> str:
    return f"{_escape(one.name, starts_line=False)} [{one.label}]"


def _format_said(sentence: Sentence) -> str:
    remark = f" **({_escape(sentence.remark)})**" if sentence.remark else ""
    return _escape(sentence.text, starts_line=False) + remark


def _format_reference(source: Source) -> str:
    """Returns 'Authors (year). *Title*. Venue. <link>', without what is not known."""
    title = _escape(find_title(_to_paper(source)), starts_line=False) or _escape(
        source.paper_id, starts_line=False
    )
    year = f" ({source.year})" if source.year else ""
    names = [_escape(name, starts_line=False) for name in source.authors[:MAX_AUTHORS]]
    if len(source.authors) > MAX_AUTHORS:
        names.append("et al.")
    parts = []
    if names:
        parts.append(_end_sentence(f"{', '.join(names)}{year}"))
        year = ""
    # The full stop is left away where the title ends with a stop of its own.
    parts.append(_end_sentence(f"*{title}*{year}", said=title if not year else ""))
    if venue := _escape(source.venue or "", starts_line=False):
        parts.append(_end_sentence(venue))
    if source.url:
        link = source.url.strip()
        parts.append(f"<{link}>" if _LINK.fullmatch(link) else _escape(link, starts_line=False))
    parts += [_end_sentence(said.capitalize())] if (said := describe_notice(source.notice)) else []
    parts += [_escape(suspect.reason, starts_line=False) for suspect in source.suspect]
    return " ".join(parts)


def _end_sentence(text: str, said: str | None = None) -> str:
    """Returns ``text`` with a full stop, unless ``said``, by default itself, ends a sentence."""
    if (text if said is None else said).endswith((".", "?", "!")):
        return text
    # After www a full stop makes a link of what comes next.
    return f"{text}\\." if text.lower().endswith("www") else f"{text}."


def _escape(text: str, *, starts_line: bool = True) -> str:
    """Returns ``text`` as one line of Markdown that shows it and does nothing.

    Source: CommonMark 0.31.2, section 2.4: a backslash before any ASCII punctuation makes it
    literal. GitHub's, Pandoc's and Obsidian's additions (tables, formulas, bare links, mentions)
    go by the same rule.
    """
    text = " ".join(_CONTROLS.sub(" ", text).split())
    escaped = _MARKUP.sub(lambda sign: f"\\{sign.group()}", text)
    return _BLOCK_START.sub(r"\1\\", escaped) if starts_line else escaped
