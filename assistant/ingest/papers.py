"""Records become papers: repaired, identified, and refused where they lack what is needed."""

from __future__ import annotations

import re
from typing import cast, get_args

from assistant.accounts import mark_first_words
from assistant.ingest import identity
from assistant.ingest.entry_types import settle_entry_type
from assistant.ingest.notices import find_notice
from assistant.ingest.pages import normal_pages
from assistant.ingest.placeholders import is_missing_title, is_placeholder
from assistant.ingest.record import Record
from assistant.reports import Skipped
from assistant.text.half_characters import holds_broken_bytes, mend_halves
from assistant.text.hidden import strip_hidden
from assistant.text.person_names import keywords, person, split_family_names
from assistant.text.repair import collapse, repair
from assistant.types import Paper, TextKind, TitleKind

MAX_ABSTRACT_CHARS = 100_000
"""Fifty times a long abstract: beyond it the field holds a whole text or a broken file."""

MAX_TITLE_CHARS = 2_000

_STAR = re.compile(r"(?:^|(?<=/))\*+(?=\w)")
"""How PubMed and PsycINFO mark the keywords that a paper is mainly on; '*-algebra' is no mark."""


TITLE_WORDS = 12
"""Words of the abstract that stand for a title: about as many as titles have."""

_TITLE_CHARS = 120


def paper_from(
    record: Record,
    file: str,
    identifiers: identity.Identifiers,
    *,
    keep_without_abstract: bool = False,
) -> Paper | Skipped:
    """Returns the paper that ``record`` describes, or why it describes none.

    One without a title gets the first words of its abstract for one, which ``title_kind`` says.
    One without an abstract is a paper only if that is asked for.
    """
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
    title = "" if is_missing_title(title) else title
    abstract = "" if is_placeholder(abstract) else abstract
    kind: TitleKind = "given"
    first_words = find_first_words(abstract)
    is_marked = record.title_kind == "first words" or title == mark_first_words(first_words)
    if first_words and (is_marked or not title):
        title, kind = first_words, "first words"
    if not title or not (abstract or keep_without_abstract):
        lacks = "abstract" if title else "title" if abstract else "title and no abstract"
        reason = f"{_name(record)} has no {lacks}"
        return Skipped(file, record.line, reason, lacks_abstract=bool(title))
    kinds = get_args(TextKind)
    if record.text_kind not in kinds:
        fault = f"the text_kind {mend_halves(record.text_kind)!r} is none of {', '.join(kinds)}"
        return Skipped(file, record.line, f"{_name(record)}: {fault}")
    doi = identity.normal_doi(record.doi and mend_halves(record.doi))
    arxiv_id = identity.normal_arxiv_id(record.arxiv_id) or identity.find_arxiv_id(
        doi, record.url, record.venue, record.arxiv_id
    )
    key = mend_halves(record.key) if record.key and not is_placeholder(record.key) else None
    wanted = identity.paper_id(key, title, doi, arxiv_id)
    # Many abstracts begin with the same words.
    paper_id = identifiers.claim(wanted, title if kind == "given" else abstract)
    if key and paper_id != wanted:
        identifiers.notify(
            f"{file}:{record.line}: the key {wanted!r} already belongs to another paper; "
            f"{title[:60]!r} is kept as {paper_id!r}"
        )
    authors, editors = _people(record.authors), _people(record.editors)
    whole, family_names = split_family_names([*authors, *editors])
    return Paper(
        paper_id=paper_id,
        title=title,
        abstract=abstract,
        authors=whole[: len(authors)],
        year=record.year,
        venue=_short(record.venue),
        keywords=_keywords(record.keywords),
        doi=doi,
        arxiv_id=arxiv_id,
        url=identity.normal_url(record.url and strip_hidden(mend_halves(record.url))),
        original_title=_original(record.raw_title or record.title, title)
        if kind == "given"
        else None,
        original_abstract=_original(record.raw_abstract or record.abstract, abstract),
        source=file,
        title_kind=kind,
        text_kind=cast(TextKind, record.text_kind),
        entry_type=settle_entry_type(record.entry_type, _short(record.venue), arxiv_id),
        editors=whole[len(authors) :],
        volume=_short(record.volume),
        issue=_short(record.issue),
        pages=normal_pages(_short(record.pages)),
        publisher=_short(record.publisher),
        notice=find_notice(title, types=(record.notice,)),
        family_names=family_names,
    )


def find_first_words(abstract: str) -> str:
    """Returns the words that stand for a missing title, '' where there are none."""
    words = abstract.split(maxsplit=TITLE_WORDS)[:TITLE_WORDS]
    text = " ".join(words)[:_TITLE_CHARS].rstrip()
    return text if len(text) == len(abstract) or not text else f"{text} \u2026"


def _people(names: tuple[str, ...]) -> tuple[str, ...]:
    return _present(tuple(name for text in names if (name := person(mend_halves(text)))))


def _keywords(values: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = keywords([mend_halves(value) for value in values])
    return _present(keywords([_STAR.sub("", value) for value in cleaned]))


def _present(values: tuple[str, ...]) -> tuple[str, ...]:
    """Returns ``values`` unless all are placeholders: beside others 'NA' may be a keyword."""
    return () if all(map(is_placeholder, values)) else values


def _short(text: str | None) -> str | None:
    short = repair(mend_halves(text)) if text else ""
    return None if not short or is_placeholder(short) else short


def _name(record: Record) -> str:
    text = collapse(mend_halves(record.key or record.title or record.abstract))[:60]
    return repr(text) if text else "the record"


def _original(raw: str, text: str) -> str | None:
    """Returns ``raw`` if more than its line breaks and spaces differ from ``text``."""
    raw = mend_halves(raw)
    return None if collapse(raw) == text else raw
