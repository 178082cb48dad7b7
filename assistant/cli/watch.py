"""``assistant watch``: the lists of papers in a folder into a library, as they come."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import options, output
from assistant.errors import IngestError, LibraryError, LockedError

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.reports import IngestReport

_LOOK_MS = 500
"""How often files that have changed are looked at, to see whether they are whole."""


def watch(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder to watch, with those below it.", metavar="FOLDER"),
    ],
    sync: Annotated[
        bool,
        typer.Option(
            "--sync",
            help="Also remove papers that a file no longer lists, or whose file has gone.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    wait: options.WaitOption = 0,
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Read lists of papers into a library as they come into a folder, until Ctrl-C.

    What is there already is read first. A file is read once it has stopped changing; one that
    cannot be read is named and left, until it changes again.

    [bold]Examples[/bold]
      assistant watch ~/Downloads/papers
      assistant watch exports --library thesis --sync
    """
    from assistant.api import Assistant
    from assistant.store.locking import Patience

    # The name that its files have as sources of papers, wherever the command is given.
    watched = Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 - without links resolved
    if not watched.is_dir():
        raise IngestError(f"there is no folder {str(folder)!r} to watch; check the path")
    with Assistant.open(library=library, home=home, create=True) as assistant:
        assistant.store.patience = Patience(wait, output.warn)
        try:
            _Watch(assistant, watched, sync=sync, as_json=as_json).run()
        except KeyboardInterrupt as stop:
            if stop.args:  # What it stopped has said so.
                raise
            output.warn(f"stopped watching {str(watched)!r}")


class _Watch:
    """The watch over one folder."""

    def __init__(self, assistant: Assistant, folder: Path, *, sync: bool, as_json: bool) -> None:
        from assistant.ingest.formats import FOLDER_SUFFIXES
        from assistant.ingest.settling import SettlingFiles

        self._assistant = assistant
        self._folder = folder
        self._real = folder.resolve()
        self._suffixes = FOLDER_SUFFIXES
        self._sync = sync
        self._as_json = as_json
        self._settling = SettlingFiles()
        self._locked: set[Path] = set()
        self._told: set[str] = set()

    def run(self) -> None:
        """Takes files until it is interrupted.

        Raises:
            IngestError: the folder has gone, or cannot be watched.
            StoreError: the library cannot be written.
        """
        begun = False
        for changed in self._changes():
            if not begun:
                # After the watch has begun, so that nothing comes in between unseen.
                begun = True
                if not self._as_json:
                    self._say(f"watching {str(self._folder)!r}; Ctrl-C ends it")
                self._take(self._folder)
            now_s = time.monotonic()
            for path in changed:
                self._settling.note(path, now_s)
            still = self._settling.take(now_s)
            folders = {path for path in still if path.is_dir()}
            for path in still:
                # A folder is read with what is in it.
                if folders.isdisjoint(path.parents):
                    self._take(path)
            if not self._folder.is_dir():
                raise IngestError(f"the folder {str(self._folder)!r} has gone")

    def _changes(self) -> Iterator[list[Path]]:
        """Yields what has changed and may be a list of papers, twice a second at least."""
        from watchfiles import watch as watch_files

        try:
            for changed in watch_files(
                self._folder,
                watch_filter=None,
                rust_timeout=_LOOK_MS,
                yield_on_timeout=True,
                ignore_permission_denied=True,
            ):
                yield [path for _, name in changed if (path := self._find_own(Path(name)))]
        except OSError as exc:
            raise IngestError(f"{str(self._folder)!r} cannot be watched: {exc}") from exc

    def _find_own(self, changed: Path) -> Path | None:
        """Returns the path that ``read_papers`` would give what has changed; None if it would not.

        Some systems tell of a folder under its real name and not the one that was given.
        """
        for folder in (self._folder, self._real):
            if changed.is_relative_to(folder):
                inside = changed.relative_to(folder)
                break
        else:
            return None
        path = self._folder / inside
        # What has gone may have been a folder of any name.
        is_list = path.suffix.lower() in self._suffixes or not path.is_file()
        is_hidden = any(part.startswith(".") for part in inside.parts)
        return path if is_list and not is_hidden and inside.parts else None

    def _take(self, path: Path) -> None:
        try:
            report = self._read(path) if _holds_files(path) else self._remove(path)
        except LockedError as error:
            if path not in self._locked:
                output.warn(f"{error}; {str(path)!r} is read when that is done")
            self._locked.add(path)
            self._settling.note(path, time.monotonic())
            return
        except IngestError as error:
            output.warn(str(error))
            return
        self._locked.discard(path)
        if report is not None:
            self._tell(path, report)

    def _read(self, path: Path) -> IngestReport:
        try:
            with output.tell_stop():
                return self._assistant.ingest(path, sync=self._sync, limited=True)
        except KeyboardInterrupt as stop:
            raise KeyboardInterrupt(str(path)) from stop

    def _remove(self, path: Path) -> IngestReport | None:
        from assistant.text.half_characters import mend_halves

        if not self._sync:
            return None
        gone = mend_halves(str(path))
        inside = os.path.join(gone, "")  # noqa: PTH118 - a path's text, with its last slash
        try:
            ids = [
                paper.paper_id
                for paper in self._assistant.papers()
                if paper.source and (paper.source == gone or paper.source.startswith(inside))
            ]
            return self._assistant.remove(*ids) if ids else None
        except LibraryError:
            return None  # There is no library yet, and nothing of it to remove.

    def _tell(self, path: Path, report: IngestReport) -> None:
        of_library = [one for one in self._assistant.notices if one not in self._told]
        self._told.update(of_library)
        output.warn_all(dict.fromkeys((*of_library, *report.notices)))
        if self._as_json:
            output.say_json({"path": str(path), **report.to_dict()}, indent=None)
            return
        self._say(f"{path}:")
        output.say_report(report)
        sys.stdout.flush()

    def _say(self, text: str) -> None:
        output.say(text)
        # Whoever reads a pipe of it waits for each line.
        sys.stdout.flush()


def _holds_files(path: Path) -> bool:
    return path.is_file() or any(inside.is_file() for inside in path.rglob("*"))
