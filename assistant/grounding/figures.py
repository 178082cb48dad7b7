"""The figures of a text: numbers with what they count in, and which of them agree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.grounding.number_words import (
    BYTES,
    SCALES,
    SECONDS,
    SHARE_WORDS,
    SPELLED,
    TIMES_WORDS,
)
from assistant.grounding.wording import plain_text

FigureKind = Literal["plain", "percent", "times", "time", "bytes"]

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
"""Characters looked at on either side, so that a figure costs the same in any text."""

_ROUND_DIGITS = 2
_ABOUT_SHARE = 0.04

_NUMERAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_WORD_NUMBER = "|".join(sorted([*SPELLED, "dozen", "hundred"], key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?<![^\W_])(?P<power>10\s?\^\s?(?P<exponent>-?\d+))"
    rf"|(?<![\w.])(?P<upper>\d+)/(?P<lower>\d+)(?:th|rd|nd)?\b(?!-?bit)"
    rf"|(?<![\d.])(?<![^\W\d_])(?P<digits>{_NUMERAL})(?:e(?P<shift>-?\d+))?"
    rf"|\b(?P<spelled>(?:{_WORD_NUMBER})(?:[- ](?:{_WORD_NUMBER}))*)\b",
    re.IGNORECASE,
)
_SCALE_AFTER = re.compile(
    r"[\s-]?(hundred|thousand|million|billion|trillion|dozen|bn)s?\b|([KMBTkm])(?![^\W\d_])(?!B)|"
    r"\s?([MB])(?=[\s-]param)"
)
_UNIT_AFTER = (
    (
        "percent",
        re.compile(r"\s?%|[\s-]?(?:percent|per cent|pct|percentage|pp)\b|[\s-]points?\b", re.I),
    ),
    ("times", re.compile(r"\s?(?:x|×)(?![^\W_])|[\s-]?(?:times|fold)\b", re.I)),
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
class Figure:
    """One number of a text.

    ``value`` is in base units of its kind (percent, seconds, bytes), ``raw`` the number as it
    stands before its scale and unit; ``spelled`` is set for small numbers written as words,
    ``loose`` where the text says about or the like, ``bound`` +1 where it says more than and -1
    where it says less than. ``at`` and ``end`` are its offsets in ``plain_text``. ``compound`` is
    the word that it ends, as in "covid-19"; it may be a name.
    """

    text: str
    at: int
    end: int
    kind: FigureKind
    value: float
    raw: float
    places: int
    spelled: bool = False
    loose: bool = False
    bound: int = 0
    compound: str = ""


@lru_cache(maxsize=20_000)
def figures(text: str) -> tuple[Figure, ...]:
    """Returns the figures of ``text`` in order; digits that belong to a name are none."""
    plain = plain_text(text)
    found = [figure for match in _FIGURE.finditer(plain) if (figure := _figure(plain, match))]
    for match in _WHOLE_WORD.finditer(plain):
        word = match[0].casefold()
        if word in TIMES_WORDS:
            value = TIMES_WORDS[word]
            found.append(Figure(match[0], match.start(), match.end(), "times", value, value, 0))
        elif word in SHARE_WORDS:
            found += _share(plain, match, found)
    return tuple(sorted(found, key=lambda figure: figure.at))


def agrees(claimed: Figure, stated: Figure) -> bool:
    """Returns whether ``stated`` bears ``claimed`` out: the same, or rightly rounded."""
    kinds = {claimed.kind, stated.kind}
    if kinds == {"percent", "times"}:
        # "Halved" and "two times smaller" are the same; "30 %" and "30x" are not.
        return {claimed.value, stated.value} == {50.0, 2.0}
    if claimed.kind == stated.kind:
        pairs: tuple[tuple[float, float], ...] = ((claimed.value, stated.value),)
    else:
        pairs = ((claimed.value, stated.value), (claimed.raw, stated.raw))
        if kinds <= {"plain", "percent"}:
            percent, plain = sorted((claimed, stated), key=lambda f: f.kind != "percent")
            pairs += ((percent.value / 100, plain.value),)
    return any(_same(claimed, said, meant) for said, meant in pairs)


def any_agrees(claimed: Figure, stated: Iterable[Figure]) -> bool:
    """Returns whether any of ``stated`` bears ``claimed`` out."""
    return any(agrees(claimed, figure) for figure in stated)


def _figure(plain: str, match: re.Match[str]) -> Figure | None:
    before = plain[max(match.start() - _WINDOW, 0) : match.start()]
    after = plain[match.end() : match.end() + _WINDOW]
    joined = _LETTERS_BEFORE.search(before)
    if (joined and not joined[1].islower()) or _numbers_an_item(before, after):
        return None
    spelled, places = False, 0
    if match["power"]:
        raw = 10.0 ** min(max(int(match["exponent"]), -300), 300)
        places = max(-int(match["exponent"]), 0)
    elif match["upper"]:
        upper, lower = float(match["upper"]), float(match["lower"])
        if not 0 < upper < lower:
            return None
        share = 100 * upper / lower
        return Figure(match[0], match.start(), match.end(), "percent", share, share, 1)
    elif match["digits"]:
        digits = match["digits"].replace(",", "")
        raw = float(digits) * 10.0 ** min(max(int(match["shift"] or 0), -300), 300)
        places = len(digits.partition(".")[2])
    else:
        raw, spelled = _spelled_value(match["spelled"]), True
    scale = _SCALE_AFTER.match(after)
    value, end = raw, match.end()
    if scale:
        value *= SCALES[(scale[1] or scale[2] or scale[3]).casefold()]
        end += scale.end()
        after = plain[end : end + _WINDOW]
    kind: FigureKind = "plain"
    for name, pattern in _UNIT_AFTER:
        unit = pattern.match(after)
        if not unit:
            continue
        word = next((g for g in unit.groups() if g), "").casefold()
        if name == "time":
            kind = "time"
            value *= SECONDS.get(word.removesuffix("s"), SECONDS.get(word, 1.0))
        elif name == "bytes":
            kind = "bytes"
            value *= BYTES[word]
        else:
            kind = "percent" if name == "percent" else "times"
        end += unit.end()
        break
    if kind == "plain" and _FACTOR_OF.search(before):
        kind = "times"
    lead = before[-24:]
    compound = f"{joined[1]}-{match[0]}" if joined else ""
    loose = _ABOUT.search(lead) is not None
    bound = 1 if _ABOVE.search(lead) else -1 if _BELOW.search(lead) else 0
    text = plain[match.start() : end].strip()
    return Figure(
        text,
        match.start(),
        end,
        kind,
        value,
        raw,
        places,
        spelled and value <= 10,
        loose,
        bound,
        compound,
    )


def _numbers_an_item(before: str, after: str) -> bool:
    """Whether a number is that of an item: '(1) ...' or '1) ...'."""
    return after[:1] == ")" and (before[-1:] == "(" or before.count("(") <= before.count(")"))


def _spelled_value(text: str) -> float:
    total = 0.0
    for word in re.split(r"[- ]", text.casefold()):
        if word in ("hundred", "dozen"):
            total = max(total, 1.0) * SCALES[word]
        else:
            total += SPELLED[word]
    return total


def _share(plain: str, match: re.Match[str], found: list[Figure]) -> list[Figure]:
    """Returns the share that a fraction word names; "a third stage" names none."""
    word = match[0].casefold()
    share = SHARE_WORDS[word]
    before = plain[max(match.start() - _WINDOW, 0) : match.start()]
    parts = re.search(r"\b(a|one|two|three|four)[\s-]$", before, re.IGNORECASE)
    if word not in ("half", "halve", "halves", "halved", "halving"):
        after = plain[match.end() : match.end() + 8]
        if not parts or not (
            word.endswith("s") or re.match(r"[\s-](?:of|as|the|less)\b|\s?[.,;]|$", after)
        ):
            return []
    counted = parts and parts[1].casefold() not in ("a", "one")
    number = SPELLED.get(parts[1].casefold(), 1.0) if parts and counted else 1.0
    if parts and parts[1].casefold() != "a":
        # Its counting word is no figure by itself.
        found[:] = [f for f in found if f.end != match.start() - 1]
    start = match.start() - len(parts[0]) if parts else match.start()
    value = number * share
    return [Figure(plain[start : match.end()], start, match.end(), "percent", value, value, 0)]


def _same(claimed: Figure, said: float, meant: float) -> bool:
    if abs(said - meant) <= 1e-6 * max(abs(said), abs(meant)):
        return True
    if not said or not meant or said * meant < 0 or abs(said - meant) > 0.1 * abs(meant):
        return False
    # A rounded figure: to the digits that the claim gives, where it says about or gives two.
    digits = len(f"{claimed.raw:g}".replace(".", "").strip("0"))
    if claimed.loose and digits <= _ROUND_DIGITS and abs(said - meant) <= _ABOUT_SHARE * abs(meant):
        return True
    return digits >= _ROUND_DIGITS and float(f"{meant:.{digits}g}") == float(f"{said:.{digits}g}")
