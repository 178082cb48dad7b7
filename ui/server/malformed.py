"""Calls that do not fit the page: refused with a sentence, and logged in one line."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import gradio as gr
from assistant_ui.parts.errors_shown import NOT_TAKEN, describe_call
from fastapi import Request
from fastapi.responses import JSONResponse
from gradio import queueing, routes

MAX_SESSION_CHARS = 100
"""Characters of the name of a visit; a browser's has 11."""


def refuse_malformed(page: gr.Blocks, app: Any) -> None:
    """Has ``app``, Gradio's own over ``page``, refuse such calls in place of failing over them."""
    queue: Any = page._queue
    push, check = queue.push, page.validate_inputs

    async def pushed(body: Any, request: Any, username: Any) -> Any:
        if body.fn_index not in page.fns or not is_session(body.session_hash):
            return False, NOT_TAKEN, "error"
        return await push(body, request, username)

    def checked(block_fn: Any, inputs: list[Any]) -> None:
        n = len(block_fn.inputs)
        if len(inputs) < n:
            sentence = f"this takes {n} values, and {len(inputs)} came; give null for one left out"
            raise gr.Error(sentence, print_exception=False)
        check(block_fn, inputs)

    queue.push = pushed
    page.validate_inputs = checked  # type: ignore[method-assign]
    app.add_exception_handler(Exception, _refuse)


def log_in_one_line() -> None:
    """Has Gradio log failures as ``describe_call`` does, where it prints their tracebacks."""
    for module in (queueing, routes):
        module.traceback = SimpleNamespace(print_exc=_log_current)  # type: ignore[attr-defined]


def is_session(name: str | None) -> bool:
    """Returns whether a visit can go by this name; a lone half of a character is none."""
    return name is None or (len(name) <= MAX_SESSION_CHARS and name.isprintable())


def _log_current() -> None:
    error = sys.exc_info()[1]
    if error is not None:
        describe_call(error)


def _refuse(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": NOT_TAKEN, "error": NOT_TAKEN}, 400)
