"""The one tokenisation for BM25, coverage, extraction and abstention: text -> stems.

A word gives one term, its Snowball stem. A compound gives its parts and the parts joined, so
that "self-attention", "self attention" and "selfattention" meet, as do "GPT-4" and "GPT4". A
number keeps its decimals; a number glued to a unit gives both ("115M" -> "115m", "115").
Spelling differences that carry no meaning (case, accents, Greek letters or their names, British
or American endings) are folded.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

# Closed-class English words: they say how a question is put and not what it is about.
_FUNCTION_WORDS = """
a an the this that these those such same other another each every either neither both all any
some few many much more most less least several own
i me my mine myself we us our ours ourselves you your yours yourself he him his himself she
her hers herself it its itself they them their theirs themselves one ones someone something
anyone anything everyone everything nothing nobody
who whom whose which what when where why how whatever whichever whether
am is are was were be been being do does did doing done has have had having can could may
might must shall should will would cannot dont doesnt didnt isnt arent wasnt werent wont
not no nor never none
and or but if then else than so because as while until unless though although however
therefore thus hence
of at by for with without within about against between among into onto through throughout
during before after above below to toward towards from up down in out on off over under upon
via per around across along behind beyond near since
again further once here there now just only very too also even still yet quite rather ever
already almost
please tell explain say know want let get give got
"""
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())

_GREEK = {
    chr(code): unicodedata.name(chr(code)).rsplit(" ", 1)[-1].lower()
    for code in range(0x3B1, 0x3CA)
    if "FINAL" not in unicodedata.name(chr(code))
}
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_APOSTROPHES = "'\u2019\u02bc"
# A run of letters and digits, joined by hyphens or apostrophes, or by a point or comma in a number.
_RAW = re.compile(
    rf"[^\W_]+(?:[{_HYPHENS}{_APOSTROPHES}][^\W_]+|(?<=\d)[.,](?=\d)[^\W_]+)*", re.UNICODE
)
_HYPHEN = re.compile(f"[{_HYPHENS}]")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_CONTRACTED = frozenset({"s", "t", "re", "ve", "ll", "d", "m", "l", "n", "qu", "j", "c"})
_LONG_UNIT = 3
"""A unit of so many letters is a word of its own ("80times")."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)*)([a-z]+)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# Han, Hiragana, Katakana and Hangul are written without spaces: they are indexed by pairs.
_CJK_RANGES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_CJK = re.compile(f"[{_CJK_RANGES}]+")
_CJK_OR_OTHER = re.compile(f"[{_CJK_RANGES}]+|[^{_CJK_RANGES}]+")
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|able|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z]{3})our(?=(?:s|ed|ing|al|hood|hoods|able|ite|less)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{2}[tb])re(?=(?:s|d)?$)"), "er"),
    (re.compile(r"(?<=[a-z]{2}log)ue(?=s?$)"), ""),
    (re.compile(r"(?<=program)me(?=s?$)"), ""),
)
_JOINED_PARTS = 4
"""Compounds of more parts are phrases; their joined form would never be met again."""

_stemmer = Stemmer.Stemmer("english")


def extract_terms(text: str) -> list[str]:
    """Returns the terms of ``text`` in order, repeats kept: lower-case stems, no stop words."""
    return [term for _, term in extract_spelled_terms(text)]


def extract_spelled_terms(text: str) -> list[tuple[str, str]]:
    """Returns (word as folded but not stemmed, term) for every term of ``text``, in order."""
    return [pair for run in find_word_runs(text) for pair in _expand(run)]


def find_word_runs(text: str) -> list[str]:
    """Returns the runs of letters, digits and joiners of ``text``, in order.

    The terms of a text are the terms of its runs, one run after another.
    """
    return _RAW.findall(unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=200_000)
def _expand(raw: str) -> tuple[tuple[str, str], ...]:
    """Returns the (word, term) pairs of one run of letters, digits and joiners."""
    found = (word for word in dict.fromkeys(_split_words(raw)) if word and word not in STOP_WORDS)
    return tuple((word, _stem(word)) for word in found)


def _split_words(raw: str) -> list[str]:
    """Returns the folded words of ``raw``: its parts, then its joined forms."""
    if _CJK.search(raw):
        return _split_cjk(raw)
    # Contractions and elisions leave their short piece behind: "model's", "l'encodeur".
    pieces = _APOSTROPHE.split(raw)
    if len(pieces) > 1:
        if fold_spelling("".join(pieces)) in STOP_WORDS:
            return []
        pieces = [p for p in pieces if fold_spelling(p) not in _CONTRACTED] or pieces[:1]
        return [word for piece in pieces for word in _split_words(piece)]
    parts = _HYPHEN.split(raw)
    words = [word for part in parts for word in _split_part(part)]
    has_letters = any(not part[:1].isdigit() for part in parts)
    if 1 < len(parts) <= _JOINED_PARTS and has_letters:
        words.append(fold_spelling("".join(parts)))
    return words


def _split_part(part: str) -> list[str]:
    """Returns the words of one hyphen-free part: itself, and its pieces where it is glued."""
    folded = fold_spelling(part)
    quantity = _QUANTITY.fullmatch(folded)
    if quantity:
        number, unit = quantity.groups()
        return [folded, number, unit] if len(unit) > 2 else [folded, number]
    camel = _CAMEL.split(part)
    return [folded, *map(fold_spelling, camel)] if len(camel) > 1 else [folded]


def _split_cjk(raw: str) -> list[str]:
    """Returns pairs of neighbouring characters of unspaced scripts, and the words between."""
    words: list[str] = []
    for run in _CJK_OR_OTHER.findall(raw):
        if not _CJK.fullmatch(run):
            words += _split_words(run.strip(_HYPHENS + _APOSTROPHES))
        elif len(run) == 1:
            words.append(run)
        else:
            words += [run[i : i + 2] for i in range(len(run) - 1)]
    return words


def fold_spelling(word: str) -> str:
    """Returns ``word`` without case, accents, Greek letters and thousands separators."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(_GREEK.get(c, c) for c in plain if not unicodedata.combining(c))
    return _THOUSANDS.sub("", plain)


def _stem(word: str) -> str:
    """Returns the Snowball (Porter 2) stem of ``word`` in American spelling.

    Source: Porter, "Snowball: a language for stemming algorithms", 2001, English stemmer.
    """
    for pattern, ending in _SPELLINGS:
        word = pattern.sub(ending, word)
    return str(_stemmer.stemWord(word))
