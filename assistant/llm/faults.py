"""What went wrong with a request to a model, in one sentence that says what to do.

What a server wrote is read for what it means and never repeated: it may hold the key or the
prompt, and may be of any length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from assistant.errors import ContextOverflowError, ModelError
from assistant.servers.http import LONGEST_PAUSE_S, redirects, retry_after

FIRST_PAUSE_S = 0.5

CHECK_BASE_URL = "check ASSISTANT_LLM_BASE_URL, it usually ends in /v1"

_TOO_LONG = re.compile(
    r"context[ _-]?(length|size|window)|exceed_context|maximum[^.]{0,40} tokens"
    r"|too many tokens|prompt is too long|input is too long",
    re.IGNORECASE,
)
"""How OpenAI, vLLM, llama.cpp, Ollama, LM Studio and others say that a prompt does not fit."""

_FILTERED = re.compile(
    r"content[_ -]?filter|content[_ -]?(management )?policy|ResponsibleAIPolicy"
    r"|moderation|flagged",
    re.IGNORECASE,
)
"""How servers say that a filter held back the prompt or the answer.

Source: Azure OpenAI's docs, "Content filtering" (HTTP 400, code content_filter); OpenAI's code
content_policy_violation; OpenRouter's docs, "Errors" (HTTP 403, input flagged by moderation).
"""

_NO_CREDIT = re.compile(r"insufficient_quota|billing|credit", re.IGNORECASE)
_NOT_TAKEN = re.compile(
    r"unsupported|not supported|not support|unknown|unrecognized|unrecognised|unexpected|extra"
    r"|not permitted|not allowed|invalid|deprecated",
    re.IGNORECASE,
)


_NO_SYSTEM_ROLE = re.compile(
    r"system role not supported|system (role|message)s? .{0,20}not supported", re.IGNORECASE
)
"""How chat templates without a system role, such as Gemma 2's, refuse one."""


