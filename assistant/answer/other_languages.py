"""Questions in other languages than English, the one that offline search reads.

Names, numbers and words that English shares are matched all the same. Where they single out a
few papers these are asked; where not, the answer says so and denies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from assistant.evidence.answerability import Assessment
from assistant.text.language import FOLDED_FUNCTION_WORDS, is_english
from assistant.text.terms import extract_spelled_terms, find_word_runs

MAX_SINGLED_OUT = 5
"""Words that more papers hold together are a topic's and no paper's."""

_OTHER_SCRIPT = re.compile("[^\\x00-\u036f]+")
"""Names stand in some scripts without a space before what follows."""

_READS_ENGLISH = "The question does not seem to be in English, and offline search reads English"
_ASK_IN_ENGLISH = "Ask again in English."


class Postings(Protocol):
    """What is asked of a library's words."""

    def find_postings(self, term: str) -> tuple[Any, Any]:
        """Returns the rows of the papers that hold ``term``, and weights."""
        ...


@dataclass(frozen=True, slots=True)
class SharedWords:
    """The ``words`` of a question that the library has too; ``rows`` are papers with them all."""

    question: str
    words: tuple[str, ...]
    rows: frozenset[int]

    @property
    def looked_for(self) -> str:
        """What is searched for; the question where its words single out no paper."""
        return " ".join(self.words) if self.single_out else self.question

    @property
    def single_out(self) -> bool:
        """Whether the words are those of a few papers."""
        return 0 < len(self.rows) <= MAX_SINGLED_OUT

    @property
    def notice(self) -> str:
        """What a person is told beside an answer."""
        matched = f": only {_quote(self.words)} of it was matched" if self.single_out else ""
        return f"{_READS_ENGLISH}{matched}"

    def allow(self, row: int) -> bool:
        """Returns whether the paper in ``row`` may answer."""
        return row in self.rows or not self.single_out

    @property
    def refusal(self) -> str:
        """What a person is told where there is no answer."""
        words = _quote(self.words)
        if self.single_out:
            found = f"its words {words} alone lead to no answer"
        elif self.rows:
            found = f"{len(self.rows):,} papers have its words {words}"
        elif words:
            found = f"no paper has all of its words {words}"
        else:
            found = "no name, number or other word of it is in the papers"
        return f"{_READS_ENGLISH}; {found}. {_ASK_IN_ENGLISH}"

    def limit(self, assessment: Assessment) -> Assessment:
        """Returns ``assessment`` as one of a question that was matched by these words alone.

        The papers they single out are shown, but whether they answer is not known.
        """
        return replace(
            assessment,
            answerability=assessment.answerability if self.single_out else 0.0,
            relevance=1.0 if self.single_out else 0.0,
            found=self.single_out,
            confidence="uncertain",
        )


def find_shared_words(question: str, library: Postings) -> SharedWords | None:
    """Returns what ``library`` can match of ``question``; None where it is in English.

    A word counts where the library has all its terms. Of a compound these are its parts, and
    with a digit in it the whole: "GPT-5" is more than "GPT" and "5".
    """
    if is_english(question):
        return None
    words: dict[str, None] = {}
    rows: set[int] | None = None
    for run in find_word_runs(_OTHER_SCRIPT.sub(r" \g<0> ", question)):
        holding = [set(library.find_postings(term)[0].tolist()) for term in _list_terms(run)]
        if holding and all(holding):
            words[run] = None
            common = set.intersection(*holding)
            rows = common if rows is None else rows & common
    return SharedWords(question, tuple(words), frozenset(rows or ()))


def _list_terms(run: str) -> list[str]:
    found = [(w, t) for w, t in extract_spelled_terms(run) if w not in FOLDED_FUNCTION_WORDS]
    words, terms = [word for word, _ in found], [term for _, term in found]
    joined = len(words) > 1 and words[-1] == "".join(words[:-1])
    return terms[:-1] if joined and run.replace("-", "").isalpha() else terms


def _quote(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
