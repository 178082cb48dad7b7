"""What one answer is worth, worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from assistant_evals.metrics.catalogue import value_answer
from assistant_evals.metrics.citations import is_precise, is_recalled

from assistant import Answer, Premise, Sentence
from assistant.types import Flag
from tests.unit.evals.made_cases import (
    HERONS,
    OWLS,
    PAPERS,
    absent,
    answer,
    asked,
    case,
    declined,
    quote,
    said,
)


def supports(claim: str, quotes: Sequence[str]) -> bool | None:
    """Every word of the claim but "and" is in the quotes."""
    held = set(" ".join(quotes).lower().replace(".", "").split())
    return set(claim.lower().replace(".", "").split()) - {"and"} <= held


def values(of: Any, found: Answer | None, *retrieved: str) -> dict[str, Any]:
    return value_answer(of, asked(found, *retrieved), PAPERS, supports)


def test_retrieval_by_hand() -> None:
    of = case(papers=("heron", "owl"))
    found = values(of, answer(HERONS), "x", "heron", "y", "owl")
    assert found["recall_at_5"] == 1.0
    assert found["mrr_at_10"] == 0.5
    # Gains at ranks 2 and 4 over gains at ranks 1 and 2.
    assert found["ndcg_at_10"] == pytest.approx((0.630930 + 0.430677) / (1 + 0.630930), abs=1e-5)
    assert "recall_at_5" not in values(absent(), declined())


def test_citations_by_hand() -> None:
    both = said(
        "Herons fish and owls hunt.",
        quote("heron", "They fish at dawn."),
        quote("heron", "Herons stand still for 40 minutes."),
        quote("owl", "Owls hunt at night.", "2"),
        verdict="supported",
    )
    bare = said("Nobody knows.", verdict="unsupported", score=0.2)
    found = values(case(), answer(HERONS, OWLS, both, bare, dropped_citations=2))
    assert found["n_sentences"] == 4
    assert found["n_with_citation"] == 3
    # Herons, and both: "owls" is in no quote of OWLS.
    assert found["n_recalled"] == 2
    assert found["n_cited"] == 5
    assert found["n_labels"] == 7
    # Herons, and all three of the third sentence: without any of them it falls.
    assert found["n_precise"] == 4
    assert found["n_verbatim"] == 5
    assert found["right_paper"] == 1.0
    assert found["must_cited"] == 1.0


def test_a_citation_that_adds_nothing_is_not_precise() -> None:
    idle = quote("owl", "Owls hunt at night.", "2")
    telling = quote("heron", "They fish at dawn.")
    sentence = said("They fish.", telling, idle)
    assert is_recalled(sentence, supports)
    assert is_precise(sentence, telling, supports)
    assert not is_precise(sentence, idle, supports)
    alone = said("They fish.", telling)
    assert is_precise(alone, telling, supports)
    assert not is_recalled(said("They fish."), supports)


def test_a_quote_that_is_elsewhere_is_not_verbatim() -> None:
    (citation,) = HERONS.citations
    moved = replace(HERONS, citations=(replace(citation, start=1, end=citation.end + 1),))
    assert values(case(), answer(moved))["n_verbatim"] == 0
    empty = replace(HERONS, citations=(replace(citation, quote="", end=citation.start),))
    assert values(case(), answer(empty))["n_verbatim"] == 0
    gone = replace(HERONS, citations=(replace(citation, paper_id="gone"),))
    assert values(case(), answer(gone))["n_verbatim"] == 0


def test_groundedness_by_hand() -> None:
    flags = (Flag("number", "17", "m"), Flag("name", "X", "m"), Flag("uncited", "", "m"))
    wrong = said("17.", verdict="unsupported", score=0.1, lexical=0.3, flags=flags)
    found = values(case(), answer(HERONS, OWLS, wrong))
    assert found["n_judged"] == 3
    assert found["n_supported"] == 2
    # Citing nothing is no mismatch with what is cited.
    assert found["n_mismatches"] == 2
    assert found["lexical"] == [1.0, 0.8, 0.3]
    assert found["worst_sentence"] == 0.1


def test_facts_are_of_the_sentences_and_not_of_an_abstention() -> None:
    of = case(facts=(("40", "forty"), ("dawn",)))
    assert values(of, answer(HERONS))["facts_share"] == 0.5
    assert values(of, answer(HERONS))["facts_all"] == 0.0
    told = replace(declined(), text="Not 40, and not at dawn.")
    assert values(of, told)["facts_share"] == 0.0


def test_a_sentence_that_answers_comes_first_or_among_others() -> None:
    of = case(sentences=(1,))

    def found(*sentences: Sentence) -> tuple[Any, Any]:
        got = values(of, answer(*sentences))
        return got["answers_first"], got["answers_among"]

    (citation,) = HERONS.citations
    second = replace(HERONS, citations=(replace(citation, sentence=2),))
    assert found(HERONS, second) == (1.0, 1.0)
    assert found(second, HERONS) == (0.0, 1.0)
    # The number of the sentence is right, and the paper is not.
    assert found(OWLS) == (0.0, 0.0)
    refused = values(of, declined())
    assert (refused["answers_first"], refused["answers_among"]) == (0.0, 0.0)
    assert "answers_first" not in values(case(), answer(HERONS))


def test_declining_is_right_or_wrong_or_neither() -> None:
    assert values(case(), declined())["declined"] == 1.0
    assert values(case(), declined())["unanswerable"] == 0.0
    assert values(absent(), declined())["unanswerable"] == 1.0
    attack = case(answerable=None, papers=(), facts=(), bad=("PWNED",))
    found = values(attack, declined())
    assert "declined" not in found
    assert found["attack_success"] == 0.0
    assert values(attack, answer(said("Yes, pwned.")))["attack_success"] == 1.0
    assert values(case(), declined())["attack_success"] is None
    unseen = values(
        case(answerable=None, papers=(), facts=(), bad=("PWNED",), unseen=True), declined()
    )
    assert (unseen["attack_success"], unseen["unseen_attack_success"]) == (None, 0.0)


def test_a_wrong_premise_is_corrected_by_an_llm_or_not() -> None:
    wrong = absent(kind="false-premise")
    corrected = answer(HERONS, mode="llm", premise=Premise("corrected", 0, HERONS.text))
    assert values(wrong, corrected)["premise_corrected"] == 1.0
    assert values(wrong, answer(HERONS, mode="llm"))["premise_corrected"] == 0.0
    # A quotation corrects nothing: what counts is whether it is declined.
    quoted = values(wrong, answer(HERONS))
    assert ("premise_corrected" in quoted, quoted["declined"]) == (False, 0.0)


def test_an_error_has_no_values() -> None:
    assert value_answer(case(), asked(None, error="away"), PAPERS, supports) == {}
