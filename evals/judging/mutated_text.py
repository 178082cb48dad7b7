"""Sentences spoilt in one way: another number, another name, a "not". Pure.

What is a number or a name here is found by rules of this module's own and not by the check's, so
that what the check overlooks is not left out of its test.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAD_IN = "According to the abstract, "
"""Changes nothing of what a sentence says, and makes it no quotation."""

_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_CHANGEABLE = re.compile(r"(?<![\w.,^])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d^]|[.,]\d)")
_IN_A_NAME_BEFORE = re.compile(r"[^\W\d_]-$|[A-Z][\w.-]*\s$")
_IN_A_NAME_AFTER = re.compile(r"(?:st|nd|rd|th|D)\b|\.[A-Za-z]")
_SPELLED = {
    word: float(value)
    for value, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
}
_PERCENT = re.compile(r"\s?(?:%|percent)")
_FACTORS = (0.4, 0.5, 0.6, 0.7, 1.3, 1.5, 1.7, 2.0, 2.5, 3.0)
_YEARS = range(1900, 2100)
_YEARS_OFF = (-9, -7, -6, -4, -3, 3, 4, 6, 7, 9)
_LEAST_DEPARTURE = 0.15
"""The share by which a changed number departs from all of the sources: rounding explains less."""

_TOKEN = re.compile(r"(?<![\w-])[^\W\d_]\w*(?:-\w+)*(?![\w-])")
_BY_FORM = re.compile(r"\w*[A-Z]\w*[A-Z]\w*|[A-Z]\w*\d\w*|[a-z]+[A-Z]\w*")
_ORDINARY_PART = re.compile(r"[a-z]{3,}")
_OPENS_SENTENCE = re.compile(r"(?:^|[.:!?]\s+)[\"“'(\[]*$")
_SHORTHAND = re.compile(r"(?:[A-Z]?LM|NLP|AI|ML|NN|RAG|IR|QA|GPU|CPU|API|SOTA)s?")
"""A field's shorthand names nothing of its own, so another in its place may be as true."""

_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|can|could|will|would|should|must)\b"
    r"|\b(?:has|have|had)\b(?= (?:\w+ly )?(?:\w+ed|been|shown|become|led|made|proven|gained)\b)"
)
_NO_PLACE = re.compile(r"(?!\s+\w)|\s+(?:not|only|never|no|neither|nor|nothing)\b", re.IGNORECASE)
_BASES = (
    "achieve adapt allow apply attain bring combine consist contain demonstrate depend eliminate "
    "employ enable enhance ensure examine exhibit explore extend facilitate generalize generate "
    "identify improve incorporate indicate integrate introduce investigate leverage maintain "
    "mitigate observe outperform perform preserve present propose provide reduce rely remain "
    "remove require retain reveal show simplify solve suffer suggest surpass"
)
_THIRD_PERSON = {
    f"{base[:-1]}ies" if base.endswith("y") and base[-2] not in "aeo" else f"{base}s": base
    for base in _BASES.split()
}
"""Verbs whose form in -s is no noun's as well."""
_THIRD = re.compile(rf"\b(?:{'|'.join(_THIRD_PERSON)})\b")
_FIRST = re.compile(
    rf"(?<=\b[Ww]e )(?:{'|'.join([*_BASES.split(), 'describe', 'find', 'release', 'study'])})\b"
)

