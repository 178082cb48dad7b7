"""What is asked of the engine: the question and its options, checked and read once."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_type_hints

from assistant.answer.survey.mentions import Mention, find_mention
from assistant.answer.survey.recognition import asks_for_papers, is_comparison, is_survey
from assistant.answer.survey.selection import SURVEY_TOP_K
from assistant.answer.survey.sides import Sides, find_sides
from assistant.errors import QuestionError
from assistant.evidence.question import QuestionAnalysis, analyse_question
from assistant.text.questions import check_question
from assistant.types import AskOptions, Filters

if TYPE_CHECKING:
    from assistant.settings import Settings

_MAX_TOP_K = 1000
_MAX_SENTENCES = 20
_MAX_QUERIES = 10

COMPARISON_FACTOR = 1.5
"""So many more sentences an LLM may write where each thing is compared with another."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that can be asked.

    ``typed`` is what the user wrote, ``text`` the same so that it stands alone, which is what is
    looked for and answered. ``n_papers`` and ``n_sentences`` bound the answer, ``n_shown`` the
    papers that an LLM reads, where they are bounded; ``max_sentences`` is the bound that was asked
    for, if one was. ``search_queries`` are what else to look for, for an LLM. ``is_survey`` says
    that the library is gone through paper by paper: for lists, counts and, where no LLM writes,
    comparisons. ``mention`` is what the papers asked for must mention, where they are asked for by
    a word; ``sides`` are the two things of a comparison. Of the library an LLM reads at most
    ``n_read`` papers, whatever that takes where it has leave to ``read_all``.
    """

    typed: str
    text: str
    filters: Filters | None
    n_papers: int
    n_shown: int | None
    n_sentences: int
    max_sentences: int | None
    search_queries: tuple[str, ...]
    is_survey: bool
    mention: Mention | None = None
    sides: Sides | None = None
    n_read: int = 0
    read_all: bool = False


def read_question(
    question: str,
    options: AskOptions,
    settings: Settings,
    *,
    llm_writes: bool,
    llm_reads: bool = False,
) -> AskedQuestion:
    """Returns ``question`` with its options, those not given taken from ``settings``.

    Where an LLM reads lists, what papers do with a name is asked of it; without one the name is
    looked for.

    Raises:
        QuestionError: the question cannot be asked as it stands, or an option is unknown or out
            of range.
    """
    check_options(options)
    typed = check_question(question)
    text = check_question(options.get("standalone_question") or typed)
    mention = find_mention(text)
    analysis = analyse_question(text)
    surveyed = mention is not None or _is_survey(analysis, llm_writes)
    if mention is not None and mention.says_more and llm_reads:
        mention = None
    top_k, max_sentences = options.get("top_k"), options.get("max_sentences")
    n_papers = _ensure_in_range("top_k", settings.top_k if top_k is None else top_k, _MAX_TOP_K)
    if surveyed and top_k is None:
        n_papers = max(n_papers, SURVEY_TOP_K)
    n_sentences = settings.max_sentences if max_sentences is None else max_sentences
    if max_sentences is None and llm_writes and is_comparison(analysis):
        n_sentences = min(math.ceil(n_sentences * COMPARISON_FACTOR), _MAX_SENTENCES)
    return AskedQuestion(
        typed,
        text,
        options.get("filters"),
        n_papers,
        settings.llm_papers if top_k is None else top_k,
        _ensure_in_range("max_sentences", n_sentences, _MAX_SENTENCES),
        max_sentences,
        tuple(map(check_question, options.get("search_queries") or ())),
        surveyed,
        mention,
        None if mention is not None or is_survey(analysis) else find_sides(text),
        settings.survey_papers if top_k is None else n_papers,
        options.get("read_all", False),
    )


def check_options(options: AskOptions) -> None:
    """Raises QuestionError where one of ``options`` is unknown, or its queries are no few texts."""
    known = list(get_type_hints(AskOptions))
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(name.replace("_", ""), known, n=1, cutoff=0.5)
            meant = f"did you mean {near[0]!r}? " if near else ""
            raise QuestionError(
                f"there is no option {name!r}; {meant}A question takes {', '.join(known)}"
            )
    queries = options.get("search_queries") or ()
    is_list = isinstance(queries, Sequence) and not isinstance(queries, str)
    if not is_list or not all(isinstance(query, str) for query in queries):
        raise QuestionError(f"search_queries are a list of texts, not {queries!r}")
    if len(queries) > _MAX_QUERIES:
        raise QuestionError(f"{len(queries)} search_queries are too many; give {_MAX_QUERIES}")


def _is_survey(question: QuestionAnalysis, llm_writes: bool) -> bool:
    # What several papers say together an LLM reads and writes; papers are listed one by one.
    if llm_writes and question.several:
        return is_survey(question) and asks_for_papers(question)
    return is_survey(question) or is_comparison(question)


def _ensure_in_range(name: str, value: int, highest: int) -> int:
    if not 1 <= value <= highest:
        raise QuestionError(f"{name} {value!r} cannot be used; give a number from 1 to {highest:,}")
    return value
