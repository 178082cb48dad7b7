"""Which address a key is for: the one that is set beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.servers.providers import PROVIDERS, split_name


@dataclass(frozen=True, slots=True)
class KeyedServer:
    """The settings of one server: its key, its address, and the models that name a provider."""

    key: str
    url: str
    models: tuple[str, ...]


LLM_SERVER = KeyedServer("llm_api_key", "llm_base_url", ("llm", "judge"))
EMBEDDING_SERVER = KeyedServer("embedding_api_key", "embedding_base_url", ("embedding",))


def merge_layers(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the settings in force of ``layers``, strongest first, without keys that stray.

    A layer is one place where settings stand: arguments, variables, a file. A key with an address
    beside it in the same layer is that address's. Where another layer names another address, the
    key is left out.
    """
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged |= layer
    for server in (LLM_SERVER, EMBEDDING_SERVER):
        beside = next((layer for layer in layers if layer.get(server.key) is not None), {})
        own = find_named_address(server, beside, only_keyed=True)
        if own is not None and not is_same_address(own, find_named_address(server, merged)):
            merged[server.key] = None
    return merged


def find_named_address(
    server: KeyedServer, values: Mapping[str, Any], *, only_keyed: bool = False
) -> str | None:
    """Returns the address that ``values`` name for ``server``: None where they name none.

    With ``only_keyed`` a provider that wants no key does not count.
    """
    if values.get(server.url):
        return str(values[server.url])
    for model in server.models:
        kind, _ = split_name(str(values.get(model))) or ("", "")
        if kind in PROVIDERS and not (only_keyed and PROVIDERS[kind].is_local):
            return PROVIDERS[kind].url
    return None


def is_same_address(one: str, other: str | None) -> bool:
    """Returns whether two addresses differ in nothing that leads elsewhere."""
    return other is not None and one.rstrip("/").lower() == other.rstrip("/").lower()
