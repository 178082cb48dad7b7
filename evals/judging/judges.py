"""Who judges whether quotes support a sentence: the checker, an LLM, or LlamaIndex's evaluators.

A judge is anything with ``name``, ``prompt`` (its version and digest, "" where there is none) and
``supports(claim, quotes)``, which is None where it gave no judgement.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import assistant
from assistant import Assistant, ModelError, Settings
from assistant.files.private import make_file, make_folder

if TYPE_CHECKING:
    from llama_index.core.evaluation import BaseEvaluator

CHECKER = "checker"
CACHE_FILE = "judgements.sqlite"


class SupportJudge(Protocol):
    """What judges sentences."""

    @property
    def name(self) -> str:
        """Who judges, as reports name it."""

    @property
    def prompt(self) -> str:
        """Version and digest of the prompt; "" without one."""

    def supports(self, claim: str, quotes: Sequence[str]) -> bool | None:
        """Returns whether the quotes together support the claim."""


class CheckerJudge:
    """The product's own check without an LLM."""

    name = CHECKER
    prompt = ""

    def __init__(self, asked: Assistant) -> None:
        self._assistant = asked

    def supports(self, claim: str, quotes: Sequence[str]) -> bool | None:
        """Returns whether the quotes support the claim; None where they are in other languages."""
        # A quotation is its own support; most sentences of an extractive answer are.
        if claim.strip() in (quote.strip() for quote in quotes):
            return True
        verdict = self.score("\n".join(quotes), claim)[1]
        return None if verdict == "unchecked" else verdict != "unsupported"

    def score(self, source: str, claim: str) -> tuple[float, str]:
        """Returns the score in [0, 1], higher is better supported, and the verdict."""
        found = self._assistant.check(source, claim, judge=False)
        return found.score, found.verdict


class ModelJudge:
    """An LLM, asked about one sentence at a time, in the words of the shipped prompt."""

    def __init__(self, name: str, settings: Settings) -> None:
        """Opens the LLM called ``name``.

        Raises:
            ModelError: it cannot be opened.
        """
        self._judge = assistant.open_judge(name, settings)

    @property
    def name(self) -> str:
        """The model."""
        return self._judge.name

    @property
    def prompt(self) -> str:
        """Version and SHA-256 of the prompt."""
        return self._judge.reference

    def supports(self, claim: str, quotes: Sequence[str]) -> bool | None:
        """Returns what the LLM says; None where it is away or its reply cannot be read."""
        try:
            label = self._judge.judge_quotes(claim, quotes)
        except ModelError:
            return None
        return None if label is None else label == "supported"


class EvaluatorJudge:
    """An evaluator of LlamaIndex, such as ``FaithfulnessEvaluator``, as a judge."""

    prompt = ""

    def __init__(self, evaluator: BaseEvaluator) -> None:
        self._evaluator = evaluator
        self.name = f"llama_index:{type(evaluator).__name__}"

    def supports(self, claim: str, quotes: Sequence[str]) -> bool | None:
        """Returns whether the evaluator passes the claim with the quotes as its contexts."""

        def evaluated() -> bool | None:
            given = self._evaluator.aevaluate(query=claim, response=claim, contexts=list(quotes))
            return asyncio.run(given).passing

        # In a thread of its own, since a notebook's has an event loop that is running.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(evaluated).result()


class RememberedJudge:
    """Another judge, whose judgements are kept in a file by what was judged.

    A key holds the judge's name and prompt, the claim and the quotes, so that a run over the same
    answers asks nobody. What failed is not kept. ``n_asked`` counts what had to be asked.
    """

    def __init__(self, judge: SupportJudge, path: Path) -> None:
        self._judge = judge
        self._lock = threading.Lock()
        make_folder(path.parent)
        make_file(path)
        self._file = sqlite3.connect(path, check_same_thread=False)
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS judgements (key TEXT PRIMARY KEY, supported INTEGER)"
        )
        self.n_asked = 0

    @property
    def name(self) -> str:
        """The judge's name."""
        return self._judge.name

    @property
    def prompt(self) -> str:
        """The judge's prompt."""
        return self._judge.prompt

    def supports(self, claim: str, quotes: Sequence[str]) -> bool | None:
        """Returns what the judge says, or said before."""
        content = json.dumps([self.name, self.prompt, claim, list(quotes)])
        key = hashlib.sha256(content.encode()).hexdigest()
        with self._lock:
            kept = self._file.execute(
                "SELECT supported FROM judgements WHERE key = ?", (key,)
            ).fetchone()
        if kept is not None:
            return bool(kept[0])
        found = self._judge.supports(claim, quotes)
        with self._lock, self._file:
            self.n_asked += 1
            if found is not None:
                self._file.execute(
                    "INSERT OR REPLACE INTO judgements VALUES (?, ?)", (key, int(found))
                )
        return found

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def open_judge(name: str, settings: Settings, asked: Assistant) -> SupportJudge:
    """Returns the judge of that name: 'checker', or an LLM named as in the settings.

    An LLM's judgements are kept in the home folder.

    Raises:
        SettingsError: there is no such judge.
        ModelError: its model cannot be opened.
    """
    if name == CHECKER:
        return CheckerJudge(asked)
    return RememberedJudge(ModelJudge(name, settings), settings.home / CACHE_FILE)
