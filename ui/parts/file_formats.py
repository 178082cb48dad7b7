"""The formats that answers and papers are saved in, as files of the browser."""

from __future__ import annotations

FILE_FORMATS = {
    "markdown": ("md", "text/markdown"),
    "csv": ("csv", "text/csv"),
    "bibtex": ("bib", "application/x-bibtex"),
    "ris": ("ris", "application/x-research-info-systems"),
    "csl": ("json", "application/vnd.citationstyles.csl+json"),
    "jsonl": ("jsonl", "application/jsonl"),
}
"""File ending and media type of each format."""


def make_file(name: str, format: str, text: str) -> dict[str, str]:
    """Returns a file that the browser saves, as JSON types; ``name`` is without its ending."""
    ending, mime = FILE_FORMATS[format]
    return {"name": f"{name}.{ending}", "mime": mime, "text": text}
