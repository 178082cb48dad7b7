"""What a model says of papers: how it is shown them, and how its reply is read.

Sentences are numbered, and the model names for each paper that belongs the one that shows it. Only
numbers of sentences that were shown are taken from a reply, so that every paper has a sentence of
its own abstract.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer.readable import ReadablePaper
from assistant.text.half_characters import mend_halves

Shown = Callable[[str], str]
"""Makes a text harmless to show: one line, without fences, labels and roles."""

MAX_DETAIL = 600
"""Characters of a detail: more is no sentence."""

_LABEL = re.compile(r"\s*\[\d{1,4}\](?=\W*$)")
_DECODER = json.JSONDecoder(object_pairs_hook=list)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model said of one paper.

    ``sentence`` is the number of the sentence that shows that it belongs, None where it does not.
    ``detail`` is what the question asks of it besides, in the model's words, and ``stated_by`` the
    number of the sentence that it rests on, where the model named one that was shown.
    """

    sentence: int | None
    detail: str = ""
    stated_by: int | None = None

    def to_json(self) -> str:
        """Returns what ``read_kept`` reads."""
        number = self.sentence or 0
        return json.dumps([number, self.stated_by or 0, self.detail] if self.detail else number)


def format_paper(readable: ReadablePaper, shown: Shown) -> str:
    """Returns the title and the numbered sentences, each made harmless, a line each."""
    lines = [shown(readable.title)]
    lines += [f"[{span.number}] {shown(readable.quote(span))}" for span in readable.spans]
    return "\n".join(lines)


def read_reply(text: str, batch: Sequence[ReadablePaper]) -> dict[str, Judgement] | None:
    """Returns what ``text`` says of each paper of ``batch``, by id; None where it has no JSON.

    The first whole JSON object counts: one that broke off is none. A paper that it does not name
    does not belong, unless it names numbers that were not listed and so means something else; a
    paper that it names twice, or by a value that cannot be read, is left out.
    """
    pairs = _read_pairs(text)
    if pairs is None:
        return None
    values: dict[str, list[Any]] = {str(place): [] for place in range(1, len(batch) + 1)}
    for key, value in pairs:
        values.setdefault(key.strip(), []).append(value)
    means_else = len(values) > len(batch)
    found: dict[str, Judgement] = {}
    for place, readable in enumerate(batch, 1):
        said = values[str(place)]
        if not said and not means_else:
            found[readable.paper.paper_id] = Judgement(None)
        elif len(said) == 1 and (judgement := read_judgement(said[0], readable)):
            found[readable.paper.paper_id] = judgement
    return found


def read_judgement(value: Any, readable: ReadablePaper) -> Judgement | None:
    """Returns the judgement that is the value of a paper's key; None where it cannot be read.

    It is the number of a sentence that was shown, or 0; or a list of that number, of the number of
    the sentence that states the detail, and of the detail.
    """
    first, *rest = value if isinstance(value, list) and value else [value]
    number = _read_number(first)
    if number == 0:
        return Judgement(None)
    if readable.find(number) is None:
        return None
    texts = [_clean_detail(part) for part in rest if isinstance(part, str)]
    detail = next((text for text in texts if text), "")
    if not detail:
        return Judgement(number)
    numbers = map(_read_number, rest)
    stated_by = next((n for n in numbers if readable.find(n) is not None), None)
    return Judgement(number, detail, stated_by)


def read_kept(text: str, readable: ReadablePaper) -> Judgement | None:
    """Returns the judgement that ``Judgement.to_json`` wrote; None where it cannot be read."""
    try:
        return read_judgement(json.loads(text), readable)
    except ValueError:
        return None


def _read_pairs(text: str) -> list[tuple[str, Any]] | None:
    """Returns the keys and values of the first JSON object in ``text``, in order."""
    for brace in re.finditer(r"\{", text):
        try:
            pairs: list[tuple[str, Any]] = _DECODER.raw_decode(text, brace.start())[0]
        except (ValueError, RecursionError):
            continue
        return pairs
    return None


def _read_number(value: Any) -> int | None:
    """Returns ``value`` where it is a whole number, also one in quotation marks."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,4}", value.strip(), re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _clean_detail(text: str) -> str:
    """Returns a detail on one line, without a number of a sentence at its end; "" for no words."""
    # A reply's JSON may spell half a character.
    text = _LABEL.sub("", " ".join(mend_halves(text).split()))
    is_sentence = any(c.isalpha() for c in text) and len(text) <= MAX_DETAIL
    return text if is_sentence else ""
