"""People's names and lists of keywords, from and to the forms that files use.

A name is shown as 'Given Family' without commas, semicolons and markup: every format can carry
it. Mostly its family name can be told from that. Where it cannot ('Gabriel García Márquez'),
readers hand on 'García Márquez, Gabriel', and a paper keeps the family name beside the name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from assistant.text.repair import MAX_PASSES, collapse, repair

MAX_NAME_CHARS = 1_000
"""A longer name, or a longer keyword, is none."""

_NUMERAL = re.compile(r"i{2,3}|iv", re.IGNORECASE)
_SUFFIX = re.compile(rf"{_NUMERAL.pattern}|(?:jr|sr)\.?|2nd|3rd|4th", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[;{}\\$<>&]")
# A word of signs alone is no part of a name.
_NO_WORD = re.compile(r"(?<![^\s,])[^\w\s,]+(?![^\s,])")
_BRACKETS = re.compile(r"\([^()\[\],]*\)|\[[^()\[\],]*\]")
_ADDRESS = re.compile(
    r"<?(?:https?://\S+|\b[\w.+-]{1,100}@[\w.-]{1,100})>?"
    r"|\b(?:ORCID:? ?)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"(?:and )?(?:et al\.?|others)", re.IGNORECASE)
_ET_AL = re.compile(r"(?:,? |\b)et al\b\.?", re.IGNORECASE)

# 'J.C.', 'A.-M.', 'Yu.A.'; without full stops up to four capitals, as PubMed writes them.
_WITH_STOPS = re.compile(r"(?:-?[^\W\d_]{1,2}\.)+(?:-?[^\W\d_])?")
_WITHOUT_STOPS = re.compile(r"[^\W\d_]-?[^\W\d_]{0,3}|[^\W\d_]-[^\W\d_]")
_WORD_LISTS = {
    "degrees": "md phd mph msc mba dds dvm",
    # Words with a small letter are particles in any case; these are so too with a capital. Not
    # those that are given names at least as often ('Le', 'Du', 'Ben').
    "particles": """de del della der den dos das da di van von vom zu zur ter ten el al bin ibn la
        st saint""",
    # A name with one of these is an organisation's: it has no given names.
    "organised": """academy agency alliance association board bureau center centre collaboration
        college commission committee community company consortium corporation council department
        federation foundation gmbh group hospital inc initiative institut institute investigators
        laboratories laboratory ltd ministry network office organisation organization program
        programme project school society team universidad universität université universities
        university and of for the on""",
}
_DEGREES, _PARTICLES, _ORGANISED = (frozenset(words.split()) for words in _WORD_LISTS.values())


class NameParts(NamedTuple):
    """A name's parts: the family name with its particles; '' for what there is none of."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def whole(self) -> str:
        """The name as it is shown: 'Given Family Suffix'."""
        return " ".join(filter(None, (self.given, self.family, self.suffix)))

    @property
    def turned(self) -> str:
        """The name with the family name first: 'Family, Given, Suffix', or 'Family,'."""
        return ", ".join((self.family, *filter(None, (self.given, self.suffix)))) + (
            "" if self.given or self.suffix else ","
        )


def person(text: str) -> str:
    """Returns a name as 'Given Family', whichever way round ``text`` has it; '' if it is none.

    It is 'Family, Given', or 'Family,' for a name that is all family, where the family name could
    not be told without the comma; see ``split_family_names``.
    """
    if len(text) > MAX_NAME_CHARS:
        return ""
    for _ in range(MAX_PASSES):
        name = _normalise(text)
        if name == text:
            break
        text = name
    return text if any(sign.isalpha() for sign in text) else ""


