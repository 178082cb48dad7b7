"""What the library tab does: opens, exports and chooses papers, and changes the library."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any

from assistant_ui.library.change_views import going_view, report_view, view_end
from assistant_ui.library.changes import LibraryChanges, Message
from assistant_ui.library.rows import PaperTable
from assistant_ui.library.table import read_query
from assistant_ui.library.uploads import keep_apart, read_refusals, uploads_from
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.file_formats import make_file
from assistant_ui.parts.paper_view import paper_view

from assistant import (
    AssistantError,
    Filters,
    IngestReport,
    LibraryError,
    Paper,
    PaperFormat,
    QuestionError,
    Skipped,
    export_papers,
)

MAX_EXPORTED = 20_000
"""Papers of one export: some 40 MB, which a browser takes in one piece."""

EXPORTS: tuple[PaperFormat, ...] = ("bibtex", "ris", "csl", "jsonl")
"""The formats that papers can be saved in."""


@dataclass(frozen=True)
class LibraryActions:
    """The library, its table, and what changes it."""

    library: OpenLibrary
    table: PaperTable
    changes: LibraryChanges

    def page(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the page of the table that a browser asks for.

        Where it sends the ids that it has ``ticked``, they come back without those that are gone.
        """
        view = self.table.view(read_query(payload))
        if "ticked" in payload:
            view["ticked"] = self.table.current().keep_known(payload["ticked"])
        return view

    def paper(self, paper_id: object) -> dict[str, Any]:
        """Returns the paper with its abstract, for the browser.

        Raises:
            LibraryError: the library has no such paper, or no longer.
        """
        if not self.table.current().keep_known([paper_id]):
            raise LibraryError("that paper is no longer in the library; the table is read again")
        return paper_view(self.library.assistant.paper(str(paper_id)))

    def choose(self, target: Mapping[str, Any]) -> list[str]:
        """Returns the ids of the papers that a browser means.

        Raises:
            QuestionError: none of them is in the library.
        """
        paper_ids = self.table.find_ids(target)
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
        paper_ids = self.choose(target)
        if len(paper_ids) > MAX_EXPORTED:
            raise QuestionError(
                f"{len(paper_ids):,} papers are too many for the browser, which takes "
                f"{MAX_EXPORTED:,}; narrow the table, or use `assistant library export`"
            )
        papers = self.library.assistant.papers(Filters(paper_ids=tuple(paper_ids)))
        name = self.table.current().version[0]
        text = "".join(export_papers(map(_without_folder, papers), format))
        return make_file(name, format, text)

    def add(self, payload: Mapping[str, Any], folder: Path, owner: str) -> Iterator[dict[str, Any]]:
        """Yields how the uploads that a browser names are read into the library.

        Args:
            payload: ``{"files": [{"path", "name"}], "refused": [{"name", "reason"}],
                "keep_without_abstract"}``.
            folder: where uploads arrive.
            owner: the visit that may stop it.
        """
        keep = payload.get("keep_without_abstract") is True
        taken, skipped = uploads_from(payload.get("files"), folder)
        skipped += read_refusals(payload.get("refused"))
        with keep_apart(taken) as uploads:
            if uploads:
                yield from self._follow(
                    self.changes.add(uploads, owner, keep_without_abstract=keep), skipped
                )
            else:
                yield report_view(IngestReport().to_dict(), skipped, str)

    def remove(self, payload: Mapping[str, Any], owner: str) -> Iterator[dict[str, Any]]:
        """Yields how the papers that a browser ticked are removed; ``{"paper_ids"}``."""
        current = self.table.current()
        paper_ids = current.keep_known(payload.get("paper_ids"))
        if current.is_starter:
            yield view_end("The starter library stays as it is.", is_well=False)
        elif not paper_ids:
            yield view_end("None of these papers is in the library any more.", is_well=False)
        else:
            yield from self._follow(self.changes.remove(paper_ids, owner), [])

    def _follow(
        self, messages: Generator[Message, None, None], skipped: list[Skipped]
    ) -> Iterator[dict[str, Any]]:
        before = self.table.current().version
        try:
            for message in messages:
                if "report" in message:
                    self._open_own()
                    yield report_view(message["report"], skipped, self.table.current().title)
                    return
                if "error" in message:
                    yield view_end(_sentence(message["error"]), is_well=False)
                    return
                yield going_view(message)
        except AssistantError as error:
            yield view_end(_sentence(str(error)), is_well=False)
            return
        finally:
            messages.close()
        self._open_own()
        is_changed = self.table.current().version != before
        yield {**view_end(self._cut_short(is_changed), is_well=False), "changed": is_changed}

    def _cut_short(self, is_changed: bool) -> str:
        if is_changed:
            return "It was too late to stop: the library is changed."
        if self.changes.was_stopped:
            return (
                "Stopped; the library is as it was. The same files go on from where they were, "
                "since no text is embedded twice."
            )
        killed_by = self.changes.killed_by
        if killed_by is not None:
            return (
                f"The process that changed the library was killed ({killed_by}), most likely "
                f"because memory ran out; the library is as it was. Add fewer files at once."
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
