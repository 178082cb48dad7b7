"""Measures follow-ups: conversations asked of the whole product, turn after turn.

    python -m assistant_evals.lab.chats [--papers FEED] [--sets golden seen held] [--llm gguf:FILE]

Each follow-up is asked as typed, joined to the turn before, condensed by the rules as
``Assistant.chat`` does, and, with ``--llm``, by an LLM; the answers are quotations throughout. Each
reading is a conversation of its own: what a turn follows is what that conversation really answered.
The golden conversations and half of our own ("seen") were before the eyes of who wrote the rules;
the other half ("held") was written before the rules. No rule was shaped on a turn of it, but its
totals were looked at twice, and its failures once, before the last two changes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant_evals.cases.golden_rows import GoldenChat, GoldenTurn
from assistant_evals.lab.flat_library import papers_of, renamed_like
from assistant_evals.lab.golden_sets import load_chats
from assistant_evals.metrics.case_statistics import mean_of
from assistant_evals.metrics.facts import share_of_facts
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant import Answer, Assistant
from assistant.conversation.chat import CONDENSE, make_turn
from assistant.conversation.follow_ups import condense
from assistant.conversation.rewriting import rewrite
from assistant.conversation.turns import PastTurn
from assistant.llm.chat_model import ChatModel
from assistant.llm.opening import open_named
from assistant.llm.prompts import load
from assistant.starter.papers import locate_starter

Reading = Callable[[str, Sequence[PastTurn]], str]
"""How a turn is read: the turn as typed, what went before -> the question that is asked."""


def as_typed(turn: str, _history: Sequence[PastTurn]) -> str:
    """Returns the turn as it is."""
    return turn


def joined(turn: str, history: Sequence[PastTurn]) -> str:
    """Returns the turn with the one before it, as typed, in front."""
    return f"{history[-1].question} {turn}" if history else turn


def by_rule(turn: str, history: Sequence[PastTurn]) -> str:
    """Returns what the rules make of the turn."""
    return condense(turn, history).question


def by_llm(model: ChatModel) -> Reading:
    """Returns the reading that ``model`` gives a turn, that of the rules where it gives none."""

    def read(turn: str, history: Sequence[PastTurn]) -> str:
        if not history:
            return turn
        found = rewrite(turn, history, model, load(CONDENSE))
        if found.problem:
            print(f"{turn}\n  by rule: {found.problem}")
        return found.question or by_rule(turn, history)

    return read


READINGS: dict[str, Reading] = {
    "as typed": as_typed,
    "joined": joined,
    "by rule": by_rule,
}


@dataclass(frozen=True, slots=True)
class Followed:
    """A follow-up as it was asked, the paper that search put first, and its answer."""

    golden: GoldenTurn
    asked: str
    first: str
    answer: Answer

    @property
    def found(self) -> float | None:
        """1.0 where a right paper is ranked first; None where there is none."""
        return float(self.first in self.golden.papers) if self.golden.papers else None

    @property
    def cites(self) -> float | None:
        """1.0 where a right paper is cited; None where there is none."""
        cited = {c.paper_id for s in self.answer.sentences for c in s.citations}
        return float(not cited.isdisjoint(self.golden.papers)) if self.golden.papers else None

    @property
    def has_facts(self) -> float | None:
        """1.0 where the answer holds every needed fact; None where none is needed."""
        share = share_of_facts(self.answer.text, self.golden.facts)
        return None if share is None else float(share == 1.0)

    @property
    def declined(self) -> float | None:
        """1.0 where a turn that must be declined is; None for others."""
        return None if self.golden.papers else float(self.answer.abstained)


def follow(assistant: Assistant, chat: GoldenChat, reading: Reading) -> list[Followed]:
    """Returns the later turns of ``chat``, each asked after the answers before it."""

    history: list[PastTurn] = []
    followed: list[Followed] = []
    for golden in chat.turns:
        asked = reading(golden.question, history)
        answer = assistant.ask(asked)
        if history:
            (first,) = assistant.search(asked, 1)
            followed.append(Followed(golden, asked, first.paper.paper_id, answer))
        history.append(replace(make_turn(answer), question=golden.question))
    return followed


def own_chats() -> dict[str, list[GoldenChat]]:
    """Returns our own conversations: those seen while the rules were written, and those held."""
    chats: dict[str, list[GoldenChat]] = {"seen": [], "held": []}
    for chat in load_chats("own_chats"):
        chats[chat.id.split("-")[1]].append(chat)
    return chats


def measure(
    assistant: Assistant,
    sets: Mapping[str, Sequence[GoldenChat]],
    readings: Mapping[str, Reading],
) -> dict[tuple[str, str], list[Followed]]:
    """Returns the follow-ups of each set of conversations under each reading."""
    return {
        (name, called): [
            turn
            for chat in track(chats, f"{name}, {called}", console=Console(stderr=True))
            for turn in follow(assistant, chat, reading)
        ]
        for name, chats in sets.items()
        for called, reading in readings.items()
    }


def main() -> None:
    """Prints the figures over the starter library, or over another list of the same papers."""
    parser = argparse.ArgumentParser(description="Measure follow-ups, end to end.")
    parser.add_argument("--papers", type=Path, help="another text of the starter's papers")
    parser.add_argument("--sets", nargs="+", default=["golden", "seen", "held"])
    parser.add_argument("--readings", nargs="+", default=list(READINGS))
    parser.add_argument("--llm", help="an LLM to read turns too, as the setting of that name")
    parser.add_argument("--show", action="store_true", help="print each turn that went wrong")
    options = parser.parse_args()
    sets = {"golden": load_chats(), **own_chats()}
    chosen = {name: sets[name] for name in options.sets}
    with tempfile.TemporaryDirectory() as home:
        library = "measured" if options.papers else "starter"
        with Assistant.open(
            home=Path(home), library=library, llm="none", create=bool(options.papers)
        ) as assistant:
            if options.papers:
                found = renamed_like(papers_of(options.papers), papers_of(locate_starter()))
                assistant.ingest(found)
            readings = {name: READINGS[name] for name in options.readings}
            if options.llm:
                model = open_named(options.llm, assistant.settings)
                if model is None:
                    parser.error("--llm none reads nothing; name openai:MODEL or gguf:FILE")
                readings[options.llm] = by_llm(model)
            measured = measure(assistant, chosen, readings)
    table = Table("conversations", "read", "found first", "cited", "all facts", "declined", "n")
    for (name, reading), turns in measured.items():
        figures = [
            mean_of([getattr(turn, figure) for turn in turns])
            for figure in ("found", "cites", "has_facts", "declined")
        ]
        shown = ["-" if mean is None else f"{mean:.2f} ({n})" for mean, n in figures]
        table.add_row(name, reading, *shown, str(len(turns)))
        if options.show:
            _show(turns)
    Console(width=100).print(table)


def _show(turns: Sequence[Followed]) -> None:
    for turn in turns:
        wrong = [
            figure
            for figure in ("found", "cites", "has_facts", "declined")
            if getattr(turn, figure) == 0.0
        ]
        if wrong:
            print(f"{turn.golden.question}\n  -> {turn.asked}\n     {', '.join(wrong)}")


if __name__ == "__main__":
    main()