def split_family_names(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns names that ``person`` returned as 'Given Family', and the family names in commas.

    Those are sorted, each once: with them ``name_parts`` parts every name as before.
    """
    parts = [(name, _read(name)) for name in names]
    whole = tuple(read.whole if "," in name else name for name, read in parts)
    families = frozenset(read.family for name, read in parts if "," in name)
    while True:
        # One author's family name may be how another's ends: what then parts none is left out.
        again = [name_parts(name, families) for name in whole]
        needed = frozenset(
            now.family for name, now in zip(whole, again, strict=True) if now != _read(name)
        )
        if needed == families:
            return whole, tuple(sorted(families))
        families = needed


def name_parts(name: str, family_names: Collection[str] = ()) -> NameParts:
    """Returns the parts of a name as 'Given Family'.

    Args:
        name: the name.
        family_names: those that cannot be told from names, as ``split_family_names`` returns them.
    """
    if family_names:
        words, suffix = _cut_whole(name)
        for start in range(len(words)):
            family = " ".join(words[start:])
            if family in family_names:
                return NameParts(family, " ".join(words[:start]), suffix)
    return _read(name)


def with_family_first(name: str, family_names: Collection[str]) -> str:
    """Returns ``name`` as ``person`` would have, had it been told the family names."""
    parts = name_parts(name, family_names)
    return name if "," in name or parts == _read(name) else parts.turned


def family_and_given(name: str, family_names: Collection[str] = ()) -> tuple[str, str]:
    """Returns the family name, with its particles and suffix, and the given names before it."""
    parts = name_parts(name, family_names)
    return " ".join(filter(None, (parts.family, parts.suffix))), parts.given


def is_organisation(name: str) -> bool:
    """Whether ``name`` is several words of which one is in names of organisations only."""
    words = [word.strip(".,()").casefold() for word in name.split()]
    return len(words) > 1 and not _ORGANISED.isdisjoint(words)


def begins_with_particle(name: str) -> bool:
    """Whether ``name`` begins with a word such as 'van', and so with a family name."""
    return " " in name and _is_particle(name.split(" ", 1)[0])


def is_degree(text: str) -> bool:
    """Whether ``text`` is a degree, as stands behind a whole name: 'PhD', 'M.D.'."""
    return text.replace(".", "").casefold() in _DEGREES


def is_suffix(text: str) -> bool:
    """Whether ``text`` is what follows a family name: 'Jr.', 'III'."""
    return _SUFFIX.fullmatch(text) is not None


def is_initials(text: str) -> bool:
    """Whether ``text`` is nothing but initials: 'J. C.', 'J.-P.', 'JC'."""
    words = text.split()
    return bool(words) and all(map(_is_initials, words))


def ends_in_initials(name: str) -> bool:
    """Whether ``name`` is a family name and the initials after it: 'Muratt T.', 'Li X'."""
    return _count_before_initials(name.split()) > 0


def has_initials(text: str) -> bool:
    """Whether the first or the last word of ``text`` is initials, as of a whole name."""
    words = text.split()
    return len(words) > 1 and (_is_initials(words[0]) or _is_initials(words[-1]))


def _normalise(text: str) -> str:
    text = _ADDRESS.sub(" ", _BRACKETS.sub(" ", text) if "(" in text or "[" in text else text)
    text = _NO_WORD.sub(" ", _NOT_IN_NAMES.sub(" ", repair(text)))
    text = _ET_AL.sub("", collapse(text))
    if _NOBODY.fullmatch(text.strip()):
        return ""
    parts = _read(text)
    for _ in range(MAX_PASSES):
        # As a file would have it that is written from these parts.
        if (again := _read(repair(parts.turned))) == parts:
            break
        parts = again
    return parts.whole if _read(parts.whole) == parts else parts.turned


def _read(text: str) -> NameParts:
    """Returns the parts of a name, by its commas where it has any."""
    parts = [collapse(part) for part in text.split(",")]
    filled = [part for part in parts if part]
    if len(parts) == 1 or not filled:
        return _guess(filled[0] if filled else "")
    family, suffix = _cut_suffix(filled[0].split())
    rest = " ".join(filled[1:]).split()
    if is_suffix(" ".join(family)) and not all(map(is_suffix, rest)):
        # 'Jr., Rhea Ames': no family is called so.
        return _guess(" ".join([*filled[1:], *family, suffix]))
    suffixes = [suffix] if suffix else []
    given: list[str] = []
    for part in filled[1:]:
        if is_degree(part) and len(family) > 1 and not _is_particle(family[0]):
            continue
        words, suffix = _cut_suffix(part.split(), keep=0)
        given += words
        suffixes += [suffix] if suffix else []
    if not given and suffixes and all(map(_is_numeral, suffixes)):
        # 'Petrov, IV' is I. V. Petrov.
        given, suffixes = suffixes, []
    if len(filled) > 1 and not given and not suffixes and len(parts) == len(filled):
        return _guess(" ".join(family))
    while len(given) > 1 and given[-1] in _PARTICLES:
        family.insert(0, given.pop())
    return NameParts(" ".join(family), " ".join(given), " ".join(suffixes))


def _guess(name: str) -> NameParts:
    """Returns the parts of a name without commas."""
    if is_organisation(name):
        return NameParts(name)
    # A degree stands behind the suffix or before it.
    words, suffix = _cut_whole(" ".join(_drop_degree(name.split())))
    words = _drop_degree(words)
    n_family = _count_before_initials(words)
    if n_family:
        return NameParts(" ".join(words[:n_family]), " ".join(words[n_family:]), suffix)
    start = max(len(words) - 1, 0)
    while start > 1 and _is_particle(words[start - 1]):
        start -= 1
    return NameParts(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _cut_suffix(words: list[str], keep: int = 1) -> tuple[list[str], str]:
    """Returns ``words``, at least ``keep`` of them, and the suffix after them, such as 'Jr.'."""
    end = len(words)
    while end > keep and _SUFFIX.fullmatch(words[end - 1]):
        end -= 1
    return words[:end], " ".join(words[end:])


def _cut_whole(name: str) -> tuple[list[str], str]:
    """Returns the words of a name in the order 'Given Family', and the suffix after them."""
    words, suffix = _cut_suffix(name.split())
    if len(words) == 1 and suffix and _is_numeral(suffix):
        # 'Petrov IV' is a family name and initials.
        return [*words, suffix], ""
    return words, suffix


def _is_numeral(suffix: str) -> bool:
    return _NUMERAL.fullmatch(suffix) is not None


def _drop_degree(words: list[str]) -> list[str]:
    """Returns the words without a degree, which stands behind a whole name: 'Rhea Ames PhD'."""
    while len(words) > 2 and is_degree(words[-1]) and not _is_particle(words[0]):
        words = words[:-1]
    return words


def _count_before_initials(words: list[str]) -> int:
    """Returns how many words of a family name stand before initials that end a name, or 0.

    They are 'Muratt T.', 'De Ruus A.-M.' and 'Li X'. In 'WEI LI' all is in capitals.
    """
    n = len(words)
    while n and _is_initials(words[n - 1]):
        n -= 1
    family = words[:n]
    if n == len(words) or not any(len(word.strip(".")) > 1 for word in family):
        return 0
    if _is_initials(family[0]) or (
        " ".join(family).isupper() and any("." not in word and len(word) > 1 for word in words[n:])
    ):
        return 0
    return n


def _is_initials(word: str) -> bool:
    if word.casefold() == "st.":
        return False
    if "." in word:
        return word[:1].isupper() and _WITH_STOPS.fullmatch(word) is not None
    return word.isupper() and _WITHOUT_STOPS.fullmatch(word) is not None


def _is_particle(word: str) -> bool:
    return word[0].islower() or word.strip(".").casefold() in _PARTICLES


def keyword_list(text: str) -> tuple[str, ...]:
    """Returns the keywords in a list written as one string: by semicolons, or else by commas."""
    return keywords(re.split(r"[;\n]" if ";" in text else r"[,\n]", text))


def keywords(values: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Returns each keyword once, cleaned, in order."""
    short = (value.replace(";", " ") for value in values if len(value) <= MAX_NAME_CHARS)
    cleaned = (collapse(repair(value).replace(";", " ")) for value in short)
    return tuple(dict.fromkeys(value for value in cleaned if value))


def join_keywords(values: tuple[str, ...]) -> str:
    """Returns the list that ``keyword_list`` reads back as ``values``."""
    joined = "; ".join(values)
    return f"{joined};" if "," in joined and ";" not in joined else joined
