"""The folder of measuring data that is no part of the project, and how a command is told of it.

It holds corpus/papers-feed.txt, another text of the starter library's papers, and
external/retrieval/NAME, judged collections in BEIR's form.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from assistant.starter.papers import locate_starter


@dataclass(frozen=True, slots=True)
class MeasuringData:
    """Where the texts to measure on are."""

    folder: Path

    @property
    def starter(self) -> Path:
        """The starter library's file."""
        return locate_starter()

    @property
    def feed(self) -> Path:
        """The feed of the same papers."""
        return self.folder / "corpus" / "papers-feed.txt"

    @property
    def collections(self) -> Path:
        """The folder of judged collections."""
        return self.folder / "external" / "retrieval"


def parse_data(description: str | None) -> MeasuringData:
    """Returns the folder that ``--data`` names; a command without it says how it is used."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    data = MeasuringData(parser.parse_args().data)
    if not data.feed.is_file():
        parser.error(f"there is no {data.feed}")
    return data
