"""Whether two spellings of a person's name can be of one person: "R. Ames" and "Ames, Rhea".

The family names must be the same, but for case, accents, apostrophes and hyphens, and the given
names must not contradict each other: an initial stands for any name that begins with it, and what
only one side has says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_WORD = re.compile(r"[^\W_]+")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_RUN_OF_INITIALS = re.compile(r"[^\W\d_]{2,3}")

# How letters are written where there is none of them, the plainest way first: "Müller" is found
# as "Muller" and as "Mueller". NFKD takes off the other accents.
_WRITTEN_AS = {
    "ä": ("a", "ae"),
    "ö": ("o", "oe"),
    "ü": ("u", "ue"),
    "å": ("a", "aa"),
    "ø": ("o", "oe"),
    "æ": ("ae",),
    "œ": ("oe",),
    "ß": ("ss",),
    "ł": ("l",),
    "đ": ("d",),
    "ð": ("d", "dh"),
    "þ": ("th",),
    "ı": ("i",),
}
_MAX_SPELLINGS = 16


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as it is compared: its words in the order 'Given Family', each in its spellings.

    ``n_given`` is how many words are given names; None where a name as written does not say.
    """

    words: tuple[frozenset[str], ...]
    n_given: int | None


def match_names(wanted: str, author: str) -> bool:
    """Returns whether ``author``, as 'Given Family', can be whom ``wanted`` names.

    ``wanted`` is a family name, or it with given names or initials before it, or after a comma,
    or, as initials, behind it: 'Ames', 'Rhea Ames', 'Ames, R.' and 'Ames R' all name Rhea Ames.
    """
    whole = _read_author(author)
    return any(_fits(name, whole) for name in read_wanted(wanted))


def find_family_keys(name: str) -> frozenset[str]:
    """Returns the spellings of the last word of ``name``, as 'Given Family'.

    Names of one person share one of these.
    """
    words = _drop_suffix(name.split())[-1:]
    return frozenset().union(*_fold_words(words, 0)[-1:])


@lru_cache(maxsize=1024)
def read_wanted(text: str) -> tuple[PersonName, ...]:
    """Returns the ways in which a name that someone typed can be read, the likeliest first."""
    family, comma, given = text.partition(",")
    given_words = given.replace(",", " ").split()
    given_words = [word for word in given_words if not _SUFFIX.fullmatch(word)] or given_words
    if comma and (first := _fold_words(given_words)):
        last = _fold_words(_drop_suffix(family.split()), 0)
        return (PersonName((*first, *last), len(first)),) if last else ()
    words = _drop_suffix(family.split())
    readings = [PersonName(_fold_whole(words), None)]
    n_family = _count_before_initials(words)
    if n_family:
        first, last = _fold_words(words[n_family:]), _fold_words(words[:n_family], 0)
        readings.append(PersonName((*first, *last), len(first)))
    return tuple(reading for reading in readings if reading.words)


@lru_cache(maxsize=200_000)
def _read_author(name: str) -> tuple[frozenset[str], ...]:
    return _fold_whole(_drop_suffix(name.split()))


def _fold_whole(words: list[str]) -> tuple[frozenset[str], ...]:
    """Returns the words of a name as 'Given Family': a short family name is no initials."""
    shouted = " ".join(words).isupper()
    return _fold_words(words, 0 if shouted else len(words) - 1)


def _drop_suffix(words: list[str]) -> list[str]:
    return words[:-1] if len(words) > 1 and _SUFFIX.fullmatch(words[-1]) else words


def _count_before_initials(words: list[str]) -> int:
    """Returns how many words stand before initials that end a name, as in 'Ames RM'; 0 for none."""
    n = len(words)
    while n and (len(words[n - 1].strip(".")) == 1 or _is_run_of_initials(words[n - 1])):
        n -= 1
    return n if n < len(words) else 0


def _is_run_of_initials(word: str) -> bool:
    return word.isupper() and _RUN_OF_INITIALS.fullmatch(word.replace(".", "")) is not None


def _fold_words(words: list[str], n_given: int | None = None) -> tuple[frozenset[str], ...]:
    """Returns ``words``, each as the ways in which it may be spelt without accents.

    Of the first ``n_given``, by default all, initials written together are words of their own:
    'R.M.' and 'RM' are R and M.
    """
    found: list[frozenset[str]] = []
    for place, word in enumerate(words):
        given = n_given is None or place < n_given
        plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", word))
        for piece in _WORD.findall(plain):
            found += map(_spell, piece if given and _is_run_of_initials(piece) else (piece,))
    return tuple(found)


@lru_cache(maxsize=200_000)
def _spell(word: str) -> frozenset[str]:
    if word.isascii():
        return frozenset((word.lower(),))
    # Not by casefold, which would spell ß and its like in one way alone.
    letters = [_WRITTEN_AS.get(sign) or (_strip_accents(sign),) for sign in word.lower()]
    several = 1
    for n, ways in enumerate(letters):
        several *= len(ways)
        if several > _MAX_SPELLINGS:
            letters[n] = ways[:1]
            several //= len(ways)
    return frozenset("".join(spelling) for spelling in product(*letters))


def _strip_accents(sign: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c))


def _fits(wanted: PersonName, author: tuple[frozenset[str], ...]) -> bool:
    """Whether the family names are the same and the given names agree, for one way to part them."""
    return any(
        _same(wanted.words[n:], author[len(author) - (len(wanted.words) - n) :])
        and _agree(wanted.words[:n], author[: len(author) - (len(wanted.words) - n)])
        for n in _part(wanted, len(author))
    )


def _part(wanted: PersonName, n_author: int) -> Iterator[int]:
    """Yields how many words of ``wanted`` may be given names."""
    if wanted.n_given is not None:
        if len(wanted.words) - wanted.n_given <= n_author:
            yield wanted.n_given
        return
    n_words = len(wanted.words)
    yield from range(max(0, n_words - n_author), n_words)


def _same(one: tuple[frozenset[str], ...], other: tuple[frozenset[str], ...]) -> bool:
    return len(one) == len(other) and all(a & b for a, b in zip(one, other, strict=True))


def _agree(one: tuple[frozenset[str], ...], other: tuple[frozenset[str], ...]) -> bool:
    """Whether given names, as far as both have some, are the same or one's initials the other's."""
    return all(
        any(
            a.startswith(b) if len(b) == 1 else a == b or (len(a) == 1 and b[0] == a)
            for a in first
            for b in second
        )
        for first, second in zip(one, other, strict=False)
    )
