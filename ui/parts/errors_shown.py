"""What the page says when something fails: a sentence, and nothing of the server's machine."""

from __future__ import annotations

import functools
import html
import inspect
import logging
import re
import secrets
import traceback
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import ParamSpec, TypeVar, cast

import gradio as gr

from assistant import AssistantError

P = ParamSpec("P")
R = TypeVar("R")

NOT_TAKEN = "This call does not fit the page; /gradio_api/info says what each endpoint takes."
"""What is said of a call that reached no function of ours."""

_ON_THE_WAY = "assistant_ui.server."
_OURS = re.compile(r"assistant(_ui)?(\.|$)")
_MAX_LOGGED = 200

ELSEWHERE = "a folder of the server"
"""What stands where a path named no file."""

_log = logging.getLogger(__name__)
# A root, or a scheme with one, and at least one more part; not the path of an https address, nor
# the bar of "and/or". Quoted paths may hold blanks.
_ROOT = r"(?:file://)?(?:~?/|[A-Za-z]:[\\/]+|\\\\)(?=[^\s/\\])"
_QUOTED = re.compile(rf"""(?P<quote>['"])(?P<path>{_ROOT}(?:(?!(?P=quote))[^\n])*)(?P=quote)""")
_BARE = re.compile(rf"""(?<![\w/\\:.~])(?P<path>{_ROOT}[^\s'"/\\:;,)]+[/\\][^\s'":;,)]*)""")


def describe_error(error: BaseException) -> str:
    """Returns the one sentence that a visitor is told.

    That of an ``AssistantError`` is its own, without paths; what was not foreseen is logged with
    its traceback, and told by the number under which it is logged.
    """
    if isinstance(error, AssistantError):
        return hide_paths(str(error))
    number = secrets.token_hex(3)
    _log.error("failure %s of the page", number, exc_info=error)
    return f"Something failed here (id {number}); the log of the server says what."


def describe_call(error: BaseException) -> str:
    """Returns the one sentence that is told of a call that failed.

    Anybody can make calls that reach no function of ours: these are logged in one line.
    """
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    if isinstance(error, AssistantError) or _is_ours(error):
        return describe_error(error)
    said = " ".join(str(error).split())[:_MAX_LOGGED]
    _log.warning("a call was not taken: %s: %s", type(error).__name__, said)
    return NOT_TAKEN


def _is_ours(error: BaseException) -> bool:
    """Returns whether ``error`` came up in a function of ours, and not on the way to one."""
    modules = [
        str(frame.f_globals.get("__name__")) for frame, _ in traceback.walk_tb(error.__traceback__)
    ]
    return any(_OURS.match(module) and not module.startswith(_ON_THE_WAY) for module in modules)


def hide_paths(text: str) -> str:
    """Returns ``text`` with each path of a file cut to the file's name; folders go unnamed."""
    text = _QUOTED.sub(lambda match: repr(_last_part(match["path"])), text)
    return _BARE.sub(lambda match: _last_part(match["path"]), text)


def _last_part(path: str) -> str:
    kind = PureWindowsPath if "\\" in path or path[1:2] == ":" else PurePosixPath
    name = kind(path.rstrip("."))
    return name.name if name.suffix else ELSEWHERE


def warn(error: BaseException) -> None:
    """Shows ``describe_error`` as a notice, while the page function goes on."""
    gr.Warning(html.escape(describe_error(error), quote=False))


def as_toast(error: BaseException) -> gr.Error:
    """Returns what a page function raises so that a notice says ``describe_error``.

    Gradio reads notices as HTML, and messages quote papers and questions: so it is escaped.
    """
    return gr.Error(html.escape(describe_error(error), quote=False), print_exception=False)


def says_errors(function: Callable[P, R]) -> Callable[P, R]:
    """Returns a page function, or a generator, whose failures are told as ``as_toast`` tells."""
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def stream(*args: P.args, **kwargs: P.kwargs) -> Iterator[object]:
            try:
                yield from cast(Iterator[object], function(*args, **kwargs))
            except gr.Error:
                raise
            except Exception as error:  # noqa: BLE001
                raise as_toast(error) from None

        return cast(Callable[P, R], stream)

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except gr.Error:
            raise
        except Exception as error:  # noqa: BLE001
            raise as_toast(error) from None

    return call
