"""Records become papers: repaired, identified, and refused where they lack what is needed."""

from __future__ import annotations

from typing import cast, get_args

from assistant.ingest import identity
from assistant.ingest.record import Record
from assistant.reports import Skipped
from assistant.text.half_characters import holds_broken_bytes, mend_halves
from assistant.text.hidden import strip_hidden
from assistant.text.person_names import keywords, person
from assistant.text.repair import collapse, repair
from assistant.types import Paper, TextKind

MAX_ABSTRACT_CHARS = 100_000
"""Fifty times a long abstract: beyond it the field holds a whole text or a broken file."""

MAX_TITLE_CHARS = 2_000


def paper_from(record: Record, file: str, identifiers: identity.Identifiers) -> Paper | Skipped:
    """Returns the paper that ``record`` describes, or why it describes none."""
    for field, text, limit in (
        ("title", record.title, MAX_TITLE_CHARS),
        ("abstract", record.abstract, MAX_ABSTRACT_CHARS),
    ):
        fault = None
        if len(text) > limit:
            fault = f"has {len(text):,} characters, the limit is {limit:,}"
        elif holds_broken_bytes(text):
            fault = "holds bytes that are no UTF-8 text"
        if fault:
            return Skipped(file, record.line, f"{_name(record)}: the {field} {fault}")
    title, abstract = repair(mend_halves(record.title)), repair(mend_halves(record.abstract))
    if not title or not abstract:
        lacks = "abstract" if title else "title" if abstract else "title and no abstract"
        return Skipped(file, record.line, f"{_name(record)} has no {lacks}")
    kinds = get_args(TextKind)
    if record.text_kind not in kinds:
        fault = f"the text_kind {mend_halves(record.text_kind)!r} is none of {', '.join(kinds)}"
        return Skipped(file, record.line, f"{_name(record)}: {fault}")
    doi = identity.normal_doi(record.doi and mend_halves(record.doi))
    arxiv_id = identity.normal_arxiv_id(record.arxiv_id) or identity.find_arxiv_id(
        doi, record.url, record.venue, record.arxiv_id
    )
    wanted = identity.paper_id(record.key and mend_halves(record.key), title, doi, arxiv_id)
    paper_id = identifiers.claim(wanted, title)
    if record.key and paper_id != wanted:
        identifiers.notify(
            f"{file}:{record.line}: the key {wanted!r} already belongs to another paper; "
            f"{title[:60]!r} is kept as {paper_id!r}"
        )
    return Paper(
        paper_id=paper_id,
        title=title,
        abstract=abstract,
        authors=tuple(name for author in record.authors if (name := person(mend_halves(author)))),
        year=record.year,
        venue=_short(record.venue),
        keywords=keywords([mend_halves(keyword) for keyword in record.keywords]),
        doi=doi,
        arxiv_id=arxiv_id,
        url=identity.normal_url(record.url and strip_hidden(mend_halves(record.url))),
        original_title=_original(record.raw_title or record.title, title),
        original_abstract=_original(record.raw_abstract or record.abstract, abstract),
        source=file,
        text_kind=cast(TextKind, record.text_kind),
        entry_type=record.entry_type,
        editors=tuple(name for editor in record.editors if (name := person(mend_halves(editor)))),
        volume=_short(record.volume),
        issue=_short(record.issue),
        pages=_short(record.pages),
        publisher=_short(record.publisher),
        notice=record.notice,
    )


def _short(text: str | None) -> str | None:
    return (repair(mend_halves(text)) or None) if text else None


def _name(record: Record) -> str:
    text = collapse(mend_halves(record.key or record.title or record.abstract))[:60]
    return repr(text) if text else "the record"


def _original(raw: str, text: str) -> str | None:
    """Returns ``raw`` if more than its line breaks and spaces differ from ``text``."""
    raw = mend_halves(raw)
    return None if collapse(raw) == text else raw
