"""What is said where the library may not hold the answer, or does not: only what is known.

No sentence was found: that is known. That no paper is about the matter, or that the papers do not
say something, is not, so neither is ever said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from assistant.answer.quoting import list_quotable, quote_sentence
from assistant.evidence.gathering import QuestionEvidence, ScoredEvidence
from assistant.evidence.quantities import find_numerals, states_value
from assistant.evidence.question import find_names
from assistant.text.terms import extract_terms
from assistant.types import Citation, Filters, Sentence

NO_PAPERS = "This library has no papers yet."
FILTERED_OUT = "None of the papers in this library passes the filters."
NOT_SUPPORTED = (
    "I found no sentence that answers this: what the LLM wrote is not borne out by the closest "
    "papers."
)
_MAX_NAMED = 3
_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W_]+)*")


def describe_not_found(
    unmatched: Sequence[str], filters: Filters | None = None, n_searched: int = 0
) -> str:
    """Returns what a person is told where no sentence answers the question.

    ``unmatched`` are its names that the library does not mention; ``filters`` say which papers
    were searched, ``n_searched`` of them.
    """
    scope = _name_scope(filters, n_searched)
    said = f"I found no sentence {scope}that answers this."
    if unmatched:
        named = _join_or([f"“{word}”" for word in unmatched])
        return f"{said} No title or abstract in this library mentions {named}."
    return f"{said} Other words, or the name of a method or a paper, may find one."


def describe_doubt(scored: ScoredEvidence, sentences: Sequence[Sentence]) -> str:
    """Returns the caveat of sentences that may not answer the question, and what they lack."""
    one = len(sentences) == 1
    closest = (
        "This is the closest sentence; it may not answer this"
        if one
        else "These are the closest sentences; they may not answer this"
    )
    lacking = _find_lacking(scored, sentences)
    return f"{closest}{': ' if lacking else ''}{lacking}."


def find_unmatched(evidence: QuestionEvidence) -> tuple[str, ...]:
    """Returns the words of the question that no title or abstract of the library holds.

    Names, and other words that are no everyday English. Of a name of several words, as
    "FlashAttention", a part may be held, but not all of them: the library may write them apart.
    """
    question = evidence.question
    telling = evidence.rare | question.name_terms
    found: dict[str, str] = {}
    for word in [*question.names, *_WORD.findall(question.text)]:
        stems = sorted(set(extract_terms(word)).intersection(question.terms), key=len)
        *parts, whole = stems or [""]
        written_apart = bool(parts) and evidence.known.issuperset(parts)
        if telling.intersection(stems) and whole not in evidence.known and not written_apart:
            found.setdefault(whole, word)
    return tuple(found.values())[:_MAX_NAMED]


def quote_nearest(scored: ScoredEvidence, paper_ids: Sequence[str]) -> tuple[Citation, ...]:
    """Returns of each of ``paper_ids`` the sentence that comes closest to an answer."""
    best: dict[str, tuple[float, Citation]] = {}
    for k, i in list_quotable(scored):
        candidate = scored.evidence.papers[k].candidate
        worth = float(scored.sentences[k][i])
        if worth > best.get(candidate.paper.paper_id, (-np.inf,))[0]:
            (citation,) = quote_sentence(candidate.paper, candidate.spans[i]).citations
            best[candidate.paper.paper_id] = (worth, citation)
    return tuple(best[paper_id][1] for paper_id in paper_ids if paper_id in best)


def _find_lacking(scored: ScoredEvidence, sentences: Sequence[Sentence]) -> str:
    """Returns what all of ``sentences`` lack that was asked for; '' where it cannot be told."""
    question = scored.evidence.question
    texts = [sentence.text for sentence in sentences]
    titles = [citation.title for sentence in sentences for citation in sentence.citations]
    held = {stem for text in (*texts, *titles) for stem in extract_terms(text)}
    subject = "it" if len(sentences) == 1 else "none of them"
    names = [
        name
        for name in find_names(question.text)
        if (stems := extract_terms(name)) and not held.intersection(stems)
    ]
    names = names or list(find_unmatched(scored.evidence))
    if names:
        verb = "does not mention" if subject == "it" else "mentions"
        return f"{subject} {verb} {_join_or([f'“{name}”' for name in names[:_MAX_NAMED]])}"
    kind = question.value
    if kind is not None and not any(
        states_value(text, kind) and set(find_numerals(text)) - question.numbers for text in texts
    ):
        verb = "gives no" if subject == "it" else "gives a"
        return f"{subject} {verb} figure for it"
    return ""


def _name_scope(filters: Filters | None, n_searched: int) -> str:
    """Returns where was searched, where that is not the whole library: 'in the 3 chosen papers'."""
    if not filters:
        return ""
    n = f"{n_searched:,} " if n_searched != 1 else ""
    noun = "paper" if n_searched == 1 else "papers"
    if filters == Filters(paper_ids=filters.paper_ids):
        return f"in the {n}chosen {noun} "
    passes = "passes" if n_searched == 1 else "pass"
    return f"in the {n}{noun} that {passes} the filters "


def _join_or(parts: Sequence[str]) -> str:
    """Returns 'a', 'a or b', 'a, b or c'."""
    return " or ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
