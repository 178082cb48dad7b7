"""Judges: what they say, what is remembered of it, and how they agree."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from assistant_evals.cases.disputes import Dispute
from assistant_evals.judging.judges import CheckerJudge, EvaluatorJudge, RememberedJudge, open_judge
from assistant_evals.judging.trust import make_pairs, measure_agreement, use_judge
from llama_index.core.evaluation import BaseEvaluator, EvaluationResult

from assistant import Assistant, AssistantError, Sentence
from assistant.configured_models import ConfiguredModels
from assistant.grounding.checker import Checker
from assistant.grounding.claims import check_claim
from assistant.settings import load_settings
from tests.unit.evals.made_cases import HERONS, OWLS, answer, asked, declined


class Strict:
    """Supports what is quoted word for word; says nothing of questions."""

    name = "strict"
    prompt = "v1:abc"

    def __init__(self) -> None:
        self.n_asked = 0

    def supports(self, claim: str, quotes: Sequence[str]) -> bool | None:
        self.n_asked += 1
        return None if claim.endswith("?") else claim in quotes


class OfflineAssistant(Assistant):
    """Checks claims by their words, with no library and no model."""

    def __init__(self) -> None:
        """Opens nothing."""

    def check(self, source: str, claim: str, *, judge: bool = True) -> Sentence:
        """Returns the claim with its verdict."""
        assert not judge
        return check_claim(Checker(), source, claim)


def test_the_checker_takes_a_quotation_at_its_word() -> None:
    judge = CheckerJudge(OfflineAssistant())
    assert judge.supports("Herons fish at dawn.", ["x", " Herons fish at dawn. "])
    assert not judge.supports("Herons fish at 17 lakes.", ["Herons fish at 40 lakes."])


def test_judgements_are_kept_by_what_was_judged(tmp_path: Path) -> None:
    path = tmp_path / "judgements.sqlite"
    strict = Strict()
    judge = RememberedJudge(strict, path)
    assert judge.supports("a", ["a"]) is True
    assert judge.supports("a", ["b"]) is False
    assert judge.supports("a?", ["a"]) is None
    judge.close()
    again = RememberedJudge(strict, path)
    assert again.supports("a", ["a"]) is True
    assert again.supports("a", ["b"]) is False
    assert (strict.n_asked, again.n_asked) == (3, 0)
    # What failed is asked again, and so is what another prompt is to judge.
    assert again.supports("a?", ["a"]) is None
    strict.prompt = "v2:def"
    assert again.supports("a", ["a"]) is True
    assert (strict.n_asked, again.n_asked) == (5, 2)
    again.close()


class Passes(BaseEvaluator):
    """An evaluator of LlamaIndex that passes what is in a context."""

    def _get_prompts(self) -> dict[str, Any]:
        return {}

    def _update_prompts(self, prompts: dict[str, Any]) -> None:
        """Has none."""

    async def aevaluate(self, *_: Any, **given: Any) -> EvaluationResult:
        contexts = given["contexts"]
        return EvaluationResult(passing=any(given["response"] in text for text in contexts))


def test_an_evaluator_of_llama_index_is_a_judge() -> None:
    judge = EvaluatorJudge(Passes())
    assert judge.name == "llama_index:Passes"
    assert judge.supports("mice", ["Owls hear mice."]) is True
    assert judge.supports("rats", ["Owls hear mice."]) is False

    async def in_a_notebook() -> bool | None:
        return judge.supports("mice", ["Owls hear mice."])

    assert asyncio.run(in_a_notebook()) is True


@pytest.mark.parametrize("name", ["oracle", "openai:", "gguf", ""])
def test_there_is_no_other_judge(name: str, home: Path) -> None:
    with pytest.raises(AssistantError, match=f"no judge '{name}'"):
        open_judge(name, load_settings(home=home), ConfiguredModels(load_settings(home=home)))


def test_agreement_by_hand() -> None:
    found = measure_agreement(
        [asked(answer(HERONS, OWLS)), asked(answer(HERONS)), asked(declined()), asked(None)],
        Strict(),
    )
    # Both say yes to herons, which counts once; only the checker does to owls.
    assert (found["n"], found["n_errors"]) == (2, 0)
    assert found["supported"] == {"judge": 0.5, "checker": 1.0}
    assert found["kappa"] == 0.0
    assert (found["judge"], found["prompt"]) == ("strict", "v1:abc")


def test_a_judge_of_labels_scores_one_or_nothing() -> None:
    told = use_judge(Strict())
    assert told("a", "a") == (1.0, "supported")
    assert told("a", "b") == (0.0, "unsupported")
    assert told("a", "b?") is None


def test_what_readers_rated_are_labelled_pairs() -> None:
    def row(rating: str) -> Dispute:
        return Dispute.model_validate(
            {
                "schema": 1,
                "created": "2026-01-01T00:00:00Z",
                "rating": rating,
                "comment": "",
                "library": "l",
                "question": "q",
                "standalone_question": "q",
                "sentence": {"text": "Herons fish.", "verdict": "supported", "score": 0.9},
                "sentence_index": 0,
                "sources": [
                    {"paper_id": "heron", "title": "T", "abstract": "Herons fish at dawn."}
                ],
                "answer": {},
            }
        )

    good, bad = make_pairs([row("up"), row("down")])
    assert (good.source, good.claim, good.label) == ("Herons fish at dawn.", "Herons fish.", 1)
    assert (bad.label, bad.kind) == (0, "disputed")
