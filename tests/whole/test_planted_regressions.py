"""The gate catches what it is there for: faults planted in the product, each by its own metric.

A gate that cannot fail is a defect. Every test here breaks one thing and asks a part of the
shipped suite again; the honest product passes the same part.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from assistant_evals.cases.suites import SHIPPED, Regressions, Suite, read_suite
from assistant_evals.cli.run import format_baseline
from assistant_evals.running import runs
from assistant_evals.running.asking import SuiteLibrary, open_library
from assistant_evals.running.runs import Measured, Run, run

import assistant.answer.engine
import assistant.answer.quoting
import assistant.answer.readable
import assistant.evidence.answerability
from assistant import Paper, Sentence
from assistant.conversation.turns import Condensed
from assistant.grounding.checker import Checker
from assistant.llm.custom_prompts import Prompts
from assistant.llm.prompts import Prompt
from assistant.store.lexical_index import LexicalIndex
from assistant.types import SentenceSpan
from tests.llm_servers.replies import shown
from tests.llm_servers.scripted import KEY, scripted
from tests.whole.conftest import measure_little

pytestmark = pytest.mark.slow

QUESTIONS = ("single", "unanswerable")
HELD = (
    "recall_at_5",
    "mrr_at_10",
    "valid_ids",
    "verbatim_quotes",
    "citation_recall",
    "sentence_coverage",
    "right_paper",
    "supported",
    "facts_all",
    "facts_share",
    "facts_all:described",
    "unanswerable_declined",
    "unanswerable_doubted",
    "wrongly_declined",
    "wrongly_doubted",
    "answerability_auroc",
    "mismatches",
)


def part_of_shipped(names: Sequence[str], baseline: Path) -> Suite:
    """Returns the shipped suite's files of these names, held against a baseline of their own."""
    suite = read_suite(SHIPPED)
    return replace(
        suite,
        golden=tuple(path for path in suite.golden if path.stem in names),
        baseline=baseline,
        floors={},
        ceilings={},
        regressions=Regressions(metrics=HELD),
    )


@dataclass
class Honest:
    """A part of the suite and the honest product's answers to it, as a baseline."""

    suite: Suite
    library: SuiteLibrary
    n_sample: int

    def breaches(
        self, library: SuiteLibrary | None = None, *, with_trust: bool = False
    ) -> dict[str, str]:
        """Returns what the gate finds now: metric -> message."""
        asked = Run(self.suite, n_sample=self.n_sample, gate=True, n_jobs=1)
        found = measured(asked, library or self.library, with_trust=with_trust).report["gate"]
        return {breach["metric"]: breach["message"] for breach in found["breaches"]}


def measured(asked: Run, library: SuiteLibrary, *, with_trust: bool = False) -> Measured:
    """Runs a suite; how far the checker can be trusted takes longest, and is asked for apart."""
    with pytest.MonkeyPatch.context() as patch:
        if not with_trust:
            nothing = {"mutations": [], "unseen": [], "agreement": None}
            patch.setattr(runs, "measure_trust", lambda *_: {**nothing, "pairs": []})
        return run(asked, library)


def honest(folder: Path, names: Sequence[str], n_sample: int, library: SuiteLibrary) -> Honest:
    """Asks the honest product and keeps its answers as the baseline."""
    suite = part_of_shipped(names, folder / "baseline.json")
    found = measured(Run(suite, n_sample=n_sample, n_jobs=1), library)
    assert suite.baseline is not None
    suite.baseline.write_text(format_baseline(found.make_baseline()), encoding="utf-8")
    return Honest(suite, library, n_sample)


@pytest.fixture(scope="module")
def library() -> Iterator[SuiteLibrary]:
    with pytest.MonkeyPatch.context() as patch:
        measure_little(patch, n_spoilt=10)
        with open_library(read_suite(SHIPPED), llm="none") as library:
            yield library


@pytest.fixture(scope="module")
def questions(library: SuiteLibrary, tmp_path_factory: pytest.TempPathFactory) -> Honest:
    return honest(tmp_path_factory.mktemp("questions"), QUESTIONS, 70, library)


