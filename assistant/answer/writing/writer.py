"""An answer in a language model's words: asked for, cited, checked, and mended where it fails.

Joins the steps that answers in a model's words need, as the engine joins the others.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.answer.writing.draft import (
    DraftEvent,
    DraftReader,
    DraftSentence,
    SentenceBegun,
    SentenceEnded,
    is_denial,
)
from assistant.answer.writing.request import Request, fit_request
from assistant.answer.writing.revision import describe_failures, read_revision
from assistant.answer.writing.sources import NumberedSentence, ShownSources, SourcePaper
from assistant.answers import Answer
from assistant.errors import ContextOverflowError, ModelError
from assistant.events import (
    Checked,
    Cited,
    Event,
    Noticed,
    Replaced,
    SentenceStarted,
    TextAdded,
)
from assistant.grounding.checker import Checker, Grounding, SourceSentence
from assistant.grounding.steady_judge import SteadyJudge
from assistant.llm.chat_model import ChatModel, Reply
from assistant.llm.custom_prompts import Prompts
from assistant.llm.messages import Finish, Message
from assistant.llm.prompts import Prompt
from assistant.text.tokens import make_token_counter
from assistant.types import Citation, Sentence

Policy = Literal["flag", "drop", "revise"]

ASSUMED_WINDOW = 8_192
"""Tokens of a context window that nobody tells us of: what local servers give by default or more.
Source: Ollama and llama.cpp's server default to 4,096 or the model's own; current models have 8,192
and more."""

REPLY_TOKENS = 1_500
"""Room for a reply: four sentences are some 200 tokens, the rest is for thoughts that are not
shown."""

REPLY_SHARE = 0.3
"""Of a small window, at most this share is kept for the reply."""

MAX_EXTRA_SENTENCES = 8
"""A model that goes on this far past what it was asked for is stopped."""

_UNFINISHED: dict[Finish, str] = {
    "length": "the answer is incomplete: the LLM's reply reached its length limit",
    "cut": "the answer is incomplete: the connection to the LLM broke off",
    "deadline": "the answer is incomplete: the LLM took longer than ASSISTANT_LLM_TIMEOUT allows",
}


@dataclass(slots=True)
class WrittenAnswer:
    """What came of asking a model.

    ``sentences`` are those that stay, with their verdicts; ``n_failed`` counts those that did not
    pass and are gone. ``not_stated`` says that the model found no answer in the sources, and
    ``missing`` what it says they lack. ``complete`` is False where the reply broke off.
    ``one_model`` says that all tokens are of the model that wrote, none of another that judged.
    """

    sentences: list[Sentence] = field(default_factory=list)
    not_stated: bool = False
    missing: str | None = None
    n_failed: int = 0
    n_unknown_labels: int = 0
    complete: bool = True
    prompts: dict[str, str] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    one_model: bool = True
    notices: list[str] = field(default_factory=list)

    def add_to(self, answer: Answer) -> Answer:
        """Returns ``answer`` with what writing it took; its sentences are left alone."""
        return replace(
            answer,
            mode="llm",
            prompts=self.prompts,
            dropped_citations=self.n_unknown_labels,
            missing=self.missing,
            confidence="likely" if self.missing is None else "uncertain",
            complete=self.complete,
            notices=(*answer.notices, *self.notices),
        )

    def add_tokens(self, reply: Reply) -> None:
        """Adds the tokens of ``reply``."""
        self.prompt_tokens += reply.prompt_tokens
        self.completion_tokens += reply.completion_tokens


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
        self._prompts = prompts
        self._judge = judge
        self._checker = checker
        self._policy = policy
        self._window = window
        self._count = make_token_counter(model.name)

    def write(
        self, question: str, papers: Sequence[SourcePaper], max_sentences: int
    ) -> Generator[Event, None, WrittenAnswer]:
        """Yields what happens while the model answers from ``papers``, best first; returns it all.

        Closing the generator stops the model.

        Raises:
            ContextOverflowError: the context window does not hold the question and one abstract.
            ModelError: the model gave no answer at all.
        """
        written = WrittenAnswer()
        judged = self._judge.tokens if self._judge else (0, 0)
        prompt = self._prompts.of("answer")
        written.prompts["answer"] = prompt.reference
        shown: Sequence[SourcePaper] = papers
        while True:
            request = self._fit(prompt, shown, question, max_sentences=str(max_sentences))
            if request.n_left_out:
                n = request.sources.n_papers
                shown = shown[:n]
            try:
                yield from self._stream_reply(question, request, max_sentences, written)
            except ContextOverflowError:
                if len(shown) == 1:
                    raise
                shown = shown[: len(shown) // 2]
                continue
            if len(shown) < len(papers):
                text = f"the LLM's context window held {len(shown)} of {len(papers)} papers found"
                yield _add_notice(written, text)
            break
        yield from self._mend(question, request.sources, written)
        if self._judge is not None:
            written.prompts["judge"] = self._judge.prompt
            written.prompt_tokens += self._judge.tokens[0] - judged[0]
            written.completion_tokens += self._judge.tokens[1] - judged[1]
            written.one_model = self._judge.name == self.model.name
            if self._judge.fault:
                yield _add_notice(written, self._judge.fault)
        return written

    def _fit(
        self, prompt: Prompt, papers: Sequence[SourcePaper], question: str, **variables: str
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
    ) -> Generator[Event, None, None]:
        labels = request.sources.index_labels()
        draft = DraftReader(labels, request.sources.text)
        check = _SentenceChecker(self._checker, request.sources, question)
        reply = self._ask(request.messages)
        with closing(reply):
            for piece in reply:
                for happened in draft.feed(piece):
                    yield from check.take(happened)
                too_long = len(draft.sentences) > max_sentences + MAX_EXTRA_SENTENCES
                if too_long or (draft.not_stated and not draft.sentences):
                    break
        finish: Finish = "stop" if draft.not_stated else reply.finish or "length"
        check.unfinished = finish != "stop"
        for happened in draft.finish():
            yield from check.take(happened)
        written.add_tokens(reply)
        written.sentences = check.sentences
        written.not_stated = draft.not_stated
        written.missing = draft.missing
        written.n_unknown_labels = draft.n_unknown
        if finish != "stop":
            written.complete = False
            yield _add_notice(written, _UNFINISHED[finish])

    def _ask(self, messages: Sequence[Message]) -> Reply:
        return self.model.stream(messages, max_tokens=self._limit_reply())

    def _mend(
        self, question: str, sources: ShownSources, written: WrittenAnswer
    ) -> Generator[Event, None, None]:
        """Takes out what is no claim, and deals with what failed the check as the policy says."""
        kept: list[Sentence | None] = list(written.sentences)
        for i, sentence in enumerate(written.sentences):
            if not sentence.citations and is_denial(sentence.text):
                # What the sources lack is not a claim that they could support.
                kept[i] = None
                written.missing = written.missing or ""
                yield Replaced(i, None)
        failed = {i: s for i, s in enumerate(kept) if s is not None and s.verdict == "unsupported"}
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
                yield _add_notice(written, text if not s else text.replace("bear it", "bear them"))
        written.sentences = [sentence for sentence in kept if sentence is not None]

    def _revise(
        self,
        question: str,
        sources: ShownSources,
        failed: dict[int, Sentence],
        written: WrittenAnswer,
    ) -> Generator[Event, None, dict[int, Sentence]]:
        """Returns those of ``failed`` that passed the check after the model rewrote them."""
        prompt = self._prompts.of("revise")
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
            yield _add_notice(
                written, f"sentences that failed the check were not rewritten: {error}"
            )
            return {}
        written.add_tokens(reply)
        drafts = read_revision(reply.text, list(failed), list(sources.index_labels()), sources.text)
        check = _SentenceChecker(self._checker, sources, question)
        better = {
            i: check.check_sentence(draft)
            for i, draft in drafts.items()
            if not is_denial(draft.text)
        }
        return {i: s for i, s in better.items() if s.verdict in ("supported", "verbatim")}


class _SentenceChecker:
    """Turns draft sentences into checked ones, with the papers' labels in reading order."""

    def __init__(self, checker: Checker, sources: ShownSources, question: str) -> None:
        self._question = question
        self.sentences: list[Sentence] = []
        self.unfinished = False
        self._checker = checker
        self._shown = sources.sentences
        self._by_label = sources.index_labels()
        self._passages = [
            SourceSentence(s.paper.paper_id, s.paper.title, s.text, s.span.number)
            for s in sources.sentences
        ]
        self._labels: dict[str, str] = {}

    def take(self, happened: DraftEvent) -> Generator[Event, None, None]:
        """Yields our events for one of the draft's."""
        if isinstance(happened, SentenceBegun):
            yield SentenceStarted(happened.index, "llm")
        elif isinstance(happened, SentenceEnded):
            sentence = self.check_sentence(happened.sentence)
            self.sentences.append(sentence)
            for citation in sentence.citations:
                yield Cited(happened.index, citation)
            yield Checked(happened.index, sentence)
        else:
            yield TextAdded(happened.index, happened.text)

    def check_sentence(self, draft: DraftSentence) -> Sentence:
        """Returns the sentence with its citations, verdict and score."""
        cited = [self._by_label[label] for label in draft.labels]
        found = self._checker.check(draft.text, self._passages, cited, self._question)
        cut_off = self.unfinished and draft.text[-1:] not in ".!?\u3002\uff01\uff1f"
        rests_on = _choose_support(found, cited)
        return Sentence(
            text=draft.text,
            verdict="unchecked" if cut_off else found.verdict,
            score=found.score,
            citations=tuple(self._cite(self._shown[i]) for i in rests_on),
            flags=found.flags,
            lexical=found.lexical,
            judge=found.judge,
        )

    def _cite(self, shown: NumberedSentence) -> Citation:
        paper, span = shown.paper, shown.span
        label = self._labels.setdefault(paper.paper_id, str(len(self._labels) + 1))
        place = span.start, span.end, span.number
        return Citation(
            label, paper.paper_id, paper.title, shown.text, *place, text_kind=paper.text_kind
        )


def _choose_support(found: Grounding, cited: Sequence[int]) -> Sequence[int]:
    """Returns which sentences to cite: the model's, or what was found where those do not serve."""
    moved = any(flag.kind in ("uncited", "miscited") for flag in found.flags)
    return found.support if moved and found.verdict != "unsupported" else cited


def _add_notice(written: WrittenAnswer, text: str) -> Noticed:
    written.notices.append(text)
    return Noticed(text)
