"""The papers that answers cite as a table of comma-separated values, a row for each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from assistant.surveys import is_quotation
from assistant.types import Sentence, Source

COLUMNS = (
    "question",
    "label",
    "paper_id",
    "title",
    "authors",
    "year",
    "venue",
    "doi",
    "url",
    "text_kind",
    "notice",
    "detail",
    "verdict",
    "quotes",
)

_FORMULA = re.compile(r"^[=+\-@\t\r]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class CitedAnswer(Protocol):
    """What a table reads of an ``Answer``."""

    @property
    def question(self) -> str: ...  # noqa: D102 - as Answer has them
    @property
    def sentences(self) -> tuple[Sentence, ...]: ...  # noqa: D102
    @property
    def sources(self) -> tuple[Source, ...]: ...  # noqa: D102
    @property
    def abstained(self) -> bool: ...  # noqa: D102


def write_table(answers: Sequence[CitedAnswer]) -> str:
    """Returns a row for each paper that each of ``answers`` cites, under a row of names.

    ``detail`` are an LLM's sentences that rest on the paper, ``verdict`` those of their checks,
    and ``quotes`` what was taken from it; several are on lines of their own. A cell that a
    spreadsheet would take for a formula begins with an apostrophe.

    Source: RFC 4180; OWASP, "CSV Injection".
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for answer in answers:
        cited = [] if answer.abstained else [s for s in answer.sources if s.cited]
        for source in cited:
            writer.writerow(map(_make_inert, _list_cells(answer, source)))
    return text.getvalue()


def _list_cells(answer: CitedAnswer, source: Source) -> Iterable[str]:
    own = [s for s in answer.sentences if any(c.paper_id == source.paper_id for c in s.citations)]
    quotes = (c.quote for s in own for c in s.citations if c.paper_id == source.paper_id)
    details = [sentence for sentence in own if not is_quotation(sentence)]
    return (
        answer.question,
        source.label,
        source.paper_id,
        source.shown_title,
        "; ".join(source.authors),
        str(source.year or ""),
        source.venue or "",
        source.doi or "",
        source.url or "",
        source.text_kind,
        source.notice or "",
        "\n".join(sentence.text for sentence in details),
        "\n".join(sentence.verdict for sentence in details),
        "\n".join(dict.fromkeys(quotes)),
    )


def _make_inert(cell: str) -> str:
    """Returns a cell that is shown as the text it is."""
    cell = _CONTROLS.sub(" ", cell)
    return f"'{cell}" if _FORMULA.match(cell) else cell
