"""The models that the settings name: each is opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.embeddings.embedder import Embedder, open_embedder
from assistant.errors import SettingsError
from assistant.files.kept import EMBEDDINGS_FILE, JUDGEMENTS_FILE
from assistant.servers.providers import NAMES

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM

    from assistant.answer.survey.judging import PaperJudge
    from assistant.answer.writing.writer import AnswerWriter
    from assistant.grounding.checker import Checker
    from assistant.grounding.judge import LLMJudge
    from assistant.grounding.steady_judge import SteadyJudge
    from assistant.llm.chat_model import ChatModel
    from assistant.llm.custom_prompts import Prompts
    from assistant.llm.judgement_cache import JudgementCache
    from assistant.settings import Settings


class ConfiguredModels:
    """The embedder, the LLM that writes, the LLM that judges, and what is made of them."""

    def __init__(
        self, settings: Settings, embedding: BaseEmbedding | None = None, llm: LLM | None = None
    ) -> None:
        """Uses ``embedding`` and ``llm`` in place of what the settings name, where given."""
        self._settings = settings
        self._embedding = embedding
        self._llm = llm

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder, with its cache."""
        settings = self._settings
        key = settings.embedding_api_key
        return open_embedder(
            settings.embedding,
            base_url=settings.embedding_base_url,
            api_key=key.get_secret_value() if key else None,
            cache_path=settings.home / EMBEDDINGS_FILE,
            override=self._embedding,
            n_threads=settings.threads,
        )

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know of the models that were opened, each a sentence."""
        embedder: Embedder | None = self.__dict__.get("embedder")
        return embedder.notices if embedder else ()

    @cached_property
    def prompts(self) -> Prompts:
        """The prompts in force.

        Raises:
            PromptError: one of the user's own cannot be used.
        """
        from assistant.llm.custom_prompts import Prompts

        return Prompts(self._settings.prompts)

    @cached_property
    def chat(self) -> ChatModel | None:
        """The LLM that writes answers; None where they are quotations."""
        if self._llm is None and self._settings.llm == "none":
            return None
        from assistant.llm.opening import open_chat_model

        return self._with_prompts(open_chat_model(self._settings, self._llm))

    @cached_property
    def judge(self) -> ChatModel | None:
        """The LLM that judges sentences besides the check; None where there is none."""
        if self._settings.judge in ("auto", "none"):
            return None
        from assistant.llm.opening import find_configured_llm, open_named

        if self._llm is None and self._settings.judge == find_configured_llm(self._settings):
            return self.chat
        return self._with_prompts(open_named(self._settings.judge, self._settings))

    def _with_prompts(self, model: ChatModel | None) -> ChatModel | None:
        """Returns ``model``, whose prompts are checked with it: before the first question."""
        if model is not None:
            _ = self.prompts
        return model

    def make_paper_judge(self, idf: Callable[[str], float]) -> PaperJudge | None:
        """Returns what reads the papers of a list, over a library whose terms ``idf`` weighs.

        The LLM that judges, or else the one that answers; None where words decide.
        """
        model = self.chat if self._settings.judge == "auto" else self.judge
        if model is None:
            return None
        from assistant.answer.survey.details import DetailChecker
        from assistant.answer.survey.judging import TASK, PaperJudge

        details = DetailChecker(self.make_checker(idf, judge=False))
        return PaperJudge(model, self.prompts.of(TASK), self._judgements, details)

    @cached_property
    def _judgements(self) -> JudgementCache:
        from assistant.llm.judgement_cache import JudgementCache

        return JudgementCache(self._settings.home / JUDGEMENTS_FILE)

    @cached_property
    def _steady_judge(self) -> SteadyJudge | None:
        if self.judge is None:
            return None
        from assistant.grounding.judge import TASK
        from assistant.grounding.steady_judge import SteadyJudge

        return SteadyJudge(self.judge, self.prompts.of(TASK))

    def make_checker(
        self, idf: Callable[[str], float] | None = None, *, judge: bool = True
    ) -> Checker:
        """Returns the groundedness checker; ``idf`` weighs terms by a library, if there is one.

        With ``judge``, the LLM that judges is asked as well, where the settings name one.
        """
        from assistant.evidence.injection import flag_instructions
        from assistant.grounding.checker import Checker

        steady_judge = self._steady_judge if judge else None
        return Checker(
            idf=idf,
            words=self.embedder.words,
            judge=steady_judge,
            flag_suspect=flag_instructions,
        )

    def make_writer(self, idf: Callable[[str], float]) -> AnswerWriter | None:
        """Returns what writes answers over a library whose terms ``idf`` weighs, if anything."""
        if self.chat is None:
            return None
        self.chat.load_ahead()
        from assistant.answer.writing.writer import AnswerWriter

        return AnswerWriter(
            self.chat,
            self.prompts,
            self.make_checker(idf),
            self._settings.unsupported,
            self._settings.llm_context,
            self._steady_judge,
        )

    def load_ahead(self) -> None:
        """Begins to load a local LLM, beside whatever goes on."""
        if self.chat is not None:
            self.chat.load_ahead()

    def hang_up(self) -> None:
        """Breaks off what the LLMs that were opened are writing."""
        for name in ("chat", "judge"):
            model = self.__dict__.get(name)
            if model is not None:
                model.close()

    def close(self) -> None:
        """Frees the models that were opened."""
        self.__dict__.pop("_steady_judge", None)
        for name in ("embedder", "chat", "judge", "_judgements"):
            model = self.__dict__.pop(name, None)
            if model is not None:
                model.close()


def open_judge(name: str, settings: Settings) -> LLMJudge:
    """Returns the LLM called ``name``, as the settings name one, as a judge of claims.

    Raises:
        SettingsError: there is no such model, or its settings cannot be used.
        ModelError: the model cannot be opened.
    """
    from assistant.grounding.judge import TASK, LLMJudge
    from assistant.llm.custom_prompts import Prompts
    from assistant.llm.fencing import neutralise
    from assistant.llm.opening import open_named

    model = open_named(name, settings)
    if model is None:
        raise SettingsError(f"there is no judge {name!r}; an LLM is named {NAMES}")
    return LLMJudge(model, Prompts(settings.prompts).of(TASK), shown=neutralise)
