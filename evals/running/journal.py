"""A file of the answers of a run as they come, from which a stopped run goes on."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from assistant_evals.cases.cases import Asked, Case
from assistant_evals.errors import make_unwritable_error

from assistant import Answer, AssistantError, Settings


def make_run_key(settings: Settings, digest: str, versions: dict[str, str]) -> str:
    """Returns what has to be the same for an answer to be the same, as one line."""
    said = settings.model_dump(mode="json", exclude={"home", "threads", "chroma_url"})
    return json.dumps([said, digest, versions], sort_keys=True)


class Journal:
    """The answers of a run as they come, in a file; only those of the same run are taken up.

    Answers that failed are not kept, so that they are asked again.
    """

    def __init__(self, path: Path, key: str) -> None:
        """Reads what is there; what another kind of run has written is replaced.

        Raises:
            GoldenError: the file cannot be written.
        """
        self.path = path
        self._lock = threading.Lock()
        self._known = _read_journal(path, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = path.open("w", encoding="utf-8")
            self._write({"key": key})
            for row in self._known.values():
                self._write(row)
        except OSError as error:
            raise make_unwritable_error(f"report folder {path.parent}", error) from error

    def get(self, case: Case) -> Asked | None:
        """Returns what came of a case before; None where it was not asked."""
        row = self._known.get(case.id)
        if row is None or row["digest"] != case.digest:
            return None
        answer = Answer.from_dict(row["answer"])
        return Asked(answer, tuple(row["retrieved"]), None, row["took_ms"])

    def add(self, case: Case, one: Asked) -> None:
        """Keeps what came of a case."""
        if one.answer is not None:
            record = {**asdict(one), "answer": one.answer.to_dict()}
            with self._lock:
                self._write({"id": case.id, "digest": case.digest, **record})

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def remove(self) -> None:
        """Removes the file, once its answers are in a report."""
        self.path.unlink(missing_ok=True)

    def _write(self, row: dict[str, Any]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()


def _read_journal(path: Path, key: str) -> dict[str, dict[str, Any]]:
    """Returns the rows by case id; a last line that was cut short is left out."""
    rows: dict[str, dict[str, Any]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        if not lines or json.loads(lines[0]) != {"key": key}:
            return {}
        for line in lines[1:]:
            row = json.loads(line)
            Answer.from_dict(row["answer"])
            rows[row["id"]] = row
    except (OSError, ValueError, KeyError, TypeError, AssistantError):
        return rows
    return rows
