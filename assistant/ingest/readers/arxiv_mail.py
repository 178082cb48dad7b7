"""arXiv's daily mails: new papers between lines of two backslashes, fields first, then abstracts.

Source: arXiv, "Subscribe to the e-mail alerting service", format of the listings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.ingest.decoding import Line
from assistant.ingest.identity import normal_arxiv_id, year_in
from assistant.ingest.record import MAX_RECORD_CHARS, Fault, Record
from assistant.text.name_lists import persons

_EDGE = re.compile(r"\\\\(?:\s|$)")
_RULE = re.compile(r"(?:-{5,}|={5,}|%[-%]{4,}|-{2}%)")
_FIELD = re.compile(
    r"(arXiv|Paper|\(?(?:\*cross-listing\*|revised[^)]{0,20}\)\s*)?Date|Title|Authors?|Categories"
    r"|Subj-class|Comments|Journal-ref|DOI|Report-no|(?:MSC|ACM|PACS)-class|License|Proxy|From"
    r"|replaced with revised version)\s*:?(.*)"
)
_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7})")


def read_arxiv_mail(lines: Iterable[Line]) -> Iterator[Record | Fault]:
    """Yields the papers of arXiv's mails; replacements come without abstracts and are skipped."""
    mail = _Mail()
    for line in lines:
        yield from mail.take(line)
    yield from mail.end()


class _Mail:
    """Follows the lines of a mail; outside papers they are the mail's own and fall away."""

    def __init__(self) -> None:
        self._begin: int | None = None
        self._fields: dict[str, list[str]] = {}
        self._abstract: list[str] | None = None
        self._name = ""
        self._held = 0

    def take(self, line: Line) -> Iterator[Record | Fault]:
        text = line.text.strip()
        if _EDGE.match(text):
            if self._begin is None or (self._abstract is None and not self._fields):
                self._start(line.number)
            elif self._abstract is None and text == "\\\\":
                self._abstract = []
            else:
                yield from self.end()
        elif _RULE.match(text) and self._abstract is None:
            yield from self.end()
        elif self._begin is not None:
            self._keep(line, text)

    def end(self) -> Iterator[Record | Fault]:
        if self._begin is not None and self._fields:
            yield self._make(self._begin)
        self._start(None)

    def _start(self, line: int | None) -> None:
        self._begin, self._fields, self._abstract = line, {}, None
        self._name, self._held = "", 0

    def _keep(self, line: Line, text: str) -> None:
        self._held += MAX_RECORD_CHARS + 1 if line.cut else len(text) + 1
        if self._held > MAX_RECORD_CHARS:
            self._fields, self._abstract = {"Title": []}, self._abstract and []
        elif self._abstract is not None:
            self._abstract.append(text)
        elif (found := _FIELD.match(line.text)) and text:
            self._name = found[1].rstrip("s") if found[1].startswith("Author") else found[1]
            self._fields.setdefault(self._name, []).append(found[2].strip())
        elif text and self._name:
            self._fields[self._name].append(text)

    def _make(self, line: int) -> Record | Fault:
        if self._held > MAX_RECORD_CHARS:
            return Fault(line, f"a paper is longer than {MAX_RECORD_CHARS:,} characters")

        def text(name: str) -> str:
            return " ".join(self._fields.get(name, []))

        named = _ID.search(text("arXiv") or text("Paper"))
        arxiv_id = normal_arxiv_id(named.group()) if named else None
        return Record(
            line=line,
            title=text("Title"),
            abstract=" ".join(part for part in self._abstract or [] if part),
            authors=persons(_without_brackets(text("Author"))),
            year=_year_of(arxiv_id) or year_in(text("Date")),
            venue=text("Journal-ref") or None,
            doi=text("DOI"),
            arxiv_id=arxiv_id,
            url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None,
        )


def _year_of(arxiv_id: str | None) -> int | None:
    """Returns the year that an id begins with; its date may be that of a later version."""
    digits = re.search(r"\d\d", arxiv_id) if arxiv_id else None
    if not digits:
        return None
    short = int(digits.group())
    return (1900 if short > 90 else 2000) + short


def _without_brackets(text: str) -> str:
    """Returns a list of names without the affiliations in brackets, which may be nested."""
    kept: list[str] = []
    depth = 0
    for sign in text:
        depth += sign == "("
        if not depth:
            kept.append(sign)
        depth -= sign == ")" and depth > 0
    return "".join(kept)
