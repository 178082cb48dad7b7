"""How far the judge of a run can be trusted: what it sees, and whether it agrees with people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from assistant_evals.asking import Asked
from assistant_evals.case_values import BORNE_OUT
from assistant_evals.cases import Case
from assistant_evals.disputes import Dispute
from assistant_evals.judges import CheckerJudge, Judge
from assistant_evals.label_agreement import cohen_kappa
from assistant_evals.labelled_pairs import (
    Pair,
    PairJudge,
    judge_pairs,
    own_pairs,
)
from assistant_evals.mutations import (
    CitedSentence,
    cited_sentences,
    nearest_by_search,
    run_mutations,
    score_of,
    unseen,
)
from assistant_evals.rounding import rounded, rounded_all

from assistant import Assistant

MAX_SPOILT = 120
"""Sentences of the run that are spoilt; with so many an area is sure to about .03."""


def trust_in(
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
    sentences = sampled(cited_sentences(answers, papers), seed)
    results = run_mutations(
        sentences,
        papers,
        nearest_by_search(papers, assistant.search),
        score_of(checker.checker),
        seed=seed,
    )
    own = judge_pairs("own_grounding", own_pairs(), of_checker(checker), seed=seed)
    return {
        "mutations": [rounded_all(dict(result)) for result in results],
        "unseen": unseen(results),
        "pairs": [rounded_all(own)],
        "agreement": None,
    }


def sampled(sentences: Sequence[CitedSentence], seed: int) -> list[CitedSentence]:
    """Returns up to ``MAX_SPOILT`` of the sentences, chosen by ``seed`` and what they say."""

    def rank(sentence: CitedSentence) -> bytes:
        return hashlib.sha256(f"{seed} {sentence.paper_id} {sentence.text}".encode()).digest()

    chosen = set(sorted(sentences, key=rank)[:MAX_SPOILT])
    return [sentence for sentence in sentences if sentence in chosen]


def of_checker(checker: CheckerJudge) -> PairJudge:
    """Returns the checker as a judge of labelled pairs."""

    def judge(source: str, claim: str) -> Any:
        return checker.score(source, claim)

    return judge


def of_judge(judge: Judge) -> PairJudge:
    """Returns any judge as one of labelled pairs: its score is 1 or 0, and its verdict alike."""

    def asked(source: str, claim: str) -> Any:
        supports = judge.supports(claim, [source])
        if supports is None:
            return None
        return float(supports), "supported" if supports else "unsupported"

    return asked


def agreement(asked: Sequence[Asked], judge: Judge) -> dict[str, Any]:
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
        "kappa": rounded(cohen_kappa(said, own)),
        "n": len(pairs),
        "n_errors": len(judged) - len(pairs),
        "supported": {
            "judge": rounded(sum(said) / len(said)) if said else None,
            "checker": rounded(sum(own) / len(own)) if own else None,
        },
    }


def pairs_of(disputes: Sequence[Dispute]) -> list[Pair]:
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
