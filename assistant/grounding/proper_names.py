"""The names of a text (systems, models, data sets, people, acronyms) and where they occur."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.grounding.clause_words import simplify_text
from assistant.text.terms import STOP_WORDS, extract_terms

_TOKEN = re.compile(r"[^\W_]+(?:[-.@/&'][^\W_]+)*\+{0,2}")
_PART = re.compile(r"[-.@/&']")
_CAMEL = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-zA-Z])(?=\d)|(?<=\d)(?=[A-Za-z])"
)
_OPENS_SENTENCE = re.compile(r"(?:^|[.:!?]\s+|[.:!?][\"”')\]]\s+)[\"“'(\[]*$")
_TITLE_RUN = re.compile(r"[A-Z]\w*(?:[ -][A-Z]\w*)+")
_JOINED_TOKENS = 4
_MOST_PIECES = 8
_UNIT = re.compile(
    r"(?:da|[EPTGMkhdcmnpfuµμ])?"
    r"(?:K|Hz|W|Wh|V|A|Ah|Pa|J|N|eV|cal|L|M|mol|Da|T|S|H|F|C|G|Gy|Sv|Bq|B|b|bp|dB|Ω)"
    r"|Celsius|Fahrenheit|Kelvin"
)
"""Source: the units and prefixes of the SI Brochure, 9th edition, tables 2 to 8, and those that
life sciences and computing write beside them."""
_FIGURE_BEFORE = re.compile(r"\d[ -]?(?:°\s?|degrees? )?$")
_ACRONYM = re.compile(r"[A-Z][A-Za-z]{0,3}[A-Z][A-Za-z]{0,4}s?|[A-Z]{2,8}s?")
_FORMULA = re.compile(r"\d[A-Z][a-z]?\d")
_MAX_PREFIX = 3
_MIN_SPELLING = 2

# A field's own shorthand says no more than the words do, and authors use it unexplained.
_SHORTHAND = {
    "llm": "language model",
    "lm": "language model",
    "plm": "language model",
    "mllm": "multimodal language model",
    "nlp": "language",
    "ai": "model",
    "ml": "learning",
    "nn": "network",
    "sota": "state art",
    "gpu": "",
    "cpu": "",
    "api": "",
}


class NameIndex:
    """Everything that counts as a name of the texts it was made of."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._keys = frozenset[str]().union(*(_collect_keys(text) for text in texts))
        self._stems = frozenset[str]().union(*(frozenset(_stem(text)) for text in texts))
        self._texts = tuple(texts)

    def __contains__(self, name: str) -> bool:
        """Whether ``name`` occurs, whatever its case, plural, hyphens or spelling out."""
        key = fold_name(name)
        if self._holds(key):
            return True
        shorthand = _SHORTHAND.get(_singular(key))
        if shorthand is not None and self._stems.issuperset(extract_terms(shorthand)):
            return True
        if _ACRONYM.fullmatch(name) and any(spells(text, name) for text in self._texts):
            return True
        parts = [part for part in _PART.split(name) if part]
        if len(parts) > 1:
            return all(self._holds_part(part) for part in parts)
        return False

    def _holds(self, key: str) -> bool:
        return not key or key in self._keys or _singular(key) in self._keys

    def _holds_part(self, part: str) -> bool:
        if not _distinctive(part) and not part[:1].isupper() and not _FORMULA.search(part):
            return not part.isdigit() or part in self._keys
        return part in self

    def holds_stems(self, word: str) -> bool:
        """Whether every term of ``word`` is a term of the texts."""
        return self._stems.issuperset(extract_terms(word))


