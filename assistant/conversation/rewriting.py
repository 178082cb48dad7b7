"""A turn and what was said before -> a question that stands alone, by an LLM."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.anaphora import find_anaphors
from assistant.conversation.content import ASKS_AGAIN
from assistant.conversation.mentions import find_mentions
from assistant.conversation.turns import PastTurn
from assistant.errors import ContextOverflowError, ModelError
from assistant.llm.chat_model import ChatModel
from assistant.llm.prompts import Prompt
from assistant.text.terms import extract_terms
from assistant.text.tokens import count_tokens

MAX_HISTORY_TOKENS = 1_200
"""Tokens of the conversation that the LLM is shown: some five turns with their answers."""

MAX_PAPERS = 6
"""Papers of a turn whose titles the LLM is shown; a list of more is not gone through by name."""

MAX_QUESTION_CHARACTERS = 400
"""A longer reply is no question but an answer or an essay."""

MAX_REPLY_TOKENS = 200
"""Room for a question of that length in scripts that take a token for two characters."""

MIN_KNOWN_TERMS = 0.5
"""Share of the reply's terms that must be in the conversation; an answer brings in others."""

_SHARE_OF_CONTEXT = 3
_AGAIN = re.compile(rf"(?:{ASKS_AGAIN})\W*", re.IGNORECASE)
_FENCE = re.compile(r"\b(BEGIN|END) CONVERSATION\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:rewritten|stand-?alone|last) (?:question|message)|question)\s*:\s*", re.IGNORECASE
)
_QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb", "'": "'", "`": "`"}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What an LLM made of a turn: a question, or "" and why there is none, and the tokens used."""

    question: str
    problem: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0


def rewrite(turn: str, history: Sequence[PastTurn], model: ChatModel, prompt: Prompt) -> Rewritten:
    """Returns the turn as ``model`` rewrites it, oldest turn of ``history`` first.

    Raises:
        ModelError: the model cannot serve and would not another time either.
    """
    shown = shown_history(history, _budget(model))
    messages = prompt.render(history=shown, turn=_one_line(turn))
    try:
        reply = model.complete(messages, max_tokens=MAX_REPLY_TOKENS)
    except ModelError as error:
        if not error.retryable and not isinstance(error, ContextOverflowError):
            raise
        return Rewritten("", str(error))
    question = plain_question(reply.text)
    problem = "it broke off" if reply.finish != "stop" else find_fault(question, turn, history)
    return Rewritten(
        "" if problem else question, problem, reply.prompt_tokens, reply.completion_tokens
    )


def shown_history(history: Sequence[PastTurn], max_tokens: int = MAX_HISTORY_TOKENS) -> str:
    """Returns the last turns as text, oldest first, as many as fit ``max_tokens``.

    Of the last turn there is always the question; its answer is left out where it does not fit.
    """
    shown: list[str] = []
    left = max_tokens
    for turn in reversed(history):
        asked = f"Asked: {_one_line(turn.standalone)}"
        titles = (_one_line(paper.title) for paper in turn.papers[:MAX_PAPERS])
        papers = "; ".join(f"[{label}] {title}" for label, title in enumerate(titles, 1))
        answered = _one_line(turn.text) or "(not in the library)"
        named = f"\nPapers: {papers}" if papers and not turn.abstained else ""
        text = f"{asked}\nAnswered: {answered}{named}"
        if count_tokens(text) > left:
            text = f"{asked}{named}"
        n_tokens = count_tokens(text)
        if n_tokens > left:
            if not shown:
                shown.append(asked)
            break
        left -= n_tokens
        shown.append(text)
    return "\n\n".join(reversed(shown))


def _budget(model: ChatModel) -> int:
    context = model.context_tokens
    return min(MAX_HISTORY_TOKENS, context // _SHARE_OF_CONTEXT) if context else MAX_HISTORY_TOKENS


def _one_line(text: str) -> str:
    """Returns ``text`` on one line, without what could be read as the end of the conversation."""
    return _FENCE.sub(lambda match: match[0].replace(" ", "-"), " ".join(text.split()))


def plain_question(reply: str) -> str:
    """Returns the reply without what models put around a question."""
    text = _LEAD.sub("", reply.strip())
    while len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text


def find_fault(question: str, turn: str, history: Sequence[PastTurn]) -> str:
    """Returns why ``question`` cannot be what ``turn`` means, "" where it can."""
    if not any(sign.isalnum() for sign in question):
        return "it was empty"
    if len(question.splitlines()) > 1:
        return "it was more than one line"
    if len(question) > MAX_QUESTION_CHARACTERS:
        return f"it was longer than {MAX_QUESTION_CHARACTERS} characters"
    if not _AGAIN.fullmatch(turn.strip()) and _repeats(question, turn, history):
        return "it repeated an earlier question"
    pointing = find_anaphors(question)
    if pointing:
        return f"it still says {pointing[0].group()!r}"
    known = set(extract_terms(turn))
    for past in history:
        known.update(extract_terms(f"{past.standalone} {past.text}"))
        known.update(term for paper in past.papers for term in extract_terms(paper.title))
    found = set(extract_terms(question))
    if found and len(found & known) < MIN_KNOWN_TERMS * len(found):
        return "it spoke of other things"
    said = question.casefold()
    lost = [n.text for n in find_mentions(turn) if n.strong and n.text.casefold() not in said]
    return f"it left out {lost[0]!r}" if lost else ""


def _repeats(question: str, turn: str, history: Sequence[PastTurn]) -> bool:
    """Whether ``question`` is what was asked before and not what is asked now."""
    asked = extract_terms(question)
    before = (past for turn in history for past in (turn.question, turn.standalone))
    return asked != extract_terms(turn) and any(asked == extract_terms(past) for past in before)
