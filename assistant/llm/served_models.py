"""Which models a server lists, and which servers run on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.errors import ModelError
from assistant.llm import faults
from assistant.llm.server_attempt import NO_KEY, Endpoint
from assistant.servers.http import describe_tls_fault, redirects
from assistant.servers.providers import PROVIDERS, is_own_address

_LISTING_S = 15.0
"""OpenRouter lists hundreds of models; a server that takes longer than this hangs."""

_LOOKING_S = 2.0
"""What runs on this machine answers at once, unless it is no such server."""


@dataclass(frozen=True, slots=True)
class ServedModels:
    """A server and the models that it lists, each by the name that ASSISTANT_LLM takes."""

    title: str
    url: str
    names: tuple[str, ...]


def list_models(
    provider: str, url: str, key: str | None, *, timeout_s: float = _LISTING_S
) -> ServedModels:
    """Returns what the server of ``provider`` at ``url`` lists, in its order.

    Raises:
        ModelError: it cannot be asked, or lists no models.
    """
    import httpx

    endpoint = Endpoint("", url.rstrip("/"), key or NO_KEY, timeout_s)
    server = endpoint.server
    try:
        listed = request_list(endpoint, provider)
    except httpx.HTTPStatusError as exc:
        status = exc.response.status_code
        if status in (401, 403):
            raise faults.kept_out(server, status, had_key=key is not None).error from exc
        if exc.response.is_redirect:
            raise ModelError(redirects(server, status, "ASSISTANT_LLM_BASE_URL")) from exc
        raise ModelError(
            f"{server} lists no models (HTTP {status}); {faults.CHECK_BASE_URL}"
        ) from exc
    except httpx.TimeoutException as exc:
        raise faults.silent(server, timeout_s).error from exc
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        fault = describe_tls_fault(exc)
        failure = faults.insecure(server, fault) if fault else faults.unreachable(server)
        raise failure.error from exc
    except ValueError as exc:
        raise ModelError(f"{server} lists no models; {faults.CHECK_BASE_URL}") from exc
    names = [row["id"] for row in rows_of(listed) if isinstance(row.get("id"), str)]
    if not names:
        raise ModelError(f"{server} lists no models; load one there")
    return ServedModels(
        PROVIDERS[provider].title if is_own_address(provider, url) else "The server",
        endpoint.shown_url,
        tuple(f"{provider}:{name}" for name in names),
    )


def find_local_servers() -> list[ServedModels]:
    """Returns the servers that answer at the usual addresses on this machine, without a key."""
    found = []
    for name, provider in PROVIDERS.items():
        if provider.is_local:
            try:
                found.append(list_models(name, provider.url, None, timeout_s=_LOOKING_S))
            except ModelError:
                # None is there, or something else has the port.
                continue
    return found


def request_list(endpoint: Endpoint, provider: str) -> Any:
    """Returns the JSON in which a server lists its models.

    Raises:
        httpx.HTTPError, httpx.InvalidURL, ValueError: it cannot be had.
    """
    import httpx

    from assistant.llm.exchange import tls

    own = PROVIDERS[provider]
    headers = {"authorization": f"Bearer {endpoint.key}"}
    headers |= {name: value.format(key=endpoint.key) for name, value in own.list_headers}
    answer = httpx.get(
        endpoint.url + own.list_path,
        headers=headers,
        timeout=endpoint.timeout_s,
        # A request goes where the user says, and not where a server does.
        follow_redirects=False,
        verify=tls(),
        trust_env=endpoint.by_proxy,
    )
    answer.raise_for_status()
    return answer.json()


def rows_of(listed: Any) -> list[dict[str, Any]]:
    """Returns the rows of a list of models as servers write it; none where it is no such list."""
    rows = listed.get("data") if isinstance(listed, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
