"""Gives one reader bytes that atheris finds, until a time is up or something else comes than
papers and faults: ``python -m tests.fuzz.fuzz_reader FORMAT SECONDS``.

It begins with the samples of the format's own tests. An input that fails is kept in
``build/fuzz/FORMAT`` and named; ``python -m tests.fuzz.fuzz_reader FORMAT FILE`` reads it again.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import cast

import atheris

ROOT = Path(__file__).resolve().parents[2]
MAX_INPUT = 4_096
"""Bytes of an input: what goes wrong with a record does so in a short one."""

INPUT_S = 10
"""Time that an input may take, and MiB that it may: far more than any of this length needs."""
INPUT_MIB = 1_024

# What the readers are made of; packages that only come along are not followed.
with atheris.instrument_imports(include=["assistant.ingest", "rispy", "bibtexparser", "csv"]):
    from assistant.errors import IngestError
    from assistant.ingest import FORMATS, Format, detect_format, read_papers
    from assistant.reports import Skipped
    from assistant.types import Paper


def read(content: bytes, format: Format) -> None:
    """Reads ``content`` as ``format`` and as what it seems to be.

    Raises:
        AssertionError: something came that is neither a paper nor a clear line.
    """
    for wanted in (format, None):
        try:
            for item in read_papers(io.BytesIO(content), wanted):
                assert isinstance(item, Paper | Skipped), item
        except IngestError as error:
            message = str(error)
        else:
            continue
        assert message, "an error without a message"
        assert "\n" not in message, message


def main() -> None:
    """Fuzzes the reader that the command names."""
    format, what = cast("Format", sys.argv[1]), sys.argv[2]
    if format not in FORMATS:
        raise SystemExit(f"{format!r} is not a format; use one of {', '.join(FORMATS)}")
    if not what.isdecimal():
        read(Path(what).read_bytes(), format)
        return
    folder = ROOT / "build" / "fuzz" / format
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for sample in (ROOT / "tests" / "fixtures" / "ingest").iterdir():
        if detect_format(sample.read_bytes(), sample.name) == format:
            shutil.copy(sample, corpus)
    options = {
        "max_total_time": what,
        "max_len": MAX_INPUT,
        "timeout": INPUT_S,
        "rss_limit_mb": INPUT_MIB,
        "artifact_prefix": f"{folder}/",
        "print_final_stats": 1,
        "verbosity": 0,
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(corpus)],
        lambda content: read(content, format),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
