"""The quantities of a text: numbers with what they count in, and which of them agree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from assistant.grounding.clause_words import simplify_text
from assistant.grounding.word_tables import read_table

QuantityKind = Literal["plain", "percent", "times", "time", "bytes", "temperature"]

_TABLES = read_table("number_words.toml")


def _read_values(table: str, factor: int = 1) -> dict[str, float]:
    """Returns what each word of a table is worth, in units of ``factor``."""
    return {
        word: float(Fraction(value) * factor)
        for value, words in _TABLES[table].items()
        for word in words.split()
    }


_SPELLED = {w: 1.0 * n for n, w in enumerate(_TABLES["spelled"]["from_zero"].split())} | {
    w: 10.0 * n for n, w in enumerate(_TABLES["spelled"]["tens_from_twenty"].split(), 2)
}
_SCALES = _read_values("scales")
_TIMES = _read_values("times")
_PERCENTS = _read_values("shares", 100)
_SECONDS = _read_values("seconds")
_BYTES = _read_values("bytes")

_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|nearly|almost|some|circa|close to)\s+(?:a |an )?"
    r"|~\s?|≈\s?)$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(?:\b(?:more than|over|above|at least|exceed\w*|greater than|no less than)\s+"
    r"(?:a |an )?|>\s?)$",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:\b(?:less than|under|below|fewer than|at most|within|no more than|lower than)\s+"
    r"(?:a |an )?|<\s?)$",
    re.IGNORECASE,
)

_WINDOW = 80
"""Characters looked at on either side, so that a quantity costs the same in any text."""

_ROUND_DIGITS = 2
_ABOUT_SHARE = 0.04

_NUMERAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_WORD_NUMBER = "|".join(sorted([*_SPELLED, "dozen", "hundred"], key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?<![^\W_])(?P<power>10\s?\^\s?(?P<exponent>-?\d+))"
    rf"|(?<![\w.])(?P<upper>\d+)/(?P<lower>\d+)(?:th|rd|nd)?\b(?!-?bit)"
    rf"|(?<![\d.])(?<![^\W\d_])(?P<digits>{_NUMERAL})(?:e(?P<shift>-?\d+))?"
    rf"|\b(?P<one>an?)(?=\s(?:hundred|thousand|million|billion|trillion)\b)"
    rf"|\b(?P<spelled>(?:{_WORD_NUMBER})(?:[- ](?:{_WORD_NUMBER}))*)\b",
    re.IGNORECASE,
)
_SCALE_AFTER = re.compile(
    r"[\s-]?(hundred|thousand|million|billion|trillion|dozen|bn)s?\b|([KMBTkm])(?![^\W\d_])(?!B)|"
    r"\s?([MB])(?=[\s-]param)"
)
_UNIT_AFTER: tuple[tuple[QuantityKind, re.Pattern[str]], ...] = (
    (
        "percent",
        re.compile(r"\s?%|[\s-]?(?:percent|per cent|pct|percentage|pp)\b|[\s-]points?\b", re.I),
    ),
    ("times", re.compile(r"\s?(?:x|×)(?![^\W_])|[\s-]?(?:times|fold)\b", re.I)),
    ("temperature", re.compile(r"\s?°\s?[CFK]\b|\sK\b|\s(?:degrees|kelvin)\b")),
    (
        "bytes",
        re.compile(r"[\s-]?(kb|mb|gb|tb)\b", re.I),
    ),
    (
        "time",
        re.compile(
            r"[\s-]?(ms|milliseconds?|sec|seconds?|min|minutes?|h|hr|hours?|days?|weeks?|months?"
            r"|years?)\b|\s?(s)\b(?!')",
        ),
    ),
)
_FACTOR_OF = re.compile(r"\b(?:factor|factors|multiple)\s+of\s+(?:about |up to |over )?$", re.I)
_WHOLE_WORD = re.compile(r"[^\W\d_]+")
_LETTERS_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_][^\W_]*(?:-[^\W_]+)*)-$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text.

    ``value`` is in base units of its kind (percent, seconds, bytes), ``raw`` the number as it
    stands before its scale and unit; ``spelled`` is set for small numbers written as words,
    ``loose`` where the text says about or the like, ``bound`` +1 where it says more than and -1
    where it says less than. ``at`` and ``end`` are its offsets in the text as ``simplify_text``
    gives it. ``compound`` is the word that it ends, as in "covid-19"; it may be a name.
    """

    text: str
    at: int
    end: int
    kind: QuantityKind
    value: float
    raw: float
    decimals: int
    spelled: bool = False
    loose: bool = False
    bound: int = 0
    compound: str = ""


