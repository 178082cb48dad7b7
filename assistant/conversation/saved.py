"""Answers as JSON types, read back: what ``Answer.to_dict`` wrote."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from assistant.answers import ANSWER_SCHEMA, Answer
from assistant.errors import QuestionError
from assistant.types import Filters

_Value = TypeVar("_Value")


def read_answer(record: Any) -> Answer:
    """Returns the answer that was written as ``record``; keys that are not known do not matter.

    Raises:
        QuestionError: it is not an answer, or one of another version.
    """
    if not isinstance(record, dict):
        raise QuestionError(f"a saved answer must be an object, not {type(record).__name__}")
    if record.get("schema") != ANSWER_SCHEMA:
        raise QuestionError(
            f"a saved answer has schema {record.get('schema')!r} where this version reads "
            f"{ANSWER_SCHEMA}; start a new chat"
        )
    return _checked(_answers(), record)


def read_filters(record: Any) -> Filters:
    """Returns the filters that were written as ``record``.

    Raises:
        QuestionError: they are no filters.
    """
    return _checked(_filters(), record)


def _checked(adapter: TypeAdapter[_Value], record: Any) -> _Value:
    try:
        return adapter.validate_python(record)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise QuestionError(
            f"a saved chat cannot be read: {where}: {fault['msg'].lower()}; start a new chat"
        ) from error


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


@cache
def _filters() -> TypeAdapter[Filters]:
    return TypeAdapter(Filters)
