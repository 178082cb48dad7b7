"""A turn and what was said before -> a question that stands alone, by an LLM.

In the same reply come keyword queries, or, in place of a question, that the turn wants the answer
before it in other words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.conversation.anaphora import find_anaphors
from assistant.conversation.content import ASKS_AGAIN
from assistant.conversation.mentions import find_mentions
from assistant.conversation.turns import PastTurn
from assistant.errors import ContextOverflowError, ModelError
from assistant.llm.chat_model import ChatModel
from assistant.llm.prompts import Prompt
from assistant.llm.search_queries import read_queries
from assistant.text.terms import extract_terms
from assistant.text.tokens import count_tokens

MAX_HISTORY_TOKENS = 1_200
"""Tokens of the conversation that the LLM is shown: some five turns with their answers."""

MAX_PAPERS = 6
"""Papers of a turn whose titles the LLM is shown; a list of more is not gone through by name."""

MAX_QUESTION_CHARACTERS = 400
"""A longer reply is no question but an answer or an essay."""

MAX_REPLY_TOKENS = 300
"""Room for a question of that length in scripts that take a token for two characters, and for
queries."""

MIN_KNOWN_TERMS = 0.5
"""Share of the reply's terms that must be in the conversation; an answer brings in others."""

_SHARE_OF_CONTEXT = 3
_AGAIN = re.compile(rf"(?:{ASKS_AGAIN})\W*", re.IGNORECASE)
_FENCE = re.compile(r"\b(BEGIN|END) CONVERSATION\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:rewritten|stand-?alone|last) (?:question|message)|question)\s*:\s*", re.IGNORECASE
)
_SEARCH = re.compile(
    r"(?:(?i:^[\W_]*search(?: quer(?:y|ies))?)|\bSEARCH)[*_\s]*:[*_]*", re.MULTILINE
)
_REWRITE = re.compile(r"[\W_]*REWRITE[*_\s]*:[*_]*", re.IGNORECASE)
_QUOTES = {'"': '"', "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb", "'": "'", "`": "`"}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What an LLM made of a turn, and the tokens used.

    It has a ``question`` with ``queries`` to search for besides; an ``instruction`` for the answer
    before; or neither, and ``problem`` says why.
    """

    question: str = ""
    queries: tuple[str, ...] = ()
    instruction: str = ""
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
        return Rewritten(problem=str(error))
    found = read_reply(reply.text)
    problem = "it broke off" if reply.finish != "stop" else ""
    if not problem and found.instruction:
        problem = find_instruction_fault(found.instruction, history)
    elif not problem:
        problem = find_fault(found.question, turn, history)
    if problem:
        found = Rewritten(problem=problem)
    tokens = reply.prompt_tokens, reply.completion_tokens
    return replace(found, prompt_tokens=tokens[0], completion_tokens=tokens[1])


def read_reply(reply: str) -> Rewritten:
    """Returns what ``reply`` says, unchecked: a question with its queries, or an instruction."""
    said, *searched = _SEARCH.split(reply, maxsplit=1)
    question = plain_question(said)
    rewrites = _REWRITE.match(question)
    if rewrites:
        return Rewritten(instruction=plain_question(question[rewrites.end() :]))
    queries = read_queries(searched[0]) if searched else ()
    return Rewritten(question, tuple(query for query in queries if query.casefold() != "none"))


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
        if not turn.complete:
            answered += " (stopped here)"
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


def find_instruction_fault(instruction: str, history: Sequence[PastTurn]) -> str:
    """Returns why the answer before cannot be put as ``instruction`` says, "" where it can."""
    if not history[-1].is_cited:
        return "no answer stands before it to be put in other words"
    return _find_misshape(instruction)


def find_fault(question: str, turn: str, history: Sequence[PastTurn]) -> str:
    """Returns why ``question`` cannot be what ``turn`` means, "" where it can."""
    if misshape := _find_misshape(question):
        return misshape
    again = not history[-1].complete or _AGAIN.fullmatch(turn.strip())
    if not again and _repeats(question, turn, history):
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


def _find_misshape(line: str) -> str:
    if not any(sign.isalnum() for sign in line):
        return "it was empty"
    if len(line.splitlines()) > 1:
        return "it was more than one line"
    if len(line) > MAX_QUESTION_CHARACTERS:
        return f"it was longer than {MAX_QUESTION_CHARACTERS} characters"
    return ""


def _repeats(question: str, turn: str, history: Sequence[PastTurn]) -> bool:
    """Whether ``question`` is what was asked before and not what is asked now."""
    asked, own = extract_terms(question), extract_terms(turn)
    before = [past for turn in history for past in (turn.question, turn.standalone)]
    if not own:
        # "Why not?" asks something else of the same words.
        return _bare(question) in map(_bare, before)
    return asked != own and any(asked == extract_terms(past) for past in before)


def _bare(question: str) -> str:
    return " ".join(question.casefold().split()).rstrip(" ?.!")
