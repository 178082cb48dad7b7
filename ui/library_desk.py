"""What the library tab does: opens, exports and chooses papers, and changes the library."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any

from assistant_ui.change_views import ended_view, going_view, report_view
from assistant_ui.library_changes import LibraryChanges, Message
from assistant_ui.library_rows import RowReader
from assistant_ui.open_library import OpenLibrary
from assistant_ui.paper_view import paper_view
from assistant_ui.papers_table import query_from
from assistant_ui.uploads import kept_apart, refused_from, uploads_from

from assistant import AssistantError, Filters, Paper
from assistant.errors import LibraryError, QuestionError
from assistant.export.papers import export_papers
from assistant.types import IngestReport, Skipped

MAX_EXPORTED = 20_000
"""Papers of one export: some 40 MB, which a browser takes in one piece."""

EXPORTS = {
    "bibtex": ("bib", "application/x-bibtex"),
    "ris": ("ris", "application/x-research-info-systems"),
    "csl": ("json", "application/vnd.citationstyles.csl+json"),
    "jsonl": ("jsonl", "application/jsonl"),
}
"""File ending and media type of each format of ``assistant.export``."""


@dataclass(frozen=True)
class LibraryDesk:
    """The library, the rows of its table, and what changes it."""

    library: OpenLibrary
    rows: RowReader
    changes: LibraryChanges

    def page(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the page of the table that a browser asks for.

        Where it sends the ids that it has ``ticked``, they come back without those that are gone.
        """
        current = self.rows.current()
        view = current.view(query_from(payload))
        return {**view, "ticked": current.known(payload["ticked"])} if "ticked" in payload else view

    def paper(self, paper_id: object) -> dict[str, Any]:
        """Returns the paper with its abstract, for the browser.

        Raises:
            LibraryError: the library has no such paper, or no longer.
        """
        if not self.rows.current().known([paper_id]):
            raise LibraryError("that paper is no longer in the library; the table is read again")
        return paper_view(self.library.assistant.paper(str(paper_id)))

    def chosen(self, target: Mapping[str, Any]) -> list[str]:
        """Returns the ids of the papers that a browser means.

        Raises:
            QuestionError: none of them is in the library.
        """
        paper_ids = self.rows.current().meant(target)
        if not paper_ids:
            raise QuestionError("none of these papers is in the library; tick others")
        return paper_ids

    def export(self, target: Mapping[str, Any]) -> dict[str, str]:
        """Returns a file of the papers that a browser means: ``{"name", "mime", "text"}``.

        Raises:
            QuestionError: the format is unknown, or the papers are too many for one file.
        """
        format = target.get("format")
        if format not in EXPORTS:
            raise QuestionError(f"{format!r} is not one of {', '.join(EXPORTS)}")
        paper_ids = self.chosen(target)
        if len(paper_ids) > MAX_EXPORTED:
            raise QuestionError(
                f"{len(paper_ids):,} papers are too many for the browser, which takes "
                f"{MAX_EXPORTED:,}; narrow the table, or use `assistant library export`"
            )
        ending, mime = EXPORTS[format]
        papers = self.library.assistant.papers(Filters(paper_ids=tuple(paper_ids)))
        name = self.rows.current().version[0]
        text = "".join(export_papers(map(_without_folder, papers), format))
        return {"name": f"{name}.{ending}", "mime": mime, "text": text}

    def add(self, payload: Mapping[str, Any], folder: Path, owner: str) -> Iterator[dict[str, Any]]:
        """Yields how the uploads that a browser names are read into the library.

        Args:
            payload: ``{"files": [{"path", "name"}], "refused": [{"name", "reason"}]}``.
            folder: where uploads arrive.
            owner: the visit that may stop it.
        """
        taken, skipped = uploads_from(payload.get("files"), folder)
        skipped += refused_from(payload.get("refused"))
        with kept_apart(taken) as uploads:
            if uploads:
                yield from self._changed(self.changes.add(uploads, owner), skipped)
            else:
                yield report_view(IngestReport().to_dict(), skipped, str)

    def remove(self, payload: Mapping[str, Any], owner: str) -> Iterator[dict[str, Any]]:
        """Yields how the papers that a browser ticked are removed; ``{"paper_ids"}``."""
        current = self.rows.current()
        paper_ids = current.known(payload.get("paper_ids"))
        if current.is_starter:
            yield ended_view("The starter library stays as it is.", is_well=False)
        elif not paper_ids:
            yield ended_view("None of these papers is in the library any more.", is_well=False)
        else:
            yield from self._changed(self.changes.remove(paper_ids, owner), [])

    def _changed(
        self, messages: Generator[Message, None, None], skipped: list[Skipped]
    ) -> Iterator[dict[str, Any]]:
        before = self.rows.current().version
        try:
            for message in messages:
                if "report" in message:
                    self._open_own()
                    yield report_view(message["report"], skipped, self.rows.current().title)
                    return
                if "error" in message:
                    yield ended_view(_sentence(message["error"]), is_well=False)
                    return
                yield going_view(message)
        except AssistantError as error:
            yield ended_view(_sentence(str(error)), is_well=False)
            return
        finally:
            messages.close()
        self._open_own()
        is_changed = self.rows.current().version != before
        yield {**ended_view(self._cut_short(is_changed), is_well=False), "changed": is_changed}

    def _cut_short(self, is_changed: bool) -> str:
        if is_changed:
            return "It was too late to stop: the library is changed."
        if self.changes.was_stopped:
            return (
                "Stopped; the library is as it was. The same files go on from where they were, "
                "since no text is embedded twice."
            )
        return "The change broke off; the library is as it was. The server's log says why."

    def _open_own(self) -> None:
        """Turns from the starter library to the visitors' own, once there is one."""
        assistant = self.library.assistant
        if assistant.stats().library != self.library.settings.library:
            self.library.reopen()


def _without_folder(paper: Paper) -> Paper:
    """Returns the paper without the folder, of the server, that its file was in."""
    return replace(paper, source=PureWindowsPath(paper.source).name) if paper.source else paper


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