@lru_cache(maxsize=20_000)
def find_names(text: str) -> tuple[tuple[str, bool], ...]:
    """Returns (name, whether its form alone shows that it is one) for each name of ``text``.

    Shown by form are inner capitals, digits among letters and acronyms; other capitalised words
    may be names or not. At the beginning of a sentence every word has a capital, so there only
    its form shows a name. Units after a figure are none.
    """
    plain = simplify_text(text)
    found: dict[str, bool] = {}
    for match in _TOKEN.finditer(plain):
        token = match[0].removesuffix("'s").removesuffix("'")
        if token.casefold() in STOP_WORDS or not any(c.isalpha() for c in token):
            continue
        if _is_unit(plain, match.start(), token):
            continue
        if list_name_parts(token):
            found[token] = True
        elif _opens(plain, match.start()):
            continue
        elif token[:1].isupper() or any(part[:1].isupper() for part in _PART.split(token)):
            found.setdefault(token, False)
    return tuple(found.items())


def _opens(text: str, at: int) -> bool:
    return _OPENS_SENTENCE.search(text[max(at - 8, 0) : at]) is not None


def _is_unit(text: str, at: int, token: str) -> bool:
    """Whether a token is a unit after a figure, as in '25 kW' or '38 degrees Celsius'."""
    if not _UNIT.fullmatch(_PART.split(token)[0]):
        return False
    return _FIGURE_BEFORE.search(text[max(at - 12, 0) : at]) is not None


def list_name_parts(name: str) -> tuple[str, ...]:
    """Returns the parts of ``name`` that are names by their form: "KV" of "KV-Cache"."""
    return tuple(part for part in _PART.split(name) if _distinctive(part))


def is_acronym_of(part: str, text: str) -> bool:
    """Returns whether ``text`` spells ``part`` out, or has its letters in another order.

    So acronyms differ between languages: MRI is IRM in French, HIV is VIH in Spanish.
    """
    if not _ACRONYM.fullmatch(part):
        return False
    letters = "".join(sorted(_singular(part.casefold())))
    return spells(text, part) or letters in _collect_sorted_capitals(text)


@lru_cache(maxsize=20_000)
def _collect_sorted_capitals(text: str) -> frozenset[str]:
    """Returns the letters of each word of ``text`` in capitals, in the order of the alphabet."""
    return frozenset(
        "".join(sorted(_singular(token.casefold())))
        for token in _TOKEN.findall(simplify_text(text))
        if token.isupper()
    )


@lru_cache(maxsize=20_000)
def find_opening_words(text: str) -> tuple[str, ...]:
    """Returns the words that open the sentences of ``text``, those that are names by form aside."""
    plain = simplify_text(text)
    return tuple(
        match[0].removesuffix("'s").removesuffix("'")
        for match in _TOKEN.finditer(plain)
        if match[0][0].isupper() and _opens(plain, match.start()) and not list_name_parts(match[0])
    )


def find_missing_names(
    claim: str,
    index: NameIndex,
    is_ordinary: Callable[[str], bool],
    elsewhere: Sequence[str] = (),
) -> tuple[str, ...]:
    """Returns the names of ``claim`` that ``index`` lacks, in order.

    A word that opens a sentence is a name where one of the texts ``elsewhere`` writes it with a
    capital inside of a sentence. A capitalised word that is a word of the language
    (``is_ordinary``, told its term) is a name only by its form, or as one of several that are
    capitalised together.
    """
    runs = _find_title_runs(claim)
    missing = []
    opens = find_opening_words(claim)
    named = {name for text in elsewhere for name, _ in find_names(text)} if opens else set()
    opening = {word: False for word in opens if word in named}
    for name, by_form in {**opening, **dict(find_names(claim))}.items():
        if name in index or (not by_form and index.holds_stems(name)):
            continue
        run = next((run for run in runs if name in run), ())
        if by_form:
            # A claim may spell out an acronym that its source does not use.
            if f"({name})" in claim and spells(claim, name):
                continue
        else:
            if "".join(word[0] for word in run) in index and len(run) > 1:
                continue
            ordinary = all(is_ordinary(term) for term in extract_terms(name))
            if ordinary and (len(run) < 2 or any(index.holds_stems(word) for word in run)):
                continue
        missing.append(name)
    return tuple(missing)


