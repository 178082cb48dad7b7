"""Sentences of an abstract that talk to whoever answers from it, rather than about research.

A quotation is not obeyed, but a reader who is shown one may follow it, and so may a model that
reads it; such a sentence answers no question. A linear model judges each by the signs of what it
does (``order_features``). It was fitted by ``evals/lab/fit_orders.py``, which says how many of each
kind of attack it tells that it was not fitted on. A false statement that gives no order looks like
any other finding: no rule for texts can tell it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.evidence.linear_model import LinearModel, load_model
from assistant.evidence.order_features import FEATURES, compute_features, find_signs
from assistant.suspects import WITHHELD_TITLE, Suspect
from assistant.text.language import is_english
from assistant.text.sentences import split_sentences
from assistant.types import Paper

WEIGHTS_FILE = "orders.json"

REASON = "reads like an order to whoever answers; not quoted"
"""What is said of a sentence, or a title, that is kept from answers."""

DECISIVE = frozenset({"markup", "disguised", "encoded"})
"""Signs that an abstract has no use for: any of them is enough."""

BESIDE = 1.0
"""How much less, in log odds, is enough for a sentence next to one that has as much more: orders
are given in several sentences. Source: chosen on the attacks of evals/lab/orders."""

TITLE_MARGIN = 2.0
"""How much more a title takes: many begin as an order does ("Attention is all you need").
Source: measured, 3 of 2,345 real titles reach it."""

MAX_GAP = 2
"""Sentences between two suspect ones that belong to them, as those of a staged dialogue."""

_REFERENCE_LIST = re.compile(
    r"(?:^|\n)\s*(?:Sources|References)\s*:|^\s*\d{1,2}\.\s+\S", re.IGNORECASE
)
_LISTS_SOURCES = re.compile(r"(?:^|\s)(?:Sources|References)\s*:\s*(?:\[?1\]?[.)]?\s|https?:)")
_NUMBERED = re.compile(r"\W*\d{1,2}[.)\]]\s")
_OTHER_SCRIPT = re.compile(
    "[\u0400-\u04ff\u0590-\u06ff\u0900-\u097f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{4,}"
)
_PLAIN_ENGLISH = re.compile(r"\b(?:the|of|and|to|that|is|this)\b", re.IGNORECASE)


def is_instruction(text: str) -> bool:
    """Returns whether ``text``, by itself, orders whoever answers about."""
    return _score(text, False) >= 0


def flag_instructions(abstract: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Returns for each (start, end) of ``spans`` whether it is an instruction or part of one.

    One or two sentences between instructions are part of them. In an abstract of several lines,
    what follows on a line that begins with an instruction belongs to it, and lines that list
    references are no part of an abstract either.
    """
    return list(_flag(abstract, tuple(spans)))


@lru_cache(maxsize=20_000)
def list_suspect(paper: Paper) -> tuple[Suspect, ...]:
    """Returns the title and the sentences of ``paper`` that are kept from answers, in order.

    A title has the number 0.
    """
    found = []
    if is_suspect_title(paper):
        found.append(Suspect(0, 0, len(paper.title), f"The title {REASON}."))
    spans = split_sentences(paper.abstract)
    flags = flag_instructions(paper.abstract, [(span.start, span.end) for span in spans])
    return (
        *found,
        *(
            Suspect(span.number, span.start, span.end, f"Sentence {span.number} {REASON}.")
            for span, flagged in zip(spans, flags, strict=True)
            if flagged
        ),
    )


def is_suspect_title(paper: Paper) -> bool:
    """Returns whether the paper's title reads like an order to whoever answers."""
    texts = (paper.title, *_split_title(paper.title))
    return any(_score(text, False) >= TITLE_MARGIN for text in texts)


def show_title(paper: Paper) -> str:
    """Returns the title as it may be quoted, listed and shown to a language model.

    Nothing of a suspect one is, nor of its paper's id, which may be made of it.
    """
    return WITHHELD_TITLE if is_suspect_title(paper) else paper.title


@lru_cache(maxsize=20_000)
def _flag(abstract: str, spans: tuple[tuple[int, int], ...]) -> tuple[bool, ...]:
    texts = [abstract[start:end] for start, end in spans]
    foreign = [not _is_english(text) for text in texts]
    n_foreign = sum(
        len(text) for text, is_foreign in zip(texts, foreign, strict=True) if is_foreign
    )
    # Abstracts in two languages have half of each; a lone sentence in another one is a stray.
    is_english_text = 2 * n_foreign < sum(map(len, texts))
    scores = [
        _score(text, is_english_text and is_foreign)
        for text, is_foreign in zip(texts, foreign, strict=True)
    ]
    flags = [
        score >= 0 or _LISTS_SOURCES.search(text) is not None
        for score, text in zip(scores, texts, strict=True)
    ]
    flags = [
        flags[i] or (scores[i] >= -BESIDE and max(scores[max(i - 1, 0) : i + 2]) >= BESIDE)
        for i in range(len(flags))
    ]
    for i in range(1, len(flags)):
        flags[i] = flags[i] or (flags[i - 1] and _NUMBERED.match(texts[i]) is not None)
    if "\n" in abstract.strip():
        flags = _flag_rest_of_lines(abstract, spans, flags)
    return tuple(_fill_gaps(flags))


@lru_cache(maxsize=50_000)
def _score(text: str, is_stray: bool) -> float:
    """Returns the log odds that ``text`` is an instruction, less those from which it counts."""
    score = float(_load_model().score(compute_features(text, is_stray)[None])[0])
    return score if DECISIVE.isdisjoint(find_signs(text, is_stray)) else max(score, 0.0)


def _load_model() -> LinearModel:
    return load_model(WEIGHTS_FILE, "order", FEATURES)


def _is_english(text: str) -> bool:
    """Returns whether a sentence is in English, all of it; most are told at a glance."""
    if _OTHER_SCRIPT.search(text):
        return False
    return (text.isascii() and len(_PLAIN_ENGLISH.findall(text)) >= 2) or is_english(text)


def _split_title(title: str) -> list[str]:
    """Returns what a title says in brackets and what without."""
    inside = re.findall(r"[(\[]([^()\[\]]{8,})[)\]]", title)
    return [*inside, re.sub(r"[(\[][^()\[\]]{8,}[)\]]", " ", title)] if inside else []


def _flag_rest_of_lines(
    abstract: str, spans: Sequence[tuple[int, int]], flags: list[bool]
) -> list[bool]:
    line, tainted = -1, False
    for i, (start, end) in enumerate(spans):
        text = abstract[start:end]
        flags[i] = flags[i] or _REFERENCE_LIST.search(text) is not None
        begins = abstract.count("\n", 0, start) != line
        tainted = flags[i] if begins else tainted
        line = abstract.count("\n", 0, end)
        flags[i] = flags[i] or tainted
    return flags


def _fill_gaps(flags: list[bool]) -> list[bool]:
    places = [i for i, flag in enumerate(flags) if flag]
    for before, after in pairwise(places):
        if after - before <= MAX_GAP + 1:
            flags[before:after] = [True] * (after - before)
    return flags
