"""Cases and answers made for tests of what they are worth."""

from __future__ import annotations

import random
from typing import Any

from assistant_evals.cases.cases import Asked, Case
from assistant_evals.metrics.catalogue import METRICS
from assistant_evals.metrics.metric import measure

from assistant import Abstention, Answer, Citation, Paper, Sentence
from assistant.types import Flag, Usage, Verdict

PAPERS = {
    "heron": Paper("heron", "Herons", "Herons stand still for 40 minutes. They fish at dawn."),
    "owl": Paper("owl", "Owls", "Owls hunt at night. They hear mice under snow."),
}


def case(case_id: str = "a", **changes: Any) -> Case:
    """Returns an answerable case about herons, with ``changes``."""
    whole = {
        "kind": "named",
        "group": "golden",
        "question": "How long do herons stand?",
        "answerable": True,
        "digest": "0",
        "papers": ("heron",),
        "facts": (("40", "forty"),),
    }
    return Case(case_id, **{**whole, **changes})


def absent(case_id: str = "n", **changes: Any) -> Case:
    """Returns a case that must be declined."""
    whole = {"kind": "near-miss", "answerable": False, "papers": (), "facts": ()}
    return case(case_id, **{**whole, **changes})


def quote(paper: str, text: str, label: str = "1") -> Citation:
    """Returns a citation of a part of ``PAPERS``; one at 0 that is not there."""
    start = max(0, PAPERS[paper].abstract.find(text))
    return Citation(label, paper, paper.title(), text, start, start + len(text), 1)


def said(
    text: str,
    *citations: Citation,
    verdict: Verdict = "supported",
    score: float = 0.9,
    lexical: float | None = 0.8,
    flags: tuple[Flag, ...] = (),
) -> Sentence:
    """Returns a sentence of an answer."""
    return Sentence(text, verdict, score, citations, flags, lexical)


HERONS = said(
    "Herons stand still for 40 minutes.",
    quote("heron", "Herons stand still for 40 minutes."),
    verdict="verbatim",
    score=1.0,
    lexical=None,
)
OWLS = said("Owls hear mice.", quote("owl", "They hear mice under snow.", "2"))


def answer(*sentences: Sentence, answerability: float = 0.9, **changes: Any) -> Answer:
    """Returns an answer of these sentences."""
    text = " ".join(sentence.text for sentence in sentences)
    whole = {"usage": Usage(100, 20), **changes}
    return Answer("Q?", "Q?", text, answerability, tuple(sentences), **whole)


def declined(answerability: float = 0.1) -> Answer:
    """Returns an abstention."""
    message = "Not in this library."
    gone = Abstention("not_stated", message, ("heron",))
    return Answer("Q?", "Q?", message, answerability, abstention=gone)


def asked(found: Answer | None, *retrieved: str, error: str | None = None) -> Asked:
    """Returns what came of a case."""
    return Asked(found, retrieved or ("heron", "owl"), error, 1.0)


NAMED = {figure.name: figure for figure in METRICS}


def made_values(seed: int, n: int = 120) -> tuple[list[Any], list[Any]]:
    """Returns cases and their values, some without an answer."""
    draw = random.Random(seed)
    cases, values = [], []
    for number in range(n):
        is_absent = draw.random() < 0.4
        cases.append((absent if is_absent else case)(f"c{number}"))
        confidence = round(draw.random() * (0.6 if is_absent else 1.0), 1)
        declined = float(confidence < 0.3)
        own = {"declined": declined, "unanswerable": float(is_absent), "answerability": confidence}
        if not declined:
            n_sentences = draw.randint(1, 4)
            own |= {
                "n_judged": float(n_sentences),
                "n_supported": float(draw.randint(0, n_sentences)),
            }
            own |= {"n_mismatches": float(draw.randint(0, 2))}
        values.append({} if draw.random() < 0.05 else own)
    return cases, values


def mean_value(name: str, cases: list[Any], values: list[Any]) -> Any:
    return measure(NAMED[name], cases, values)["mean"]