def fold_name(name: str) -> str:
    """Returns ``name`` folded, without accents, hyphens and points: "GPT-4" gives "gpt4"."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in folded if char.isalnum() or char == "+")


@lru_cache(maxsize=20_000)
def spells(text: str, acronym: str) -> bool:
    """Returns whether consecutive words of ``text`` begin with the letters of ``acronym``.

    Each word gives one to three letters in order: "low-rank adaptation" spells LoRA. Small words
    between may give none.
    """
    letters = acronym.removesuffix("s").casefold()
    words, pairs = _read_spelling(text)
    if not pairs.issuperset(map("".join, pairwise(letters))):
        return False
    # How many letters are spelled, and of how many words, where it matters, up to the last word.
    states: set[tuple[int, int]] = set()
    for word in words:
        before = (*states, (0, 0)) if word[0] == letters[0] else tuple(states)
        states = set()
        for done, n_words in before:
            n_words = min(n_words + 1, _MIN_SPELLING)
            if done and word in STOP_WORDS:
                states.add((done, n_words))
            for length in range(1, min(_MAX_PREFIX, len(word), len(letters) - done) + 1):
                if word.startswith(letters[done : done + length]):
                    states.add((done + length, n_words))
        if (len(letters), _MIN_SPELLING) in states:
            return True
        states.discard((len(letters), 1))
    return False


@lru_cache(maxsize=20_000)
def _read_spelling(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Returns the words of ``text``, and the pairs of letters that an acronym of them can have."""
    words = tuple(word.casefold() for word in re.findall(r"[^\W_]+", simplify_text(text)))
    pairs: set[str] = set()
    last: set[str] = set()
    for word in words:
        prefix = word[:_MAX_PREFIX]
        pairs.update(map("".join, pairwise(prefix)))
        pairs.update(letter + word[0] for letter in last)
        last = {*prefix, *(last if word in STOP_WORDS else ())}
    return words, frozenset(pairs)


def _distinctive(part: str) -> bool:
    """Whether the form of ``part`` alone makes it a name: inner capitals, or capital and digit."""
    bare = part.rstrip("+")
    if len(bare) < 2:
        return bare.isupper() and bare not in ("I", "A") and part != bare
    if bare[0].isdigit():
        return False
    singular = bare.removesuffix("s")
    has_inner = any(char.isupper() for char in singular[1:])
    mixed = any(char.isdigit() for char in bare) and any(char.isalpha() for char in bare)
    return has_inner or mixed


def _find_title_runs(text: str) -> list[tuple[str, ...]]:
    """Returns the runs of words of ``text`` that are capitalised together, not at its beginning."""
    plain = simplify_text(text)
    return [
        tuple(re.split(r"[ -]", match[0]))
        for match in _TITLE_RUN.finditer(plain)
        if not _opens(plain, match.start())
    ]


@lru_cache(maxsize=20_000)
def _collect_keys(text: str) -> frozenset[str]:
    """Returns the keys of every token of ``text``, its parts, and neighbours joined."""
    tokens = [token.removesuffix("'s") for token in _TOKEN.findall(simplify_text(text))]
    keys: set[str] = set()
    flat: list[str] = []
    for token in tokens:
        for part in _PART.split(token):
            flat.append(fold_name(part))
            pieces = _CAMEL.split(part)
            keys.update(fold_name(piece) for piece in pieces if len(piece) > 1)
            # "SOBertBase" is a SOBert, and "pCO2" is one of CO2.
            keys.update(fold_name("".join(run)) for run in _list_runs(pieces[:_MOST_PIECES]))
        keys.add(fold_name(token))
        if token != token.casefold():
            keys.add(_singular(fold_name(token)))
    for width in range(1, _JOINED_TOKENS + 1):
        for start in range(len(flat) - width + 1):
            keys.add("".join(flat[start : start + width]))
    return frozenset(keys)


def _list_runs(pieces: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yields every run of two or more neighbouring pieces."""
    for start in range(len(pieces)):
        for end in range(start + 2, len(pieces) + 1):
            yield pieces[start:end]


@lru_cache(maxsize=20_000)
def _stem(text: str) -> tuple[str, ...]:
    return tuple(extract_terms(text))


def _singular(key: str) -> str:
    return key[:-1] if len(key) > 2 and key.endswith("s") and not key.endswith("ss") else key
