"""One saved chat as the page holds it: its turns, their ratings, and what it shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from assistant_ui.chat.turn_view import FindPaper, turn_view
from assistant_ui.parts.file_formats import make_file

from assistant import Answer, AnswerFormat, Assistant, Chat, QuestionError, export_answers

EXPORTS = ("markdown", "csv", "bibtex", "ris", "csl")
"""The formats that an answer can be saved in."""


class PageChat:
    """A chat with its ratings and the questions suggested in place of declined ones.

    The record is that of ``Chat.to_dict`` with ``page`` beside it, so that each answer keeps its
    own sources, ratings and suggestions wherever it is opened again.
    """

    def __init__(
        self,
        chat: Chat,
        ratings: dict[str, dict[str, str]] | None = None,
        suggestions: dict[str, list[str]] | None = None,
    ) -> None:
        """Goes on with ``chat``; ratings and suggestions are by the index of their turn."""
        self.chat = chat
        self._ratings = ratings or {}
        self._suggestions = suggestions or {}

    @classmethod
    def from_record(
        cls, assistant: Assistant, record: dict[str, Any], n_turns: int | None = None
    ) -> PageChat:
        """Returns the chat that ``to_record`` wrote, or its first ``n_turns`` turns.

        Raises:
            QuestionError: the record is not one that this version reads.
        """
        turns = record.get("turns")
        kept = turns[:n_turns] if isinstance(turns, list) else turns
        chat = Chat.from_dict(assistant, {**record, "turns": kept})
        page = record.get("page")
        page = page if isinstance(page, dict) else {}
        n_kept = len(chat.turns)
        return cls(
            chat,
            {
                turn: {i: r for i, r in ratings.items() if r in ("up", "down")}
                for turn, ratings in _of_turns(page.get("ratings"), n_kept).items()
                if isinstance(ratings, dict)
            },
            {
                turn: [str(question) for question in questions]
                for turn, questions in _of_turns(page.get("suggestions"), n_kept).items()
                if isinstance(questions, list)
            },
        )

    def to_record(self) -> dict[str, Any]:
        """Returns the chat as JSON types."""
        page = {"ratings": self._ratings, "suggestions": self._suggestions}
        return {**self.chat.to_dict(), "page": page}

    def views(self, find_paper: FindPaper) -> list[dict[str, Any]]:
        """Returns every turn as JSON for the browser."""
        return [self.view(index, find_paper) for index in range(len(self.chat.turns))]

    def view(self, index: int, find_paper: FindPaper) -> dict[str, Any]:
        """Returns one turn as JSON for the browser."""
        return turn_view(
            turn_id(index),
            self.chat.turns[index],
            find_paper,
            ratings={int(i): r for i, r in self._ratings.get(str(index), {}).items()},
            suggestions=self._suggestions.get(str(index), ()),
        )

    def rate(self, index: int, sentence: int, good: bool) -> None:
        """Keeps that a sentence of turn ``index`` was praised or disputed."""
        self._ratings.setdefault(str(index), {})[str(sentence)] = "up" if good else "down"

    def suggest(self, index: int, questions: Sequence[str]) -> None:
        """Keeps what one might ask in place of turn ``index``."""
        self._suggestions[str(index)] = list(questions)

    def answer(self, turn: Any) -> tuple[int, Answer]:
        """Returns the index and the answer of the turn with this id.

        Raises:
            QuestionError: there is none.
        """
        for index, answer in enumerate(self.chat.turns):
            if turn == turn_id(index):
                return index, answer
        raise QuestionError("this answer is not part of the chat any more; reload the page")


def turn_id(index: int) -> str:
    """Returns the id of the turn at ``index``, from 0: 't1', 't2' ..."""
    return f"t{index + 1}"


def save_answers(answers: Sequence[Answer], format: str, name: str) -> dict[str, str]:
    """Returns a file to be saved by the browser: ``name``, ``mime`` and ``text``.

    Raises:
        QuestionError: the format is none of ``EXPORTS``, or nothing is cited.
    """
    if format not in EXPORTS:
        raise QuestionError(f"there is no format {format!r}; choose one of {', '.join(EXPORTS)}")
    cited = any(source.cited for answer in answers for source in answer.sources)
    if format != "markdown" and not cited:
        raise QuestionError("no paper is cited here; ask something that is answered first")
    text = export_answers(answers, cast(AnswerFormat, format))
    return make_file(name, format, text)


def _of_turns(values: Any, n_turns: int) -> dict[str, Any]:
    """Returns what is kept of turns that are there, by the index of the turn."""
    if not isinstance(values, dict):
        return {}
    return {k: v for k, v in values.items() if k.isdecimal() and int(k) < n_turns}
