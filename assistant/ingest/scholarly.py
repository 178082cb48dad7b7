"""Whether a text reads as an abstract does, or as a reference: what tells papers from other texts.

Abstracts say what was studied, how, and what was found; letters, minutes, manuals and stories
speak to somebody or tell of somebody. Both are told by their words, in English; an abstract in
another language is told by its length alone. One text proves little: callers look at shares.
"""

from __future__ import annotations

import re

MAX_CHARS = 4_000
"""What is read of a text: its kind is told by then."""

ABSTRACT_CHARS = 1_500
"""What is read of an abstract: different words of research grow less than the text does."""

LONG_WORDS = 40
"""An abstract that has no English words must have so many, for its length is all that tells it."""

SHORT_WORDS = 25
WORDS_A_SIGN = 60
"""Words of a longer text for each sign of research that it must have beyond the first.

Source: measured on lists of 2, 8 and 25 abstracts, none of them looked at for the words here: with
30, 28 to 62 % of those of LISA were refused; with 60 at most 10 %, and none of CISI, Cranfield and
SciFact. Of 2,159 texts of software, 52 pass as feeds, with 30 it was 43.
"""

MAX_CODE = 0.05
"""Share of signs of program code; formulas in TeX have fewer in an abstract as a whole."""

_CODE = re.compile(r"[{}();=_<>\\|#]")
_CODE_ENDS = (";", "{", "}", ",", ":", "=")

MAX_REFERENCE_WORDS = 90

_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")

_ENGLISH = frozenset({
    "the", "of", "and", "a", "in", "to", "is", "are", "for", "with", "that", "on", "by", "from",
    "this", "was", "were", "at", "an", "it", "as",
})  # fmt: skip

_RESEARCH = (
    "abstract", "accura", "algorithm", "analy", "architectur", "assess", "associat", "baseline",
    "benchmark", "cells", "clinic", "cohort", "compar", "conclu", "contribut", "correlat",
    "demonstrat", "determin", "diagnos", "distribut", "dynamic", "effect", "efficien",
    "empiric", "estimat", "evaluat", "eviden", "examin", "experiment", "find", "framework",
    "gene", "generaliz", "hypothes", "improv", "increas", "indicat", "induc", "infer",
    "influenc", "interact", "interview", "investigat", "learning", "literature", "measur",
    "mechanis", "method", "metric", "model", "network", "novel", "observ", "outperform",
    "parameter", "participant", "patient", "perform", "population", "predict", "propos",
    "prove", "random", "reduc", "regress", "research", "result", "review", "sampl",
    "significan", "simulat", "specie", "statist", "stud", "suggest", "survey", "synthe",
    "techni", "temperatur", "theor", "train", "treat", "trial", "variab", "theorem", "protein",
    "climate", "quantum", "growth", "tissue", "dataset", "doubled", "colonies", "argu",
    "drought",
)  # fmt: skip
"""Beginnings of words that research is reported in."""
_COMMON = (
    "approach", "data", "design", "detect", "factor", "field", "function", "identif",
    "introduc", "lower", "higher", "cost", "rate", "mean", "paper", "phase", "present",
    "problem", "process", "propert", "provid", "relat", "report", "scal", "show", "site",
    "solution", "structur", "system", "task", "test", "conditions", "applied", "application",
    "image", "rise", "sensor", "signal", "policy", "energy", "shade",
)  # fmt: skip
"""The same of words that other texts have as well; two of them count as one."""
_RESEARCHING = re.compile("|".join(_RESEARCH))
_COMMONLY = re.compile("|".join(_COMMON))
_QUANTITY = re.compile(
    r"\d\s?(?:%|percent|per ?cent|mm|cm|km|m\b|kg|mg|g\b|ml|l\b|K\b|°|Hz|GHz|ms\b|s\b|years?"
    r"|months?|weeks?|days|hours|patients|participants|sites|species|samples|times|degrees|litres|fold)"
    r"|\b[pPn]\s?[<=>]\s?0?[.\d]"
)
_STATEMENT = re.compile(
    r"\b(?:(?:in )?th(?:is|e present) (?:paper|work|study|article|report|thesis|review|survey"
    r"|chapter|note)|we (?:also |then |here |first )?(?:propose|present|show|study|introduce|find"
    r"|found|investigate|develop|describe|analy[sz]e|compare[d]?|measure[d]?|examine[d]?|report"
    r"|demonstrate|prove|use[d]?|evaluate[d]?|argue|consider|test(?:ed)?|survey(?:ed)?|model(?:led)?"
    r"|estimate[d]?|assess(?:ed)?|observe[d]?|review(?:ed)?|explore[d]?|derive|design(?:ed)?"
    r"|collect(?:ed)?|discuss|conclude[d]?|apply|construct)"
    r"|our (?:results?|findings|method|approach|model|experiments?|analysis|study|data)"
    r"|(?:results?|findings) (?:show|suggest|indicate|demonstrate|reveal)"
    r"|background:|objectives?:|methods?:|results:|conclusions?:|aims?:|purpose:)",
    re.IGNORECASE,
)

