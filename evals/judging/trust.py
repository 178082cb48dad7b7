"""How far the judge of a run can be trusted: what it sees, and whether it agrees with people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from assistant_evals.cases.cases import Asked, Case
from assistant_evals.cases.disputes import Dispute
from assistant_evals.judging.judges import CheckerJudge, SupportJudge
from assistant_evals.judging.labelled_pairs import (
    Pair,
    PairJudge,
    judge_pairs,
    read_own_pairs,
)
from assistant_evals.judging.mutations import (
    CitedSentence,
    describe_unseen,
    list_cited_sentences,
    make_nearest,
    run_mutations,
)
from assistant_evals.metrics.groundedness import BORNE_OUT
from assistant_evals.metrics.label_agreement import cohen_kappa
from assistant_evals.metrics.rounding import round_value, round_values

from assistant import Assistant

MAX_SPOILT = 120
"""Sentences of the run that are spoilt; with so many an area is sure to about .03."""


def make_untried() -> dict[str, Any]:
    """Returns what a report holds where the check was not tried."""
    return {"mutations": [], "unseen": [], "pairs": [], "agreement": None}


def measure_trust(
    assistant: Assistant,
    cases: Sequence[Case],
    asked: Sequence[Asked],
    checker: CheckerJudge,
    seed: int,
) -> dict[str, Any]:
    """Returns mutation tests on the run's own sentences, and the shipped labelled pairs."""
    papers = assistant.papers()
    answers = [
        one.answer
        for case, one in zip(cases, asked, strict=True)
        if one.answer is not None and case.poisoned is None
    ]
    sentences = sample(list_cited_sentences(answers, papers), seed)
    results = run_mutations(
        sentences,
        papers,
        make_nearest(papers, assistant.search),
        lambda claim, sources: checker.score("\n".join(sources), claim)[0],
        seed=seed,
    )
    own = judge_pairs("own_grounding", read_own_pairs(), checker.score, seed=seed)
    return {
        "mutations": [round_values(dict(result)) for result in results],
        "unseen": describe_unseen(results),
        "pairs": [round_values(own)],
        "agreement": None,
    }


def sample(sentences: Sequence[CitedSentence], seed: int) -> list[CitedSentence]:
    """Returns up to ``MAX_SPOILT`` of the sentences, chosen by ``seed`` and what they say."""

    def rank(sentence: CitedSentence) -> bytes:
        return hashlib.sha256(f"{seed} {sentence.paper_id} {sentence.text}".encode()).digest()

    chosen = set(sorted(sentences, key=rank)[:MAX_SPOILT])
    return [sentence for sentence in sentences if sentence in chosen]


def use_judge(judge: SupportJudge) -> PairJudge:
    """Returns any judge as one of labelled pairs: its score is 1 or 0, and its verdict alike."""

    def asked(source: str, claim: str) -> Any:
        supports = judge.supports(claim, [source])
        if supports is None:
            return None
        return float(supports), "supported" if supports else "unsupported"

    return asked


def measure_agreement(asked: Sequence[Asked], judge: SupportJudge) -> dict[str, Any]:
    """Returns how a judge agrees with the verdicts that the answers carry, as JSON types.

    Each sentence that cites something is judged by its quotes, once. ``n_errors`` counts those
    on which there was no judgement. ``supported`` are the shares that either finds supported.
    """
    sentences = {
        (sentence.text, tuple(citation.quote for citation in sentence.citations)): sentence
        for one in asked
        if one.answer is not None and not one.answer.abstained
        for sentence in one.answer.sentences
        if sentence.citations
    }
    judged = [(judge.supports(*key), s.verdict in BORNE_OUT) for key, s in sentences.items()]
    pairs = [(said, own) for said, own in judged if said is not None]
    said, own = [a for a, _ in pairs], [b for _, b in pairs]
    return {
        "judge": judge.name,
        "prompt": judge.prompt,
        "kappa": round_value(cohen_kappa(said, own)),
        "n": len(pairs),
        "n_errors": len(judged) - len(pairs),
        "supported": {
            "judge": round_value(sum(said) / len(said)) if said else None,
            "checker": round_value(sum(own) / len(own)) if own else None,
        },
    }


def make_pairs(disputes: Sequence[Dispute]) -> list[Pair]:
    """Returns what readers of the page said of sentences, as labelled pairs.

    A sentence that was praised counts as borne out by the abstracts that its answer cites, one
    that was disputed as not.
    """
    return [
        Pair(
            "\n".join(source.abstract for source in row.sources),
            row.sentence.text,
            int(row.rating == "up"),
            kind="praised" if row.rating == "up" else "disputed",
        )
        for row in disputes
        if row.sources and row.sentence.text.strip()
    ]