class AttemptError(Exception):
    """One request failed: ``error`` says how to people.

    ``pause`` is how many seconds to wait before another request, None where none would help;
    ``expired`` whether the time for the reply ran out; ``overlong`` whether more came than any
    reply needs; ``adapted`` whether the next request leaves out what the server refused.
    """

    def __init__(
        self,
        error: ModelError,
        *,
        pause: float | None = None,
        expired: bool = False,
        overlong: bool = False,
        adapted: bool = False,
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.pause = pause
        self.expired = expired
        self.overlong = overlong
        self.adapted = adapted


def unusable(message: str) -> AttemptError:
    """Returns an error that another request would meet again."""
    return AttemptError(ModelError(message))


def unreachable(server: str, *, again: bool = True) -> AttemptError:
    """Returns the error of a server that takes no connection; ``again`` where a retry is quick."""
    return AttemptError(
        ModelError(
            f"{server} cannot be reached; check the address and that it runs", retryable=True
        ),
        pause=FIRST_PAUSE_S if again else None,
    )


def insecure(server: str, fault: str) -> AttemptError:
    """Returns the error of a server whose TLS has a ``fault``: nothing was sent to it."""
    return unusable(f"{server} {fault}")


def filtered(server: str) -> AttemptError:
    """Returns the error of a reply that a content filter held back."""
    return unusable(
        f"{server} has a content filter that held the answer back; put the question differently, "
        "or choose another model"
    )


def only_thought(server: str, bound: str, *, retryable: bool = False) -> AttemptError:
    """Returns the error of a model that thinks up to a ``bound`` and does not begin to answer."""
    return AttemptError(
        ModelError(
            f"{server} only thought, for {bound}, and did not begin its answer; turn its thinking "
            "off, or choose a model that thinks less",
            retryable=retryable,
        )
    )


def broken_off(server: str) -> AttemptError:
    """Returns the error of a connection that ended before the reply did."""
    return AttemptError(
        ModelError(f"{server} hung up before it had answered; try again", retryable=True),
        pause=FIRST_PAUSE_S,
    )


def silent(server: str, seconds: float) -> AttemptError:
    """Returns the error of a server that sends nothing."""
    return AttemptError(
        ModelError(
            f"{server} was silent for {seconds:.0f} s; check that it works, or raise "
            "ASSISTANT_LLM_TIMEOUT for a slow one",
            retryable=True,
        )
    )


def expired(server: str, seconds: float) -> AttemptError:
    """Returns the error of a reply that took longer than it may."""
    return AttemptError(
        ModelError(
            f"{server} did not finish within {seconds:.0f} s; raise ASSISTANT_LLM_TIMEOUT for "
            "a slow one, or try again",
            retryable=True,
        ),
        expired=True,
    )


def garbled(server: str, *, page: bool, overlong: bool = False) -> AttemptError:
    """Returns the error of a reply that is not of the protocol, or longer than any."""
    if page:
        return unusable(f"{server} answers with a web page: {CHECK_BASE_URL}")
    return AttemptError(
        ModelError(
            f"{server} gave an unusable reply, not a stream of chat completions; {CHECK_BASE_URL}"
        ),
        overlong=overlong,
    )


def kept_out(server: str, status: int, *, had_key: bool) -> AttemptError:
    """Returns the error of a server that lets nobody in without the right key."""
    if had_key:
        return unusable(f"{server} refused the key (HTTP {status}); check the key")
    return unusable(
        f"{server} wants a key (HTTP {status}); set ASSISTANT_LLM_API_KEY in the same place as the "
        "address, for a key is sent to no other"
    )


def refused(
    server: str,
    model: str,
    status: int,
    body: str,
    *,
    headers: Mapping[str, str],
    page: bool = False,
    now: datetime | None = None,
) -> AttemptError:
    """Returns the error of an HTTP status that is not success; ``body`` is only read."""
    if is_too_long(status, body):
        return AttemptError(
            ContextOverflowError(
                f"{server} has no room for the prompt in the context window of {model!r}; "
                "send less, or choose a model with a larger one"
            )
        )
    if 300 <= status < 400:
        return unusable(redirects(server, status, "ASSISTANT_LLM_BASE_URL"))
    if is_filtered(status, body):
        return filtered(server)
    if page and status < 500:
        return unusable(f"{server} answers with a web page (HTTP {status}): {CHECK_BASE_URL}")
    if status in (404, 405):
        return unusable(
            f"{server} has no model {model!r} (HTTP {status}); check the model, and the "
            "address: it usually ends in /v1"
        )
    if status in (402, 429) and (status == 402 or _NO_CREDIT.search(body)):
        return unusable(
            f"{server} has no credit left for this key (HTTP {status}); add some, or use "
            "another key"
        )
    if status == 429 or status in (408, 409) or status >= 500:
        return _busy(server, status, retry_after(headers, now or datetime.now(UTC)))
    return unusable(
        f"{server} refused the request (HTTP {status}); check that it serves model {model!r} "
        "for chat"
    )


def not_taken(server: str, name: str) -> AttemptError:
    """Returns the error of a request whose parameter ``name`` is left out of the next one."""
    return AttemptError(
        ModelError(f"{server} refuses the parameter {name!r}; choose another model"),
        pause=0.0,
        adapted=True,
    )


def is_too_long(status: int | None, body: str) -> bool:
    """Returns whether an error says that the prompt does not fit.

    llama.cpp and vLLM say 400, gateways 413 or 422, older servers 500, and in a stream there is
    no status.
    """
    return status in (None, 200, 400, 413, 422, 500) and _TOO_LONG.search(body) is not None


def is_filtered(status: int, body: str) -> bool:
    """Returns whether an error says that a content filter held something back."""
    return status in (400, 403, 422, 451) and _FILTERED.search(body) is not None


def find_refused_parameter(status: int, body: str, sent: frozenset[str]) -> str | None:
    """Returns which of the parameters ``sent`` an error says the server does not take."""
    if status not in (400, 422) or not _NOT_TAKEN.search(body):
        return None
    named = _find_parameter(body)
    if named in sent:
        return named
    quoted = re.findall(r"[\w.]+", body)
    return next((word for word in quoted if word in sent), None)


def refuses_system_role(status: int, body: str) -> bool:
    """Returns whether an error says that the model's chat template knows no system role."""
    return status in (400, 422, 500) and _NO_SYSTEM_ROLE.search(body) is not None


def _busy(server: str, status: int, asked: float | None) -> AttemptError:
    pause = FIRST_PAUSE_S if asked is None else asked
    what = "is busy" if status == 429 else "failed"
    when = f"in {max(1, round(asked))} s" if asked is not None else "later"
    return AttemptError(
        ModelError(f"{server} {what} (HTTP {status}); try again {when}", retryable=True),
        pause=pause if pause <= LONGEST_PAUSE_S else None,
    )


def _find_parameter(body: str) -> str | None:
    """Returns ``error.param`` of OpenAI's form of errors."""
    try:
        error = json.loads(body)["error"]
        name = error["param"]
    except (ValueError, TypeError, KeyError):
        return None
    return name if isinstance(name, str) else None
