"""Which models the settings open."""

from __future__ import annotations

from llama_index.core.llms import MockLLM

from assistant.configured_models import ConfiguredModels
from assistant.settings import Settings


def test_auto_judges_lists_with_the_llm_that_writes_and_no_sentence() -> None:
    models = ConfiguredModels(Settings(judge="auto"), llm=MockLLM())
    assert models.judge is None
    judge = models.make_paper_judge(lambda _: 1.0)
    assert judge is not None
    assert judge.model is models.chat


def test_auto_judges_nothing_where_no_llm_writes() -> None:
    models = ConfiguredModels(Settings(judge="auto", llm="none"))
    assert (models.judge, models.make_paper_judge(lambda _: 1.0)) == (None, None)