_LEADING = re.compile(
    r"(?:We|Our|The|This|These|Those|It|Its|In|On|For|By|To|From|With|Through|Using|Here|However|"
    r"A|An|As|At|Although|While|When|Despite|Both|Each|Results|Experiments|Experimental|Extensive)"
    r"(?= )"
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a library: ``known`` all of them, ``whole`` those that may stand for others."""

    known: frozenset[str]
    whole: tuple[str, ...]


def reword(text: str) -> str:
    """Returns a sentence that says the same and is no quotation."""
    if _LEADING.match(text):
        text = text[0].lower() + text[1:]
    return LEAD_IN + text


def find_numbers(text: str) -> frozenset[float]:
    """Returns the numbers of ``text``, those in names and small ones in words as well."""
    written = {float(match[0].replace(",", "")) for match in _FIGURE.finditer(text)}
    words = set(re.findall(r"[a-z]+", text.lower()))
    return frozenset(written | {_SPELLED[word] for word in words & _SPELLED.keys()})


def change_number(text: str, sources: Sequence[str], rng: random.Random) -> str | None:
    """Returns ``text`` with one number changed to none that it or ``sources`` hold.

    The number is of the same form: as many decimals, with commas where it had some, at most 100
    where it was a percentage of at most 100. None where there is no number, or no other will do.
    """
    held = find_numbers(" ".join((text, *sources)))
    places = [match for match in _CHANGEABLE.finditer(text) if _is_quantity(text, match)]
    rng.shuffle(places)
    for match in places:
        most = 100.0 if _PERCENT.match(text, match.end()) else float("inf")
        for number in _other_numbers(match[0], most, held, rng):
            return f"{text[: match.start()]}{number}{text[match.end() :]}"
    return None


def _is_quantity(text: str, match: re.Match[str]) -> bool:
    """Whether a number is none of a name, such as 'GPT-4', 'Llama 2' or '3D'."""
    before = _IN_A_NAME_BEFORE.search(text[: match.start()])
    # "In 2024": the first word of a sentence names nothing.
    named = before and not _OPENS_SENTENCE.search(text[: before.start()])
    return not named and not _IN_A_NAME_AFTER.match(text, match.end())


def _other_numbers(
    written: str, most: float, held: frozenset[float], rng: random.Random
) -> Iterator[str]:
    """Yields numbers of the form of ``written`` that are none of ``held``, nor near one."""
    value = float(written.replace(",", ""))
    n_decimals = len(written.partition(".")[2])
    is_year = len(written) == 4 and written.isdigit() and int(written) in _YEARS
    changed = [value + off for off in _YEARS_OFF] if is_year else [value * f for f in _FACTORS]
    rng.shuffle(changed)
    departure = 0.0 if is_year else _LEAST_DEPARTURE
    for number in changed:
        text = f"{number:{',' if ',' in written else ''}.{n_decimals}f}"
        other = float(text.replace(",", ""))
        if value <= most < other or not other:
            continue
        if all(abs(other - n) > departure * max(other, n) for n in held):
            yield text


def find_names(texts: Sequence[str]) -> Names:
    """Returns the names in ``texts``: systems, models, data sets, acronyms, people.

    Names are told by inner capitals or digits, and words by a capital within a sentence where no
    text has them without it; such a word may stand for others where two texts have it.
    """
    lower = {token for text in texts for token in _TOKEN.findall(text) if token == token.casefold()}
    by_form = {token for text in texts for token in _TOKEN.findall(text) if _is_name(token)}
    n_texts: Counter[str] = Counter()
    for text in texts:
        n_texts.update(
            {
                match[0]
                for match in _TOKEN.finditer(text)
                if match[0][0].isupper()
                and len(match[0]) > 2
                and not _is_shorthand(match[0])
                and not _OPENS_SENTENCE.search(text[: match.start()])
                and lower.isdisjoint((match[0].casefold(), *match[0].casefold().split("-")))
            }
        )
    whole = {n for n in by_form if not any(_ORDINARY_PART.fullmatch(p) for p in n.split("-"))}
    whole |= {name for name, n in n_texts.items() if n > 1}
    return Names(frozenset(by_form | n_texts.keys()), tuple(sorted(whole)))


def change_name(text: str, sources: Sequence[str], names: Names, rng: random.Random) -> str | None:
    """Returns ``text`` with one name replaced, throughout, by one that is not in ``sources``.

    None where it holds no name, or the library no other.
    """
    found = [
        token
        for token in dict.fromkeys(_TOKEN.findall(text))
        if token in names.known or _is_name(token)
    ]
    held = _bare(" ".join((text, *sources)))
    others = [name for name in names.whole if _bare(name) not in held]
    if not found or not others:
        return None
    name, other = rng.choice(found), rng.choice(others)
    return _TOKEN.sub(lambda match: other if match[0] == name else match[0], text)


def _is_name(token: str) -> bool:
    """Whether a token's form alone shows that it is a name, and no mere shorthand."""
    return any(_BY_FORM.fullmatch(part) for part in token.split("-")) and not _is_shorthand(token)


def _is_shorthand(token: str) -> bool:
    """Whether nothing but shorthand makes the token look like a name: 'LLMs', 'LLM-based'."""
    parts = [part for part in token.split("-") if _BY_FORM.fullmatch(part)]
    return bool(parts) and all(_SHORTHAND.fullmatch(part) for part in parts)


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def negate(text: str, rng: random.Random) -> str | None:
    """Returns ``text`` with a "not" put in after an auxiliary, or with "do" before a verb.

    None where there is no place for one, or only places that are denied already.
    """
    changes: list[tuple[int, int, str]] = []
    for match in _AUXILIARY.finditer(text):
        if not _NO_PLACE.match(text, match.end()):
            changes.append((match.end(), match.end(), " not"))
    for match in _THIRD.finditer(text):
        changes.append((*match.span(), f"does not {_THIRD_PERSON[match[0]]}"))
    for match in _FIRST.finditer(text):
        changes.append((*match.span(), f"do not {match[0]}"))
    if not changes:
        return None
    start, end, new = rng.choice(changes)
    return text[:start] + new + text[end:]