@lru_cache(maxsize=20_000)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Returns the quantities of ``text`` in order; digits that belong to a name are none."""
    plain = simplify_text(text)
    found = [
        quantity
        for match in _QUANTITY.finditer(plain)
        if (quantity := _read_quantity(plain, match))
    ]
    for match in _WHOLE_WORD.finditer(plain):
        word = match[0].casefold()
        if word in _TIMES:
            value = _TIMES[word]
            found.append(Quantity(match[0], match.start(), match.end(), "times", value, value, 0))
        elif word in _PERCENTS:
            found += _read_share(plain, match, found)
    return tuple(sorted(found, key=lambda quantity: quantity.at))


def agrees(claimed: Quantity, stated: Quantity) -> bool:
    """Returns whether ``stated`` bears ``claimed`` out: the same, or rightly rounded."""
    kinds = {claimed.kind, stated.kind}
    if kinds == {"percent", "times"}:
        # "Halved" and "two times smaller" are the same; "30 %" and "30x" are not.
        return {claimed.value, stated.value} == {50.0, 2.0}
    if "^" in claimed.text and stated.text == claimed.text.replace("^", ""):
        return True  # A text that lost its raised exponents has "105" for 10^5.
    if claimed.kind == stated.kind:
        pairs: tuple[tuple[float, float], ...] = ((claimed.value, stated.value),)
    else:
        pairs = ((claimed.value, stated.value), (claimed.raw, stated.raw))
        if kinds <= {"plain", "percent"}:
            percent, plain = sorted((claimed, stated), key=lambda f: f.kind != "percent")
            pairs += ((percent.value / 100, plain.value),)
    return any(_are_equal(claimed, said, meant) for said, meant in pairs)


def _read_quantity(plain: str, match: re.Match[str]) -> Quantity | None:
    """Returns the quantity that begins with a match; None where it is a name or numbers an item."""
    before = plain[max(match.start() - _WINDOW, 0) : match.start()]
    after = plain[match.end() : match.end() + _WINDOW]
    joined = _LETTERS_BEFORE.search(before)
    if (joined and not joined[1].islower()) or _numbers_an_item(before, after):
        return None
    if match["upper"]:
        upper, lower = float(match["upper"]), float(match["lower"])
        if not 0 < upper < lower:
            return None
        share = 100 * upper / lower
        return Quantity(match[0], match.start(), match.end(), "percent", share, share, 1)
    raw, decimals = _read_number(match)
    value, end = raw, match.end()
    scale = _SCALE_AFTER.match(after)
    if scale:
        value *= _SCALES[(scale[1] or scale[2] or scale[3]).casefold()]
        end += scale.end()
    kind, factor, length = _read_unit(plain[end : end + _WINDOW])
    value *= factor
    end += length
    if kind == "plain" and _FACTOR_OF.search(before):
        kind = "times"
    lead = before[-24:]
    return Quantity(
        text=plain[match.start() : end].strip(),
        at=match.start(),
        end=end,
        kind=kind,
        value=value,
        raw=raw,
        decimals=decimals,
        spelled=match["spelled"] is not None and value <= 10,
        loose=_ABOUT.search(lead) is not None,
        bound=1 if _ABOVE.search(lead) else -1 if _BELOW.search(lead) else 0,
        compound=f"{joined[1]}-{match[0]}" if joined else "",
    )


def _read_number(match: re.Match[str]) -> tuple[float, int]:
    """Returns a number without scale and unit, and how many decimals it has."""
    if match["power"]:
        exponent = int(match["exponent"])
        return 10.0 ** min(max(exponent, -300), 300), max(-exponent, 0)
    if match["digits"]:
        digits = match["digits"].replace(",", "")
        shift = 10.0 ** min(max(int(match["shift"] or 0), -300), 300)
        return float(digits) * shift, len(digits.partition(".")[2])
    if match["one"]:
        return 1.0, 0
    return _sum_spelled(match["spelled"]), 0


def _read_unit(after: str) -> tuple[QuantityKind, float, int]:
    """Returns the kind of the unit that ``after`` begins with, its factor and its length."""
    for kind, pattern in _UNIT_AFTER:
        unit = pattern.match(after)
        if unit:
            word = next((group for group in unit.groups() if group), "").casefold()
            factor = 1.0
            if kind == "time":
                factor = _SECONDS.get(word.removesuffix("s"), _SECONDS.get(word, 1.0))
            elif kind == "bytes":
                factor = _BYTES[word]
            return kind, factor, unit.end()
    return "plain", 1.0, 0


def _numbers_an_item(before: str, after: str) -> bool:
    """Whether a number is that of an item: '(1) ...' or '1) ...'."""
    return after[:1] == ")" and (before[-1:] == "(" or before.count("(") <= before.count(")"))


def _sum_spelled(text: str) -> float:
    total = 0.0
    for word in re.split(r"[- ]", text.casefold()):
        if word in ("hundred", "dozen"):
            total = max(total, 1.0) * _SCALES[word]
        else:
            total += _SPELLED[word]
    return total


def _read_share(plain: str, match: re.Match[str], found: list[Quantity]) -> list[Quantity]:
    """Returns the share that a fraction word names; "a third stage" names none."""
    word = match[0].casefold()
    share = _PERCENTS[word]
    before = plain[max(match.start() - _WINDOW, 0) : match.start()]
    parts = re.search(r"\b(a|one|two|three|four)[\s-]$", before, re.IGNORECASE)
    if word not in ("half", "halve", "halves", "halved", "halving"):
        after = plain[match.end() : match.end() + 8]
        if not parts or not (
            word.endswith("s") or re.match(r"[\s-](?:of|as|the|less)\b|\s?[.,;]|$", after)
        ):
            return []
    counted = parts and parts[1].casefold() not in ("a", "one")
    number = _SPELLED.get(parts[1].casefold(), 1.0) if parts and counted else 1.0
    if parts and parts[1].casefold() != "a":
        # Its counting word is no quantity by itself.
        found[:] = [f for f in found if f.end != match.start() - 1]
    start = match.start() - len(parts[0]) if parts else match.start()
    value = number * share
    return [Quantity(plain[start : match.end()], start, match.end(), "percent", value, value, 0)]


def _are_equal(claimed: Quantity, said: float, meant: float) -> bool:
    if abs(said - meant) <= 1e-6 * max(abs(said), abs(meant)):
        return True
    if not said or not meant or said * meant < 0 or abs(said - meant) > 0.1 * abs(meant):
        return False
    # A rounded quantity: to the digits that the claim gives, where it says about or gives two.
    digits = len(f"{claimed.raw:g}".replace(".", "").strip("0"))
    if claimed.loose and digits <= _ROUND_DIGITS and abs(said - meant) <= _ABOUT_SHARE * abs(meant):
        return True
    return digits >= _ROUND_DIGITS and float(f"{meant:.{digits}g}") == float(f"{said:.{digits}g}")
