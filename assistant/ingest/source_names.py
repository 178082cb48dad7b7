"""Where papers come from: a file by its whole path, what has none by the name it is given."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any

from assistant.errors import IngestError
from assistant.text.half_characters import mend_halves
from assistant.text.repair import collapse

UNNAMED = "-"
"""Standard input, a pipe or a stream that nobody named: the next one under it is another."""

NAMED = "name:"
"""Before a name that the user gave, which so is never taken for a path."""

MAX_NAME_CHARS = 200


def locate_source(path: str | Path) -> str:
    """Returns the one name of the file or folder at ``path``: absolute, links followed.

    So one file is one source from whatever folder it is named, and two files of one name are
    two. A pipe, such as ``<(curl ...)``, is UNNAMED.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return UNNAMED
        return mend_halves(str(path.resolve()))
    except (OSError, RuntimeError):
        return mend_halves(str(path.absolute()))


def locate_stream(stream: Any) -> str:
    """Returns the path of the file that ``stream`` reads, its own name, or UNNAMED.

    A stream that is no file of the system may have been given a name, as an upload is.
    """
    name = getattr(stream, "name", None)
    if not isinstance(name, str):
        return UNNAMED
    try:
        opened = os.fstat(stream.fileno())
    except (OSError, AttributeError):
        return mend_halves(name)
    try:
        is_file = os.path.samestat(opened, os.stat(name))  # noqa: PTH116 - of the opened file
    except (OSError, ValueError):
        is_file = False
    return locate_source(name) if is_file else UNNAMED


def name_source(name: str) -> str:
    """Returns the source of the name that a user gave.

    Raises:
        IngestError: it is empty or too long.
    """
    text = collapse(mend_halves(name))
    if not text or len(text) > MAX_NAME_CHARS:
        raise IngestError(
            f"{name[:60]!r} names no source; give a name of 1 to {MAX_NAME_CHARS} characters"
        )
    return f"{NAMED}{text}"


def is_same_source(known: str | None, source: str | None) -> bool:
    """Whether two sources are one: a later text from it replaces the earlier.

    Earlier releases kept the path as it was typed, and uploads have a name alone. Those may be
    the file of which they are the end.
    """
    if known is None or source is None or UNNAMED in (known, source):
        return False
    if known == source:
        return True
    # No path ends in a name that a user gave.
    return is_unplaced(known) and Path(source).parts[-len(Path(known).parts) :] == Path(known).parts


def is_unplaced(source: str) -> bool:
    """Whether ``source`` is a path or name of which the folder was not recorded."""
    return not (
        source.startswith(NAMED)
        or Path(source).is_absolute()
        or PureWindowsPath(source).is_absolute()
    )


def is_inside(source: str, folder: str) -> bool:
    """Whether ``source`` is ``folder``, or a file in it; names and queries hold nothing else."""
    inside = os.path.join(folder, "")  # noqa: PTH118 - a path's text, with its last slash
    return source == folder or (os.path.isabs(folder) and source.startswith(inside))  # noqa: PTH117


def check_names(sources: Sequence[object], source_name: str | None, *, sync: bool) -> None:
    """Sees to it that each source has a name of its own where one is needed.

    Raises:
        IngestError: one name was given to several sources, or what has no name is to be synced.
    """
    if source_name is not None:
        name_source(source_name)
        if len(sources) != 1:
            raise IngestError(
                f"--source {source_name!r} is the name of one source and {len(sources)} were "
                "given; ingest them one by one"
            )
    elif sync:
        for source in sources:
            if what := _describe_nameless(source):
                raise IngestError(
                    f"--sync cannot know what {what} listed before, for it has no name; add "
                    "--source NAME (source_name in Python), the same each time"
                )


def _describe_nameless(source: object) -> str | None:
    if source == UNNAMED:
        return "standard input"
    if isinstance(source, str | Path):
        is_pipe = source != "" and locate_source(source) == UNNAMED
        return f"the pipe {str(source)!r}" if is_pipe else None
    if hasattr(source, "read"):
        return None if Path(locate_stream(source)).is_absolute() else "a stream"
    return "a list of papers" if isinstance(source, Iterable) else None
