"""Papers as BibTeX, RIS, CSL-JSON or JSON Lines, one at a time.

What is written reads back through assistant.ingest as the same papers under the same ids. The
file's own text before repair (``original_title``, ``original_abstract``) goes into JSON Lines only,
but for titles with TeX's braces, which BibTeX keeps. Notes go into the others only; of them those
are read back that say that an abstract is an account, or what the publisher has declared.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from assistant.accounts import ACCOUNT_NOTE
from assistant.errors import QuestionError
from assistant.export.forms import find_form, find_title, list_remarks
from assistant.text.latex import decode, encode, is_balanced
from assistant.text.person_names import join_keywords, name_parts, with_family_first
from assistant.text.repair import collapse, repair
from assistant.types import Paper, PaperFormat

PAPER_FORMATS: tuple[PaperFormat, ...] = get_args(PaperFormat)
_NO_TEX = re.compile(r"[@<]|\\\Z")
"""What a title in TeX hardly has, and what would end it or begin another entry."""

_PAGE_RANGE = re.compile(r"(?<=\w)-(?=\w)")
_WHOLE_RANGE = re.compile(r"([^\s-]+)-([^\s-]+)")
_NO_NOTES: Mapping[str, Sequence[str]] = {}


def export_papers(
    papers: Iterable[Paper],
    format: PaperFormat,
    *,
    notes: Mapping[str, Sequence[str]] = _NO_NOTES,
) -> Iterator[str]:
    """Yields ``papers`` as the text of a file in ``format``, piece by piece; join with nothing.

    Args:
        papers: what to write, in this order.
        format: one of PAPER_FORMATS.
        notes: paper id -> notes to write with it: ``annote`` in BibTeX, which styles do not
            print, ``N1`` in RIS, ``note`` in CSL-JSON. JSON Lines has no place for any.

    Raises:
        QuestionError: ``format`` is none of PAPER_FORMATS.
    """
    if format == "csl":
        return _stream_array(papers, notes)
    if format not in _WRITERS:
        raise QuestionError(
            f"{format!r} is not a format to export to; use one of {', '.join(PAPER_FORMATS)}"
        )
    write = _WRITERS[format]
    return (write(paper, _list_notes(paper, notes)) for paper in papers)


def _part_names(paper: Paper) -> Paper:
    """Returns ``paper`` with commas in the names that cannot be parted without them."""
    families = frozenset(paper.family_names)
    authors, editors = (
        tuple(with_family_first(name, families) for name in names)
        for names in (paper.authors, paper.editors)
    )
    return dataclasses.replace(paper, authors=authors, editors=editors)


def _list_notes(paper: Paper, notes: Mapping[str, Sequence[str]]) -> list[str]:
    """Returns the notes of ``paper``, first of all that its abstract is an account if it is."""
    told = [ACCOUNT_NOTE] if paper.text_kind == "account" else []
    return [*told, *notes.get(paper.paper_id, ())]


def _format_bibtex(paper: Paper, notes: Sequence[str]) -> str:
    """Returns a BibTeX entry; signs that LaTeX would read otherwise are escaped."""
    paper = _part_names(paper)
    form = find_form(paper)
    values = {
        "title": _format_bibtex_title(paper),
        "author": _format_bibtex_names(paper.authors),
        "editor": _format_bibtex_names(paper.editors),
        form.bibtex_venue: encode(paper.venue or ""),
        form.bibtex_publisher: encode(paper.publisher or ""),
        "year": str(paper.year or ""),
        "volume": encode(paper.volume or ""),
        "number": encode(paper.issue or ""),
        "pages": _PAGE_RANGE.sub("--", encode(paper.pages or "")),
        "note": "; ".join([*_tell_type(paper), *list_remarks(paper)]),
        "keywords": encode(join_keywords(paper.keywords)),
        "doi": paper.doi or "",
        "eprint": paper.arxiv_id or "",
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "url": paper.url or "",
        "abstract": encode(paper.abstract),
        "annote": encode("\n".join(map(_join_lines, notes))),
    }
    fields = [Field(name, f"{{{value}}}") for name, value in values.items() if value]
    entry = Entry(form.bibtex, paper.paper_id, fields)
    return write_string(Library([entry]), unparse_stack=[]) + "\n"


def _tell_type(paper: Paper) -> list[str]:
    """Returns that ``paper`` is a preprint, which BibTeX can say in a note or by an arXiv id."""
    return ["Preprint"] if paper.entry_type == "preprint" and not paper.arxiv_id else []


def _format_bibtex_title(paper: Paper) -> str:
    """Returns the title as the file that was read had it, if that is TeX that says the same.

    So braces that keep capitals are kept.
    """
    raw = collapse(paper.original_title or "")
    is_tex = "{" in raw and not _NO_TEX.search(raw) and is_balanced(raw)
    if is_tex and repair(decode(raw, braces=True)) == paper.title:
        return raw
    return encode(find_title(paper))


def _format_bibtex_names(names: Sequence[str]) -> str:
    return " and ".join(map(_format_bibtex_name, names))


def _format_bibtex_name(name: str) -> str:
    parts = name_parts(name)
    if not parts.given and not parts.suffix:
        return _protect(parts.family, whole=True)
    return ", ".join(_protect(part) for part in (parts.family, parts.suffix, parts.given) if part)


def _protect(words: str, *, whole: bool = False) -> str:
    """Returns ``words`` as LaTeX, in braces where BibTeX would part them or read them otherwise."""
    encoded = encode(words)
    plain = encoded == words and " and " not in f" {words.lower()} " and words.lower() != "others"
    return encoded if plain and not (whole and " " in words) else f"{{{encoded}}}"


def _format_ris(paper: Paper, notes: Sequence[str]) -> str:
    """Returns a RIS record. RIS has no tag for arXiv ids: they go into a note."""
    paper = _part_names(paper)
    form = find_form(paper)
    pages = _WHOLE_RANGE.fullmatch(paper.pages or "")
    values: dict[str, Any] = {
        "type_of_reference": form.ris,
        "type_of_work": form.ris_work,
        "id": paper.paper_id,
        "title": _join_lines(find_title(paper)),
        "authors": [_put_family_first(name) for name in paper.authors],
        "unknown_tag": {"ED": [_put_family_first(name) for name in paper.editors]},
        "year": str(paper.year or ""),
        form.ris_venue: _join_lines(paper.venue or ""),
        "volume": _join_lines(paper.volume or ""),
        "number": _join_lines(paper.issue or ""),
        "start_page": pages[1] if pages else _join_lines(paper.pages or ""),
        "end_page": pages[2] if pages else None,
        "publisher": _join_lines(paper.publisher or ""),
        "keywords": list(paper.keywords),
        "doi": paper.doi,
        "notes": [
            *([f"arXiv:{paper.arxiv_id}"] if paper.arxiv_id else []),
            *list_remarks(paper),
            *map(_join_lines, notes),
        ],
        "urls": [paper.url] if paper.url else [],
        "abstract": _join_lines(paper.abstract),
    }
    record = {name: value for name, value in values.items() if value}
    # The first line is rispy's running number, which is no part of RIS.
    _, _, text = rispy.dumps([record]).partition("\n")
    return f"{text}\n"


def _to_csl_item(paper: Paper, notes: Sequence[str]) -> dict[str, Any]:
    """Returns a CSL-JSON item (schema 1.0.2); an arXiv id is its 'number', as Zotero writes it."""
    paper = _part_names(paper)
    form = find_form(paper)
    in_number = paper.entry_type == "report" and not paper.arxiv_id
    values: dict[str, Any] = {
        "id": paper.paper_id,
        "type": form.csl,
        "genre": form.csl_genre,
        "title": find_title(paper),
        "author": [_to_csl_name(name) for name in paper.authors],
        "editor": [_to_csl_name(name) for name in paper.editors],
        "issued": {"date-parts": [[paper.year]]} if paper.year else None,
        form.csl_venue: paper.venue,
        "volume": paper.volume,
        "number": paper.issue if in_number else None,
        "issue": None if in_number else paper.issue,
        "page": paper.pages,
        "publisher": paper.publisher,
        "status": "; ".join(list_remarks(paper)),
        "keyword": join_keywords(paper.keywords),
        "DOI": paper.doi,
        "URL": paper.url,
        "abstract": paper.abstract,
        "note": "\n".join(map(_join_lines, notes)),
    }
    if paper.arxiv_id:
        values["number"] = f"arXiv:{paper.arxiv_id}"
    return {name: value for name, value in values.items() if value}


def _to_csl_name(name: str) -> dict[str, str]:
    parts = name_parts(name)
    if not parts.given and not parts.suffix:
        return {"literal": parts.family}
    return {field: value for field, value in parts._asdict().items() if value}


def _stream_array(papers: Iterable[Paper], notes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield "["
    separator = "\n"
    for paper in papers:
        item = _to_csl_item(paper, _list_notes(paper, notes))
        yield separator + json.dumps(item, ensure_ascii=False, indent=1)
        separator = ",\n"
    yield "\n]\n"


def _format_jsonl(paper: Paper, _notes: Sequence[str]) -> str:
    return json.dumps(paper.to_dict(), ensure_ascii=False) + "\n"


def _put_family_first(name: str) -> str:
    parts = name_parts(name)
    alone = not parts.given and not parts.suffix and name_parts(parts.family) == parts
    return parts.family if alone else parts.turned


def _join_lines(text: str) -> str:
    return " ".join(text.split())


_WRITERS: dict[str, Callable[[Paper, Sequence[str]], str]] = {
    "bibtex": _format_bibtex,
    "ris": _format_ris,
    "jsonl": _format_jsonl,
}
