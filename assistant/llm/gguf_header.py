"""What the header of a GGUF file says, read before llama.cpp is given the file.

The gguf package would read the tokenizer's words and every tensor's place as well: seconds for
what takes a millisecond here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import ModelError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_NUMBERS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q",
    12: "<d",
}  # fmt: skip
"""The types of values as struct reads them.

Source: ggml, docs/gguf.md, of which this reads the metadata alone.
"""

_LONGEST_STRING = 1 << 24
_MOST_ENTRIES = 1 << 16


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """The architecture of a model and the tokens of context it was trained with, where stated."""

    architecture: str
    context_tokens: int | None


def read_header(path: Path) -> GgufHeader:
    """Returns the header of the GGUF file at ``path``.

    Raises:
        ModelError: there is no such file, or it is not a whole GGUF header.
    """
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise ModelError(f"the model file {str(path)!r} {what}; give the path of a .gguf file")
    try:
        with path.open("rb") as file:
            return _header(file)
    except OSError as exc:
        raise ModelError(
            f"the model file {str(path)!r} cannot be read ({exc.strerror}); make it readable"
        ) from exc
    except (struct.error, ValueError, OverflowError) as exc:
        raise ModelError(
            f"{str(path)!r} is not a GGUF file that can be read; download it again, or give the "
            "path of a .gguf file"
        ) from exc


def _header(file: BinaryIO) -> GgufHeader:
    if file.read(4) != _MAGIC:
        raise ValueError("other magic bytes")
    version, _n_tensors, n_entries = _unpack(file, "<IQQ")
    if version not in _VERSIONS or n_entries > _MOST_ENTRIES:
        raise ValueError("unknown version")
    values: dict[str, Any] = {}
    for _ in range(n_entries):
        name = _string(file)
        values[name] = _value(file, _unpack(file, "<I")[0])
        # The words of the tokenizer, which take longest to read, mostly come after these.
        architecture = values.get("general.architecture")
        context = values.get(f"{architecture}.context_length")
        if context is not None:
            break
    if not isinstance(architecture := values.get("general.architecture"), str):
        raise ValueError("no architecture")
    context = values.get(f"{architecture}.context_length")
    return GgufHeader(architecture, context if isinstance(context, int) else None)


def _value(file: BinaryIO, kind: int) -> Any:
    """Returns a value; of an array only None, for none is needed."""
    if kind == _STRING:
        return _string(file)
    if kind == _ARRAY:
        item, length = _unpack(file, "<IQ")
        if item in _NUMBERS:
            file.seek(struct.calcsize(_NUMBERS[item]) * length, 1)
        elif item == _STRING:
            for _ in range(length):
                _string(file)
        else:
            raise ValueError("an array of arrays")
        return None
    if kind not in _NUMBERS:
        raise ValueError("unknown type of value")
    return _unpack(file, _NUMBERS[kind])[0]


def _string(file: BinaryIO) -> str:
    length = _unpack(file, "<Q")[0]
    if length > _LONGEST_STRING:
        raise ValueError("no text is so long")
    return _exactly(file, length).decode("utf-8", errors="replace")


def _unpack(file: BinaryIO, form: str) -> tuple[Any, ...]:
    return struct.unpack(form, _exactly(file, struct.calcsize(form)))


def _exactly(file: BinaryIO, n_bytes: int) -> bytes:
    found = file.read(n_bytes)
    if len(found) != n_bytes:
        raise ValueError("the file ends in its header")
    return found
