"""Authors in a question: "papers by Ames", "Smith et al.", "what did Rhea Ames find".

A name is an author's only where the words say that someone wrote, and the library has an author
of that name. Where it has none, "papers by X" still says that an author is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat, takewhile

from assistant.answer.records.words import (
    ANYTHING,
    BEEN,
    FINDING,
    PUBLISHED,
    WORKS,
    WRITING,
    IsWord,
    ReadPhrase,
    Records,
    keep_apart,
    say_meant,
    stands_out,
)
from assistant.text.terms import STOP_WORDS, extract_terms
from assistant.types import NO_FILTERS, Filters

_WORD = r"[^\W\d_](?:[\w'\u2019.\u2010-]*\w)?\.?"
_WORDS_ON = re.compile(rf"{_WORD}(?: {_WORD}){{0,4}}")
_WORDS_BACK = re.compile(rf"(?:{_WORD} ){{0,4}}{_WORD}$")
_GIVEN_AFTER = re.compile(rf", (?:[^\W\d_]\.?-?){{1,3}}(?=\W|$)|, {_WORD}")
_COLLEAGUES = (
    r"(?:,? et al\b\.?"
    r"|,? (?:and|&) (?:(?:his|her|their) )?(?:colleagues|co-?workers|co-?authors|others|team)\b)"
)
_YEAR = r"\(?(?:1[5-9]|20)\d\d[a-z]?\b\)?"
_AND = re.compile(r",? (?:and|&|or) |, ")
_AFTER_A_NAME = re.compile(
    r"\W*$|[,;:?!.)]|['\u2019]? \(?(?:1[5-9]|20)\d\d|\s?(?:and|&|or|et al|on|about|regarding|in"
    r"|from|since|after|before|between|until|at|for|with|that|which|who|is|are|was|were|do|does"
    r"|did|has|have|here|there|published|written|to|say|says)\b",
    re.IGNORECASE,
)
_WORD_LISTS = {
    "particles": "van von der den de del della di da dos das du la le el al bin ibn ten ter zu",
    "months": """january february march april may june july august september october november
        december""",
    "no names": """year years topic topics date title titles author authors venue journal journals
        field category relevance age citation citations name people women men students researchers
        others""",
    "asking": """list show find name give see count number display search need want look paper
        papers article articles study studies publications works titles abstracts preprints
        manuscripts library collection database records exist""",
}
_PARTICLES, _MONTHS, _NO_NAMES = (
    frozenset(_WORD_LISTS[kind].split()) for kind in ("particles", "months", "no names")
)
_ASKING = frozenset(extract_terms(_WORD_LISTS["asking"]))
_MAX_AUTHORS = 5


@dataclass(frozen=True, slots=True)
class _Name:
    """One or several authors that are named together, ``text[start:end]``.

    ``meant`` are, for each name, the authors of the library whom it can mean.
    """

    names: tuple[str, ...]
    meant: tuple[tuple[str, ...], ...]
    start: int
    end: int


# Before a name, which then can be nothing else.
_BY_WORKS = re.compile(
    rf"\b(?P<works>{WORKS}|{ANYTHING}|any|more|those|published|written|authored)"
    rf"(?P<cut>,?(?: {BEEN}(?:{PUBLISHED} )?|\s)(?:by|co-?authored (?:by|with)) "
    r"(?:(?:the )?authors? )?)",
    re.IGNORECASE,
)
# Before what is a name if it stands out.
_BY = re.compile(
    rf"(?P<cut>\b(?:by |with |from )?(?:the )?authors?(?: is| are|:)? |\bby |\baccording to )"
    rf"|\b(?:{WORKS}|{ANYTHING})(?P<of> (?:from|of) )",
    re.IGNORECASE,
)
# Round a name: between the verbs of a question, and between papers and what it did to have them.
_SEVERAL = rf"(?P<name>{_WORD}(?: (?:{_WORD}|&)){{0,6}}?)(?P<colleagues>{_COLLEAGUES})?"
_SUBJECT = re.compile(
    rf"\b(?P<verb>did|does|do|has|have|had) {_SEVERAL}(?: {_YEAR})?"
    rf"(?: (?:ever|also|already|actually))*(?= (?:{FINDING}|{WRITING}|to say|work(?:ed)? on)\b)",
    re.IGNORECASE,
)
_WROTE = re.compile(
    rf"\b{WORKS} (?:that |which )?{_SEVERAL}(?: (?:has|have|had))? {WRITING}\b", re.IGNORECASE
)
# After a name.
_COLLEAGUES_AFTER = re.compile(_COLLEAGUES, re.IGNORECASE)
_OWN = re.compile(
    r"(?:['\u2019]s|(?<=s)['\u2019])(?= (?:(?:\d{4}|first|last|latest|newest|recent|early|earliest"
    rf"|other|own|new|main) ){{0,2}}(?:{WORKS}|findings?|results?|group|lab|team)\b)",
    re.IGNORECASE,
)
_CITED = re.compile(rf"(?=,? {_YEAR})", re.IGNORECASE)
_OF_PAPERS = re.compile(rf"(?= (?:{WORKS}|(?:group|lab|team)\b))", re.IGNORECASE)


def find_authors(text: str, records: Records, is_word: IsWord) -> list[ReadPhrase]:
    """Returns the authors that ``text`` names as such, in order."""
    return keep_apart(_find_phrases(text, records, is_word))


def _find_phrases(text: str, records: Records, is_word: IsWord) -> Iterator[ReadPhrase]:
    def is_name(name: _Name) -> bool:
        return stands_out(name.names[0], text, name.start, is_word)

    for match in _BY_WORKS.finditer(text):
        name = _read_on(text, match.end(), records)
        if name is None:
            yield from _read_unheld(text, match)
        elif _AFTER_A_NAME.match(text, name.end):
            yield _make_phrase(name, match.start("cut"), _pass_colleagues(text, name.end))
    for match in _SUBJECT.finditer(text):
        name = _read_on(text, match.start("name"), records)
        if name is not None and name.end == match.end("name") and is_name(name):
            verb = {"does": "do", "has": "have"}.get(match["verb"].lower(), match["verb"])
            end = match.end("colleagues") if match["colleagues"] else name.end
            yield _make_phrase(name, match.start(), end, f"{verb} they")
    for match in _WROTE.finditer(text):
        name = _read_on(text, match.start("name"), records)
        if name is not None and name.end == match.end("name") and is_name(name):
            yield _make_phrase(name, name.start, match.end())
    for match in _COLLEAGUES_AFTER.finditer(text):
        if (name := _read_back(text, match.start(), records)) is not None:
            they = _say_they(text, match.end())
            yield _make_phrase(name, _skip_in(text, name.start), match.end(), they)
    for match in _OWN.finditer(text):
        if (name := _read_back(text, match.start(), records)) is not None:
            yield _make_phrase(name, name.start, match.end(), "the")
    for match in _BY.finditer(text):
        name = _read_on(text, match.end(), records)
        if name is not None and _AFTER_A_NAME.match(text, name.end) and is_name(name):
            start = match.start("cut") if match["cut"] else match.start("of")
            yield _make_phrase(name, start, _pass_colleagues(text, name.end))
    for pattern in (_CITED, _OF_PAPERS):
        for match in pattern.finditer(text):
            name = _read_back(text, match.start(), records)
            if name is not None and name.names[-1].casefold() not in _MONTHS and is_name(name):
                yield _make_phrase(name, _skip_in(text, name.start), name.end)


def _make_phrase(name: _Name, start: int, end: int, instead: str = "") -> ReadPhrase:
    again = f"by {' or '.join(name.names)}"
    said = " or ".join(map(say_meant, name.names, name.meant, repeat("authors")))
    return ReadPhrase(
        start, end, "author", Filters(authors=name.names), f"by {said}", instead, again
    )


def _read_on(text: str, start: int, records: Records) -> _Name | None:
    """Returns the authors whose names begin at ``start``; the longest names that are held."""
    names: list[str] = []
    meant: list[tuple[str, ...]] = []
    place, end = start, start
    while len(names) < _MAX_AUTHORS:
        one = _read_one(text, place, records)
        if one is None:
            break
        names += one.names
        meant += one.meant
        end = one.end
        joined = _AND.match(text, end)
        if joined is None:
            break
        place = joined.end()
    return _Name(tuple(names), tuple(meant), start, end) if names else None


def _read_one(text: str, start: int, records: Records) -> _Name | None:
    match = _WORDS_ON.match(text, start)
    if match is None:
        return None
    words = match[0].split(" ")
    for n in range(len(words), 0, -1):
        typed = " ".join(words[:n])
        after = _GIVEN_AFTER.match(text, start + len(typed))
        if after and (name := _hold(typed + after[0].rstrip(), start, records)) is not None:
            return name
        if (name := _hold(typed, start, records)) is not None:
            return name
    return None


def _read_back(text: str, end: int, records: Records) -> _Name | None:
    """Returns the authors whose names end at ``end``: one, or two that are joined by 'and'."""
    match = _WORDS_BACK.search(text[:end])
    if match is None:
        return None
    words = match[0].split(" ")
    for n in range(len(words), 0, -1):
        typed = " ".join(words[-n:])
        name = _hold(typed, end - len(typed), records)
        if name is None:
            continue
        joined = re.search(r" (?:and|&) $", text[: name.start])
        first = _read_back(text, joined.start(), records) if joined else None
        if first is None:
            return name
        both = (*first.names, *name.names), (*first.meant, *name.meant)
        return _Name(*both, first.start, end)
    return None


def _hold(typed: str, start: int, records: Records) -> _Name | None:
    """Returns ``typed`` as a name where the library has such an author."""
    name = re.sub(r"(?:['\u2019]s?|(?<=\w\w)\.)$", "", typed)
    for word in name.replace(",", " ").split():
        if word.islower() and word in STOP_WORDS and word not in _PARTICLES:
            return None
    meant = () if name.casefold() in _NO_NAMES else records.find_authors(name)
    return _Name((name,), (meant,), start, start + len(name)) if meant else None


def _read_unheld(text: str, match: re.Match[str]) -> Iterator[ReadPhrase]:
    """Yields the author of whom "papers by X" speaks, where the library has none of that name."""
    is_of_works = re.fullmatch(WORKS, match["works"], re.IGNORECASE)
    if not is_of_works or set(extract_terms(text[: match.start()])) - _ASKING:
        return
    words = _WORDS_ON.match(text, match.end())
    typed = " ".join(_take_capitalised(words[0].split(" "))) if words else ""
    if not typed and words and not text[words.end() :].strip(" ?!."):
        typed = words[0].rstrip(".")
    if not typed or set(typed.casefold().split()) & (_NO_NAMES | (STOP_WORDS - _PARTICLES)):
        return
    start, end = match.start("cut"), _pass_colleagues(text, match.end() + len(typed))
    yield ReadPhrase(
        start, end, "author", NO_FILTERS, f"by {typed}", again=f"by {typed}", unheld=typed
    )


def _take_capitalised(words: list[str]) -> list[str]:
    """Returns the words of a name that begins ``words``, by its capitals and particles."""
    taken = list(takewhile(lambda w: w[0].isupper() or w in _PARTICLES, words))
    return taken if any(word[0].isupper() for word in taken) else []


def _pass_colleagues(text: str, end: int) -> int:
    match = _COLLEAGUES_AFTER.match(text, end)
    return match.end() if match else end


def _skip_in(text: str, start: int) -> int:
    """Returns where a reference begins, with the preposition that leads to it."""
    match = re.search(r"(?:\b(?:in|of|from|per|according to|by) )$", text[:start], re.IGNORECASE)
    return match.start() if match else start


def _say_they(text: str, end: int) -> str:
    followed = re.match(rf"(?: {_YEAR})? (?:{FINDING}|{WRITING}|have|has|had)\b", text[end:], re.I)
    return "they" if followed else ""
