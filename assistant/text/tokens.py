"""How long a text is in tokens, counted by tiktoken without the network."""

from __future__ import annotations

import importlib.util
import math
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ModelError

if TYPE_CHECKING:
    from tiktoken import Encoding

ENCODING = "o200k_base"
"""The encoding of current OpenAI models; other models' counts differ by some per cent."""

_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"
_SHIPPED_CACHE = Path("core", "_static", "tiktoken_cache")


OTHER_MODELS_MARGIN = 1.25
"""For a model whose encoding tiktoken does not know, tokens of ENCODING times this: an upper bound
for English. Source: measured on 120 abstracts of the starter library: SmolLM2 (49,152 entries)
needs 1.04 times as many in the median and 1.14 at most, Qwen2.5 1.01 and 1.08."""


def count_tokens(text: str) -> int:
    """Returns the number of tokens of ``text``; the text of a special token counts as plain text.

    Raises:
        ModelError: the encoding is neither in TIKTOKEN_CACHE_DIR nor shipped with LlamaIndex.
    """
    return len(_load_encoding(ENCODING).encode(text, disallowed_special=()))


def make_token_counter(model: str) -> Callable[[str], int]:
    """Returns what counts a text's tokens for ``model``, named as "openai:gpt-4o" or "gpt-4o".

    The count is exact for models that tiktoken knows; for others it is ENCODING's times
    OTHER_MODELS_MARGIN, rounded up.
    """
    import tiktoken.model

    try:
        name = tiktoken.model.encoding_name_for_model(model.rpartition(":")[2])
        encoding = _load_encoding(name)
    except (KeyError, ModelError):
        return lambda text: math.ceil(count_tokens(text) * OTHER_MODELS_MARGIN)
    return lambda text: len(encoding.encode(text, disallowed_special=()))


@cache
def _load_encoding(name: str) -> Encoding:
    """Returns an encoding, read from the files that LlamaIndex ships unless the user names others.

    LlamaIndex is found, not imported: its import takes longer than everything else here.
    """
    import tiktoken

    shipped = _find_shipped_cache()
    borrowed = _CACHE_VARIABLE not in os.environ and shipped is not None
    if borrowed:
        os.environ[_CACHE_VARIABLE] = str(shipped)
    try:
        return tiktoken.get_encoding(name)
    except Exception as exc:
        raise ModelError(
            f"the token encoding {name!r} cannot be loaded ({type(exc).__name__}); "
            f"unset {_CACHE_VARIABLE} or point it to a folder that holds the encoding"
        ) from exc
    finally:
        if borrowed:
            del os.environ[_CACHE_VARIABLE]


def _find_shipped_cache() -> Path | None:
    spec = importlib.util.find_spec("llama_index")
    for location in (spec and spec.submodule_search_locations) or ():
        folder = Path(location) / _SHIPPED_CACHE
        if folder.is_dir():
            return folder
    return None
