"""An answer in a language model's words: asked for, cited, checked, and mended where it fails.

Joins the steps that answers in a model's words need, as the engine joins the others.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Literal

from assistant.answer.readable import ReadablePaper
from assistant.answer.writing.checked import SentenceChecker
from assistant.answer.writing.draft import (
    DraftReader,
    is_denial,
)
from assistant.answer.writing.request import Request, fit_request
from assistant.answer.writing.revision import describe_failures, read_revision
from assistant.answer.writing.sources import ShownSources
from assistant.answer.writing.written import WrittenAnswer
from assistant.errors import ContextOverflowError, ModelError
from assistant.events import (
    Event,
    Replaced,
)
from assistant.grounding.checker import Checker
from assistant.grounding.steady_judge import SteadyJudge
from assistant.llm.chat_model import ChatModel, Reply
from assistant.llm.custom_prompts import Prompts
from assistant.llm.messages import Finish, Message
from assistant.llm.prompts import Prompt
from assistant.suspects import FAILED
from assistant.text.tokens import make_token_counter
from assistant.types import Sentence

Policy = Literal["flag", "drop", "revise"]

ASSUMED_WINDOW = 8_192
"""Tokens of a context window that nobody tells us of: what local servers give by default or more.
Source: Ollama and llama.cpp's server default to 4,096 or the model's own; current models have 8,192
and more."""

REPLY_TOKENS = 1_500
"""Room for a reply: four sentences are some 200 tokens, the rest is for thoughts that are not
shown."""

FEW_PAPERS = 5
"""Where a window holds fewer of the papers found, that is said.
Source: measured, evals/lab/shown.py: more hold the right one about as often."""

REPLY_SHARE = 0.3
"""Of a small window, at most this share is kept for the reply."""

MAX_EXTRA_SENTENCES = 8
"""A model that goes on this far past what it was asked for is stopped."""

MAX_REFUSAL_CHARS = 600
"""A refusal and the queries after it are shorter; a model that goes on is stopped."""

_UNFINISHED: dict[Finish, str] = {
    "length": "the answer is incomplete: the LLM's reply reached its length limit",
    "cut": "the answer is incomplete: the connection to the LLM broke off",
    "filtered": "the answer is incomplete: a content filter of the LLM's server cut it off",
    "deadline": "the answer is incomplete: the LLM took longer than ASSISTANT_LLM_TIMEOUT allows",
}


class AnswerWriter:
    """Writes answers with one model and checks every sentence of them."""

    def __init__(
        self,
        model: ChatModel,
        prompts: Prompts,
        checker: Checker,
        policy: Policy,
        window: int | None = None,
        judge: SteadyJudge | None = None,
    ) -> None:
        """Writes with ``model``; ``judge`` is the one that ``checker`` asks, if it asks one."""
        self.model = model
        self.prompts = prompts
        self._judge = judge
        self._checker = checker
        self._policy = policy
        self._window = window
        self._count = make_token_counter(model.name)

    def write(
        self,
        question: str,
        papers: Sequence[ReadablePaper],
        max_sentences: int,
        task: str = "answer",
        **variables: str,
    ) -> Generator[Event, None, WrittenAnswer]:
        """Yields what happens while the model answers from ``papers``, best first; returns it all.

        ``task`` is that of the prompt, ``variables`` what it has besides those of "answer".
        Closing the generator stops the model.

        Raises:
            ContextOverflowError: the context window does not hold the question and one abstract.
            ModelError: the model gave no answer at all.
        """
        written = WrittenAnswer()
        judged = self._judge.tokens if self._judge else (0, 0)
        prompt = self.prompts.of(task)
        written.prompts[task] = prompt.reference
        shown: Sequence[ReadablePaper] = papers
        while True:
            request = self._fit(
                prompt, shown, question, max_sentences=str(max_sentences), **variables
            )
            if request.n_left_out:
                n = request.sources.n_papers
                shown = shown[:n]
            try:
                corrects = yield from self._stream_reply(question, request, max_sentences, written)
            except ContextOverflowError:
                if len(shown) == 1:
                    raise
                shown = shown[: len(shown) // 2]
                continue
            if len(shown) < min(len(papers), FEW_PAPERS):
                text = f"the LLM's context window held {len(shown)} of {len(papers)} papers found"
                yield written.add_notice(text)
            break
        yield from self._mend(question, request.sources, written, corrects)
        if self._judge is not None:
            written.prompts["judge"] = self._judge.prompt
            written.prompt_tokens += self._judge.tokens[0] - judged[0]
            written.completion_tokens += self._judge.tokens[1] - judged[1]
            written.one_model = self._judge.name == self.model.name
            if self._judge.fault:
                yield written.add_notice(self._judge.fault)
        return written

    def _fit(
        self, prompt: Prompt, papers: Sequence[ReadablePaper], question: str, **variables: str
    ) -> Request:
        window = self._window or self.model.context_tokens or ASSUMED_WINDOW
        return fit_request(
            prompt,
            papers,
            question,
            window=window,
            reply_tokens=self._limit_reply(window),
            count=self._count,
            **variables,
        )

    def _limit_reply(self, window: int | None = None) -> int:
        window = window or self._window or self.model.context_tokens or ASSUMED_WINDOW
        return min(REPLY_TOKENS, int(window * REPLY_SHARE))

    def _stream_reply(
        self, question: str, request: Request, max_sentences: int, written: WrittenAnswer
    ) -> Generator[Event, None, int | None]:
        """Reads the reply; returns the place of the sentence that corrects the question, if any."""
        labels = request.sources.index_labels()
        draft = DraftReader(labels, request.sources.text)
        check = SentenceChecker(self._checker, request.sources, question)
        reply = self._ask(request.messages)
        n_read = 0
        with closing(reply):
            for piece in reply:
                for happened in draft.feed(piece):
                    yield from check.take(happened)
                n_read += len(piece)
                refused = draft.not_stated and not draft.sentences
                too_long = len(draft.sentences) > max_sentences + MAX_EXTRA_SENTENCES
                if too_long or (refused and (draft.queries or n_read > MAX_REFUSAL_CHARS)):
                    break
        finish: Finish = "stop" if draft.not_stated else reply.finish or "length"
        check.unfinished = finish != "stop"
        for happened in draft.finish():
            yield from check.take(happened)
        written.add_tokens(reply)
        written.sentences = check.sentences
        written.n_begun = len(draft.sentences)
        written.not_stated = draft.not_stated
        written.queries = draft.queries
        written.missing = draft.missing
        written.n_unknown_labels = draft.n_unknown
        if finish != "stop":
            written.complete = False
            yield written.add_notice(_UNFINISHED[finish])
        return check.corrects

    def _ask(self, messages: Sequence[Message]) -> Reply:
        return self.model.stream(messages, max_tokens=self._limit_reply())

    def _mend(
        self,
        question: str,
        sources: ShownSources,
        written: WrittenAnswer,
        corrects: int | None,
    ) -> Generator[Event, None, None]:
        """Takes out what is no claim, and deals with what failed the check as the policy says."""
        kept: list[Sentence | None] = list(written.sentences)
        for i, sentence in enumerate(written.sentences):
            if not sentence.citations and is_denial(sentence.text):
                # What the sources lack is not a claim that they could support.
                kept[i] = None
                written.missing = written.missing or ""
                yield Replaced(i, None)
        failed = {i: s for i, s in enumerate(kept) if s is not None and s.verdict in FAILED}
        if self._policy == "revise" and failed:
            for i, better in (yield from self._revise(question, sources, failed, written)).items():
                kept[i] = better
                failed.pop(i)
                yield Replaced(i, better)
        if self._policy != "flag":
            for i in failed:
                kept[i] = None
                yield Replaced(i, None)
            if failed:
                written.n_failed = len(failed)
                s = "" if len(failed) == 1 else "s"
                text = f"{len(failed)} sentence{s} left out: the papers do not bear it out"
                yield written.add_notice(text if not s else text.replace("bear it", "bear them"))
        written.sentences = [sentence for sentence in kept if sentence is not None]
        written.corrects = kept[corrects] if corrects is not None else None

    def _revise(
        self,
        question: str,
        sources: ShownSources,
        failed: dict[int, Sentence],
        written: WrittenAnswer,
    ) -> Generator[Event, None, dict[int, Sentence]]:
        """Returns those of ``failed`` that passed the check after the model rewrote them."""
        prompt = self.prompts.of("revise")
        written.prompts["revise"] = prompt.reference
        messages = prompt.render(
            sources=sources.text, question=question, failed=describe_failures(failed)
        )
        try:
            reply = self._ask(messages)
            with closing(reply):
                for _ in reply:
                    pass
        except ModelError as error:
            yield written.add_notice(f"sentences that failed the check were not rewritten: {error}")
            return {}
        written.add_tokens(reply)
        drafts = read_revision(reply.text, list(failed), list(sources.index_labels()), sources.text)
        check = SentenceChecker(self._checker, sources, question)
        better = {
            i: check.check_sentence(draft)
            for i, draft in drafts.items()
            if not is_denial(draft.text)
        }
        return {i: s for i, s in better.items() if s.verdict not in FAILED}