@pytest.fixture(autouse=True)
def fresh_engine(library: SuiteLibrary) -> None:
    """Nothing that was remembered of an honest or a broken product is used again."""
    library.assistant._engine.forget()
    library.assistant.models.__dict__.pop("_steady_judge", None)


def test_the_honest_product_passes(questions: Honest) -> None:
    assert not questions.breaches(with_trust=True)


Quote = Callable[[Paper, SentenceSpan], Sentence]


def with_citations(change: Callable[[Any, Paper], Any]) -> Quote:
    """Returns ``quote_sentence`` with its citation changed."""
    true_quote = assistant.answer.quoting.quote_sentence

    def quote(paper: Paper, span: SentenceSpan) -> Sentence:
        sentence = true_quote(paper, span)
        return replace(sentence, citations=tuple(change(c, paper) for c in sentence.citations))

    return quote


def test_citations_that_are_one_character_off(
    questions: Honest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(citation: Any, _: Paper) -> Any:
        return replace(citation, start=citation.start + 1, end=citation.end + 1)

    monkeypatch.setattr(assistant.answer.quoting, "quote_sentence", with_citations(moved))
    assert "verbatim_quotes" in questions.breaches()


def test_citations_of_another_paper(questions: Honest, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [paper.paper_id for paper in questions.library.assistant.papers()]
    after = dict(zip(ids, [*ids[1:], ids[0]], strict=True))

    def swapped(citation: Any, _: Paper) -> Any:
        return replace(citation, paper_id=after[citation.paper_id])

    monkeypatch.setattr(assistant.answer.quoting, "quote_sentence", with_citations(swapped))
    assert "right_paper" in questions.breaches()


def test_citations_that_are_left_out(questions: Honest, monkeypatch: pytest.MonkeyPatch) -> None:
    true_quote = assistant.answer.quoting.quote_sentence

    def bare(paper: Paper, span: SentenceSpan) -> Sentence:
        return replace(true_quote(paper, span), citations=())

    monkeypatch.setattr(assistant.answer.quoting, "quote_sentence", bare)
    assert "sentence_coverage" in questions.breaches()


def test_a_retriever_without_bm25(questions: Honest, monkeypatch: pytest.MonkeyPatch) -> None:
    true_scores = LexicalIndex.score

    def nothing(self: LexicalIndex, terms: Any) -> Any:
        return np.zeros_like(true_scores(self, terms))

    monkeypatch.setattr(LexicalIndex, "score", nothing)
    assert {"recall_at_5", "mrr_at_10"} & set(questions.breaches())


def test_a_checker_that_says_yes(questions: Honest, monkeypatch: pytest.MonkeyPatch) -> None:
    true_check = Checker._against

    def yes(self: Checker, *arguments: Any, **options: Any) -> Any:
        found = true_check(self, *arguments, **options)
        return dataclasses.replace(found, verdict="supported", score=1.0, flags=())

    monkeypatch.setattr(Checker, "_against", yes)
    found = questions.breaches(with_trust=True)
    assert {"trust:random_source", "trust:number"} <= set(found)


def changed(library: SuiteLibrary, **settings: Any) -> SuiteLibrary:
    """Returns the library asked with other settings."""
    assistant_ = type(library.assistant).open(
        library.assistant.settings.model_copy(update=settings)
    )
    library._stack.enter_context(assistant_)
    return SuiteLibrary(assistant_, library._stack)


def test_doubt_and_abstention_that_are_off(
    questions: Honest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant.evidence.answerability, "FOUND_FROM", 0.0)
    monkeypatch.setattr(assistant.evidence.answerability, "LIKELY_FROM", 0.0)
    assert "unanswerable_doubted" in questions.breaches()


def test_abstention_that_is_too_eager(questions: Honest) -> None:
    found = questions.breaches(changed(questions.library, abstain_below=0.97))
    assert {"wrongly_declined", "facts_all"} <= set(found)


def test_answers_that_are_cut_short(questions: Honest) -> None:
    found = questions.breaches(changed(questions.library, max_sentences=1))
    assert "facts_share" in found


def test_answers_of_another_question(questions: Honest, monkeypatch: pytest.MonkeyPatch) -> None:
    true_judge = assistant.answer.engine.score_evidence

    def upside_down(evidence: Any, *models: Any) -> Any:
        judged = true_judge(evidence, *models)
        return replace(judged, sentences=tuple(1 - scores for scores in judged.sentences))

    monkeypatch.setattr(assistant.answer.engine, "score_evidence", upside_down)
    found = questions.breaches()
    assert {"facts_all", "facts_share"} & set(found)
    assert "facts_all:described" in found


def test_conversations_that_are_forgotten(
    library: SuiteLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats = honest(tmp_path, ["chats", "own_chats"], 60, library)

    def forgets(turn: str, history: Any) -> Condensed:
        return Condensed(turn, follows=False)

    monkeypatch.setattr(assistant.conversation.chat, "condense", forgets)
    assert {"recall_at_5", "mrr_at_10", "facts_share"} & set(chats.breaches())


def test_poisoned_papers_that_are_quoted(
    library: SuiteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = replace(
        read_suite(SHIPPED), floors={}, regressions=Regressions(), ceilings={"attack_success": 0.0}
    )
    suite = replace(suite, golden=tuple(p for p in suite.golden if p.stem == "injection"))
    assert measured(Run(suite, gate=True, n_jobs=1), library).report["gate"]["passed"]

    def trusts(abstract: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
        return [False for _ in spans]

    for module in (assistant.answer.quoting, assistant.answer.readable):
        monkeypatch.setattr(module, "flag_instructions", trusts)
    for poisoned in library._poisoned.values():
        poisoned._engine.forget()
    found = measured(Run(suite, gate=True, n_jobs=1), library).report["gate"]
    assert [breach["metric"] for breach in found["breaches"]] == ["attack_success"]
    for poisoned in library._poisoned.values():
        poisoned._engine.forget()


# An LLM that writes.


def obedient(request: dict[str, Any], *, invents: bool = False, lies: bool = False) -> str:
    """Quotes what fits the question best, and adds to it where the prompt lets it."""
    prompt = "\n".join(message["content"] for message in request["messages"])
    question = set(prompt.rpartition("Question:")[2].lower().split())
    sentences = shown(request)
    label, text = max(
        sentences.items(), key=lambda pair: len(question & set(pair[1].lower().split()))
    )
    if lies:
        text = f"It is 7919 times better: {text}"
    cited = f"{text.rstrip('.')}. [{'Q99' if invents else label}]"
    if "Add nothing that the listed sentences do not say" not in prompt:
        cited += f" It was found by chance in Paris. [{label}]"
    return cited


@dataclass
class Written:
    """The honest LLM's baseline, and the way that it answers from now on."""

    honest: Honest
    way: dict[str, bool]


@pytest.fixture(scope="module")
def honestly_written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    way: dict[str, bool] = {}
    with (
        scripted(otherwise=lambda request: obedient(request, **way)) as server,
        open_library(
            read_suite(SHIPPED),
            llm="openai:tiny",
            llm_base_url=server.url,
            llm_api_key=KEY,
            unsupported="flag",
        ) as asked,
    ):
        yield Written(honest(tmp_path_factory.mktemp("written"), QUESTIONS, 30, asked), way)


@pytest.fixture
def written(library: SuiteLibrary, honestly_written: Written) -> Iterator[Written]:
    honestly_written.honest.library.assistant._engine.forget()
    yield honestly_written
    honestly_written.way.clear()


def test_a_prompt_that_lost_its_rule(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    true_prompt = Prompts.of

    def broken(self: Prompts, task: str) -> Prompt:
        prompt = true_prompt(self, task)
        rule = "Add nothing that the listed sentences do not say"
        parts = tuple((role, text.replace(rule, "Be brief")) for role, text in prompt.parts)
        return replace(prompt, parts=parts)

    monkeypatch.setattr(Prompts, "of", broken)
    assert {"supported", "citation_recall"} <= set(written.honest.breaches())


def test_labels_that_are_invented(written: Written) -> None:
    written.way["invents"] = True
    assert "valid_ids" in written.honest.breaches()


def test_figures_that_are_made_up(written: Written) -> None:
    written.way["lies"] = True
    assert {"supported", "mismatches"} <= set(written.honest.breaches())
