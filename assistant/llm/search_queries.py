"""Search queries that an LLM gives: for a question in another language, and for a second look."""

from __future__ import annotations

import re

from assistant.llm.chat_model import ChatModel, Reply
from assistant.llm.fencing import neutralise
from assistant.llm.prompts import Prompt

TASK = "queries"
"""The prompt's name."""

MAX_QUERIES = 3
MAX_QUERY_CHARACTERS = 200
_REPLY_TOKENS = 150
_MARKS = " \t.\"'\u201c\u201d`*_"
_LIST_MARK = re.compile(r"^\s*(?:[-*\u2022]|\d{1,2}[.)])\s+")


def read_queries(text: str) -> tuple[str, ...]:
    """Returns the queries of ``text``, on lines or between semicolons, at most MAX_QUERIES.

    What is longer than a query, or no words at all, is passed over.
    """
    parts = (_LIST_MARK.sub("", part).strip(_MARKS) for part in re.split(r"[;\n]", text))
    found = dict.fromkeys(
        part
        for part in parts
        if len(part) <= MAX_QUERY_CHARACTERS and any(char.isalpha() for char in part)
    )
    return tuple(found)[:MAX_QUERIES]


def ask_queries(model: ChatModel, prompt: Prompt, question: str) -> tuple[tuple[str, ...], Reply]:
    """Returns the English queries that ``model`` makes of ``question``, and its reply.

    Raises:
        ModelError: the model cannot be reached or refuses.
    """
    messages = prompt.render(question=neutralise(question))
    reply = model.complete(messages, max_tokens=_REPLY_TOKENS)
    return read_queries(reply.text), reply