_TALK = frozenset({
    "i", "me", "my", "mine", "i'm", "i'll", "i've", "i'd", "you", "your", "yours", "you're",
    "you'll", "he", "him", "his", "she", "her", "said", "says", "told", "asked", "replied",
    "please", "thanks", "thank", "hello", "dear", "regards", "sincerely", "tomorrow", "yesterday",
    "tonight", "apologies", "adjourned", "chaired", "seconded", "attendees", "secretary",
    "treasurer", "click", "install", "download", "button", "buy", "shipping", "subscribe",
    "syllabus", "recruiting", "hiring", "warranty", "mr", "mrs", "miss", "sir", "lady", "recipe",
    "stir", "oven", "tablespoon", "teaspoon", "bake", "butter", "spokesman", "spokesperson",
    "don't", "can't", "won't", "didn't", "wasn't", "couldn't", "let's", "repository", "readme",
    "pip", "npm", "sudo", "git", "config", "tourists", "hotel", "redistribution", "liable",
    "liability", "damages", "hereby", "granted", "herein", "debian", "bug", "bugs", "upstream",
    "makefile", "stdout", "fix", "fixed", "fixes", "patch", "compiler", "looked", "walked",
    "smiled", "laughed", "whispered", "stood", "sat", "eyes", "door",
})  # fmt: skip
"""Words of address, of stories and of instructions; none that fields have for their subjects."""

MAX_TALK = 0.5
"""Words of talk for each sign of research in an abstract, at most."""


def reads_as_abstract(text: str) -> bool:
    """Returns whether ``text`` says what research says, more than it speaks to or of somebody."""
    if text.rstrip().endswith(_CODE_ENDS):
        return False
    text = text[:ABSTRACT_CHARS]
    if len(_CODE.findall(text)) > MAX_CODE * len(text):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    if not _is_english(words):
        return len(words) >= LONG_WORDS or is_unspaced(text)
    distinct = set(words)
    stems = {found.group() for word in distinct if (found := _RESEARCHING.match(word))}
    common = {found.group() for word in distinct if (found := _COMMONLY.match(word))}
    n_signs = len(stems) + len(common) / 2 + 2 * len(set(map(str.lower, _STATEMENT.findall(text))))
    n_signs += len(set(_QUANTITY.findall(text)))
    n_talk = len(_TALK & distinct)
    # Chance words of research grow with the length of any text; a toy of a few words has one.
    n_wanted = 1 + (len(words) / WORDS_A_SIGN if len(words) > SHORT_WORDS else 0)
    return n_signs >= n_wanted and n_talk <= MAX_TALK * n_signs


def _is_english(words: list[str]) -> bool:
    n_common = sum(word in _ENGLISH for word in words)
    return n_common >= max(1, 0.08 * len(words))


def is_unspaced(text: str) -> bool:
    """Returns whether ``text`` is in a script that is written without spaces, such as Chinese."""
    text = text[:200]
    return not text.isascii() and 2 * sum("\u2e7f" < sign < "\uac00" for sign in text) > len(text)


_YEAR = re.compile(r"(?<![\d.])(?:1[89]|20)\d\d[a-z]?(?![\d.]\d)")
_LOCATOR = re.compile(
    r"\bpp?\.\s?\d|\bvol(?:ume)?\.?\s?\d|\bno\.\s?\d|\d\s?\(\d+[^)]{0,8}\)|\d\s?:\s?[a-z]?\d"
    r"|\d{1,5}[-\u2013]{1,2}\d{1,5}|\be\d{4,}\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"\b[^\W\d_]{2,40},? (?:[A-Z]\.[ -]?)+|(?:\b[A-Z]\.[ -]?)+ ?[A-Z][^\W\d_]+"
    r"|\b[A-Z][a-z]+ [A-Z]{1,3}[,.;]"
)
_LINK = re.compile(r"\bdoi\b|\b10\.\d{4,9}/|https?://|\barxiv\b", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(?:\[\w{1,12}\]|\(?\d{1,3}[.)])\s")
_VENUE = re.compile(
    r"\b(?:et al|in proc|proceedings|journal|j\.|trans\.|conf\.|press|university|publish\w*"
    r"|springer|elsevier|wiley|thesis|eds?\.|lecture notes|in:|retrieved|accessed|available)\b"
    r"|[\"\u201c][^\"\u201d]{10,200}[,.?!]?[\"\u201d]",
    re.IGNORECASE,
)


def is_reference(text: str) -> bool:
    """Returns whether ``text`` cites a work: a year, its authors' initials or a link, a place."""
    text = text[:MAX_CHARS]
    if len(text.split(maxsplit=MAX_REFERENCE_WORDS)) > MAX_REFERENCE_WORDS or not _YEAR.search(
        text
    ):
        return False
    signs = (_LOCATOR, _INITIALS, _LINK, _VENUE)
    n_signs = sum(bool(sign.search(text)) for sign in signs) + bool(_NUMBER.match(text))
    return n_signs >= 2 and bool(_INITIALS.search(text) or _LINK.search(text) or n_signs >= 3)
