"""A language model's judgement of the candidates of a whole-library question, paper by paper.

Papers are shown a few at a time, their sentences numbered, and the model names for each the
sentence that shows that it belongs. Only numbers are taken from its reply, so every paper that
is included has a sentence of its own abstract. Where a paper's number cannot be read, the
judgement by words stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assistant.answer.survey.criterion import find_criterion
from assistant.answer.survey.selection import (
    IncludedPaper,
    Survey,
    estimate_belonging,
    include_paper,
)
from assistant.errors import ContextOverflowError
from assistant.evidence.gathering import CandidatePaper, ScoredEvidence
from assistant.evidence.injection import flag_instructions
from assistant.llm.chat_model import ChatModel, Reply
from assistant.llm.messages import Message, count_prompt_tokens
from assistant.llm.prompts import Prompt
from assistant.types import SentenceSpan

TASK = "relevant"
"""The prompt's name."""

MAX_JUDGED = 30
"""Candidates that a model is asked about, likeliest first.
Source: measured on held-out questions, evals/lab/survey.py: of the papers that must be in the
answer 93 % are among the likeliest 30, as many as among all 50 candidates, and 83 % among 12."""

BATCH = 6
"""Papers in one request: few enough for a small model to keep apart, and for a small window."""

REPLY_TOKENS = 120
"""Room for a reply: about 8 tokens for each paper, and a fence that some models put around it."""

Shown = Callable[[str], str]
"""Makes a text harmless to show: one line, without fences, labels and roles."""

_OBJECT = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class PaperJudge:
    """The model that judges papers, and the prompt that it is asked with."""

    model: ChatModel
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class PaperJudgements:
    """What a model said of the candidates.

    ``sentences`` maps the id of each paper whose judgement could be read to the number of the
    sentence that shows that it belongs, None where it does not; ``n_unread`` counts the others.
    """

    sentences: Mapping[str, int | None]
    n_unread: int
    prompt_tokens: int
    completion_tokens: int


def select_likeliest(scored: ScoredEvidence, n: int = MAX_JUDGED) -> list[CandidatePaper]:
    """Returns the ``n`` candidates that belong most likely by their words, likeliest first."""
    probabilities = estimate_belonging(scored, find_criterion(scored.evidence.question))
    ranked = np.argsort(-probabilities, kind="stable")[:n]
    return [scored.evidence.papers[k].candidate for k in ranked]


def judge_papers(
    question: str,
    candidates: Sequence[CandidatePaper],
    model: ChatModel,
    prompt: Prompt,
    *,
    shown: Shown,
) -> PaperJudgements:
    """Returns what ``model`` says of each of ``candidates``.

    ``shown`` makes titles, sentences and the question harmless to show. A batch that does not
    fit the model's window is asked in halves; a single paper that does not is left unread, and so
    is one whose sentences are all instructions to their reader.

    Raises:
        ModelError: the model cannot be reached or refuses.
    """
    sentences: dict[str, int | None] = {}
    prompt_tokens = completion_tokens = 0
    readable = [candidate for candidate in candidates if _list_readable(candidate)]
    waiting = [readable[start : start + BATCH] for start in range(0, len(readable), BATCH)]
    while waiting:
        batch = waiting.pop(0)
        messages = prompt.render(papers=_format_papers(batch, shown), question=shown(question))
        reply = _ask_model(model, messages)
        if reply is not None:
            sentences |= read_reply(reply.text, batch)
            prompt_tokens += reply.prompt_tokens
            completion_tokens += reply.completion_tokens
        elif len(batch) > 1:
            half = len(batch) // 2
            waiting[:0] = [batch[:half], batch[half:]]
    n_unread = len(candidates) - len(sentences)
    return PaperJudgements(sentences, n_unread, prompt_tokens, completion_tokens)


def read_reply(text: str, batch: Sequence[CandidatePaper]) -> dict[str, int | None]:
    """Returns paper id -> sentence number or None, for those papers that ``text`` rightly names.

    The value of a paper's key must be the number of a sentence that was shown, or 0; a paper
    with another value, named twice or not at all is left out.
    """
    pairs = _read_pairs(text)
    keys = [key for key, _ in pairs]
    found: dict[str, int | None] = {}
    for place, candidate in enumerate(batch, 1):
        values = [value for key, value in pairs if key == str(place)]
        if keys.count(str(place)) != 1:
            continue
        number = _read_number(values[0])
        if number == 0:
            found[candidate.paper.paper_id] = None
        elif number in {span.number for span in _list_readable(candidate)}:
            found[candidate.paper.paper_id] = number
    return found


def apply_judgements(found: Survey, scored: ScoredEvidence, judgements: PaperJudgements) -> Survey:
    """Returns ``found`` with the model's judgement in place of that by words, where there is one.

    Papers come in the order of their probability by words. The sentence that the model named
    shows that its paper belongs; one for a detail is added as in ``found``.
    """
    wanted = find_criterion(scored.evidence.question)
    probabilities = estimate_belonging(scored, wanted)
    by_words = {one.paper.paper_id: one for one in found.included}
    included: list[IncludedPaper | None] = []
    for k in np.argsort(-probabilities, kind="stable").tolist():
        candidate = scored.evidence.papers[k].candidate
        paper_id = candidate.paper.paper_id
        if paper_id not in judgements.sentences:
            included.append(by_words.get(paper_id))
            continue
        number = judgements.sentences[paper_id]
        if number is not None:
            place = [span.number for span in candidate.spans].index(number)
            included.append(include_paper(scored, k, wanted, float(probabilities[k]), place))
    return replace(found, included=tuple(one for one in included if one is not None))


def _ask_model(model: ChatModel, messages: Sequence[Message]) -> Reply | None:
    """Returns the model's reply; None where the messages do not fit its window."""
    window = model.context_tokens
    if window is not None and count_prompt_tokens(messages) + REPLY_TOKENS > window:
        return None
    try:
        return model.complete(messages, max_tokens=REPLY_TOKENS, json_object=True)
    except ContextOverflowError:
        return None


def _list_readable(candidate: CandidatePaper) -> list[SentenceSpan]:
    """Returns the sentences that may be shown and quoted."""
    spans = candidate.spans
    flags = flag_instructions(candidate.paper.abstract, [(s.start, s.end) for s in spans])
    return [span for span, flagged in zip(spans, flags, strict=True) if not flagged]


def _format_papers(batch: Sequence[CandidatePaper], shown: Shown) -> str:
    blocks = []
    for place, candidate in enumerate(batch, 1):
        abstract = candidate.paper.abstract
        lines = [f"Paper {place}: {shown(candidate.paper.title)}"]
        lines += [
            f"[{s.number}] {shown(abstract[s.start : s.end])}" for s in _list_readable(candidate)
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _read_pairs(text: str) -> list[tuple[str, Any]]:
    """Returns the keys and values of the first JSON object in ``text``, in order; else nothing."""
    for found in _OBJECT.finditer(text):
        try:
            pairs: list[tuple[str, Any]] = json.loads(found.group(), object_pairs_hook=list)
        except (ValueError, RecursionError):
            continue
        return pairs
    return []


def _read_number(value: Any) -> int | None:
    """Returns ``value`` where it is a whole number, also one in quotation marks."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,4}", value.strip(), re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
