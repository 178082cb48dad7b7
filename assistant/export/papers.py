"""Papers as BibTeX, RIS, CSL-JSON or JSON Lines, one at a time.

What is written reads back through assistant.ingest as the same papers under the same ids. The
file's own text before repair (``original_title``, ``original_abstract``) goes into JSON Lines only:
the other formats have no place for it. Notes go into the others only, and are not read back but
for the one that says that an abstract is an account.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from assistant.accounts import ACCOUNT_NOTE
from assistant.errors import QuestionError
from assistant.text.latex import encode
from assistant.text.person_names import family_and_given, join_keywords
from assistant.types import Paper, PaperFormat

PAPER_FORMATS: tuple[PaperFormat, ...] = get_args(PaperFormat)
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


def _list_notes(paper: Paper, notes: Mapping[str, Sequence[str]]) -> list[str]:
    """Returns the notes of ``paper``, first of all that its abstract is an account if it is."""
    told = [ACCOUNT_NOTE] if paper.text_kind == "account" else []
    return [*told, *notes.get(paper.paper_id, ())]


def _format_bibtex(paper: Paper, notes: Sequence[str]) -> str:
    """Returns a BibTeX entry; signs that LaTeX would read otherwise are escaped."""
    values = {
        "title": encode(paper.title),
        "author": " and ".join(map(_format_bibtex_name, paper.authors)),
        "year": str(paper.year or ""),
        "journal": encode(paper.venue or ""),
        "keywords": encode(join_keywords(paper.keywords)),
        "doi": paper.doi or "",
        "eprint": paper.arxiv_id or "",
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "url": paper.url or "",
        "abstract": encode(paper.abstract),
        "annote": encode("\n".join(map(_join_lines, notes))),
    }
    fields = [Field(name, f"{{{value}}}") for name, value in values.items() if value]
    entry = Entry("article" if paper.venue else "misc", paper.paper_id, fields)
    return write_string(Library([entry]), unparse_stack=[]) + "\n"


def _format_bibtex_name(name: str) -> str:
    encoded = encode(name)
    plain = encoded == name and " and " not in f" {name.lower()} " and name.lower() != "others"
    return encoded if plain else f"{{{encoded}}}"


def _format_ris(paper: Paper, notes: Sequence[str]) -> str:
    """Returns a RIS record. RIS has no tag for arXiv ids: they go into a note."""
    values: dict[str, Any] = {
        "type_of_reference": "JOUR" if paper.venue else "GEN",
        "id": paper.paper_id,
        "title": _join_lines(paper.title),
        "authors": [_put_family_first(name) for name in paper.authors],
        "year": str(paper.year or ""),
        "journal_name": _join_lines(paper.venue or ""),
        "keywords": list(paper.keywords),
        "doi": paper.doi,
        "notes": [
            *([f"arXiv:{paper.arxiv_id}"] if paper.arxiv_id else []),
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
    values: dict[str, Any] = {
        "id": paper.paper_id,
        "type": "article-journal" if paper.venue else "article",
        "title": paper.title,
        "author": [_to_csl_name(name) for name in paper.authors],
        "issued": {"date-parts": [[paper.year]]} if paper.year else None,
        "container-title": paper.venue,
        "keyword": join_keywords(paper.keywords),
        "DOI": paper.doi,
        "number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else None,
        "URL": paper.url,
        "abstract": paper.abstract,
        "note": "\n".join(map(_join_lines, notes)),
    }
    return {name: value for name, value in values.items() if value}


def _to_csl_name(name: str) -> dict[str, str]:
    family, given = family_and_given(name)
    return {"family": family, "given": given} if given else {"literal": family}


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
    family, given = family_and_given(name)
    return f"{family}, {given}" if given else family


def _join_lines(text: str) -> str:
    return " ".join(text.split())


_WRITERS: dict[str, Callable[[Paper, Sequence[str]], str]] = {
    "bibtex": _format_bibtex,
    "ris": _format_ris,
    "jsonl": _format_jsonl,
}
