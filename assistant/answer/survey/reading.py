"""The papers of a library read by a model: what it takes is known before, then side by side.

What was judged before, by the same model with the same prompt, question and text, is kept and not
asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate, takewhile

from assistant.answer.readable import ReadablePaper
from assistant.answer.survey.judgements import Judgement, format_paper, read_kept
from assistant.answer.survey.judging import (
    BatchAsker,
    BatchOutcome,
    PaperJudge,
    limit_batch,
    make_batches,
)
from assistant.events import Event, Noticed, Progressed
from assistant.llm.fencing import neutralise
from assistant.llm.judgement_cache import make_key
from assistant.surveys import ReadingCost
from assistant.text.tokens import make_token_counter

EXPECTED_REPLY_TOKENS = 10
"""Tokens of a reply for each paper, for the estimate: few belong, and others take none."""

FAILURES_TO_GIVE_UP = 2
"""Batches that fail before one succeeds, or as many as go at once: then the server is away."""

READ = "abstracts read"
UNREADABLE = "the LLM's judgement could not be read"

Price = Callable[[int, int], float | None]
"""Returns what tokens of prompts and of replies cost in US dollars; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """What is to be read, and what is known already.

    ``papers`` come closest first; ``known`` are judgements by paper id; ``batches`` are to be
    asked about; ``rest`` is what the limit of tokens leaves unread, None for nothing.
    """

    papers: tuple[ReadablePaper, ...]
    known: dict[str, Judgement]
    batches: tuple[tuple[ReadablePaper, ...], ...]
    rest: ReadingCost | None


@dataclass(slots=True)
class Reading:
    """What a model said of the papers, by id, and what it took.

    ``n_known`` of the judgements were made before. Papers that ``failed`` should have been read
    and could not be.
    """

    judgements: dict[str, Judgement]
    n_known: int
    failed: list[ReadablePaper] = field(default_factory=list)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    notices: list[str] = field(default_factory=list)

    def add(self, outcome: BatchOutcome) -> None:
        """Adds what was said of a batch."""
        self.judgements |= outcome.judgements
        self.prompt_tokens += outcome.prompt_tokens
        self.completion_tokens += outcome.completion_tokens

    def note(self, text: str) -> Noticed:
        """Returns the event of a notice, which is kept."""
        self.notices.append(text)
        return Noticed(text)


class LibraryReading:
    """The reading of papers for one question."""

    def __init__(self, judge: PaperJudge, question: str) -> None:
        self._judge = judge
        self._question = question
        self._asker = BatchAsker(judge.model, judge.prompt, question, shown=neutralise)

    def plan(
        self, papers: Sequence[ReadablePaper], most_tokens: int | None, price: Price
    ) -> ReadingPlan:
        """Returns how ``papers``, closest first, are read with at most ``most_tokens``.

        None is for any number of them. ``price`` gives the cost of what is left unread.
        """
        known = self._find_known(papers)
        new = [paper for paper in papers if paper.paper.paper_id not in known]
        if not new:
            return ReadingPlan(tuple(papers), known, (), None)
        count = make_token_counter(self._judge.model.name)
        tokens = [count(format_paper(paper, neutralise)) for paper in new]
        instructions = self._asker.count_instructions(count)
        most = limit_batch(self._judge.model.context_tokens)
        batches = list(make_batches(new, tokens, most))
        costs = [n + instructions + EXPECTED_REPLY_TOKENS * len(batch) for batch, n in batches]
        n_read = len(batches)
        if most_tokens is not None:
            n_read = len(list(takewhile(lambda total: total <= most_tokens, accumulate(costs))))
        n_left = sum(len(batch) for batch, _ in batches[n_read:])
        rest = None
        if n_left:
            total, replies = sum(costs[n_read:]), EXPECTED_REPLY_TOKENS * n_left
            rest = ReadingCost(n_left, total, price(total - replies, replies))
        to_ask = tuple(batch for batch, _ in batches[:n_read])
        return ReadingPlan(tuple(papers), known, to_ask, rest)

    def read(self, plan: ReadingPlan) -> Generator[Event, None, Reading]:
        """Returns what the model says of the papers of ``plan``; closing it stops the model.

        A batch that fails is announced, and the others go on.

        Raises:
            ModelError: the model refuses.
        """
        reading = Reading(dict(plan.known), len(plan.known))
        to_read = [paper for batch in plan.batches for paper in batch]
        n_done = n_known = len(plan.known)
        lost: dict[str, int] = {}
        n_succeeded = n_failed = 0
        enough = max(FAILURES_TO_GIVE_UP, self._judge.model.n_side_by_side)
        if to_read:
            yield Progressed(n_done, n_known + len(to_read), READ)
        with closing(self._ask_side_by_side(plan.batches)) as outcomes:
            for outcome in outcomes:
                self._keep(outcome)
                reading.add(outcome)
                n_done += len(outcome.batch)
                yield Progressed(n_done, n_known + len(to_read), READ)
                why = str(outcome.error or UNREADABLE)
                lost[why] = lost.get(why, 0) + len(outcome.batch) - len(outcome.judgements)
                n_failed += outcome.error is not None
                n_succeeded += outcome.error is None
                if not n_succeeded and n_failed == enough:
                    lost[why] += n_known + len(to_read) - n_done
                    break
        reading.failed = [p for p in to_read if p.paper.paper_id not in reading.judgements]
        for why, n in lost.items():
            if n:
                papers = "1 paper was" if n == 1 else f"{n:,} papers were"
                yield reading.note(f"{why}; {papers} judged by their words")
        return reading

    def _ask_side_by_side(
        self, batches: Sequence[Sequence[ReadablePaper]]
    ) -> Generator[BatchOutcome, None, None]:
        """Yields the outcome of each batch as it comes; closing it ends all requests."""
        if not batches:
            return
        n_threads = min(len(batches), self._judge.model.n_side_by_side)
        pool = ThreadPoolExecutor(n_threads, thread_name_prefix="read-papers")
        try:
            futures = [pool.submit(self._asker.ask, batch) for batch in batches]
            for future in as_completed(futures):
                yield future.result()
        finally:
            self._asker.stop()
            pool.shutdown(wait=False, cancel_futures=True)

    def _find_known(self, papers: Sequence[ReadablePaper]) -> dict[str, Judgement]:
        """Returns the judgements that were kept, by paper id."""
        if self._judge.cache is None:
            return {}
        keys = {self._key(paper): paper for paper in papers}
        kept = self._judge.cache.get(list(keys))
        read = ((keys[key], read_kept(text, keys[key])) for key, text in kept.items())
        return {paper.paper.paper_id: said for paper, said in read if said is not None}

    def _keep(self, outcome: BatchOutcome) -> None:
        """Keeps what was said, at once: a reading that is stopped has not been for nothing."""
        if self._judge.cache is None:
            return
        said = outcome.judgements
        self._judge.cache.put(
            {
                self._key(paper): said[paper.paper.paper_id].to_json()
                for paper in outcome.batch
                if paper.paper.paper_id in said
            }
        )

    def _key(self, paper: ReadablePaper) -> bytes:
        """Returns what a judgement depends on: the model, what it is told, and the text."""
        judge = self._judge
        text = format_paper(paper, neutralise)
        return make_key(judge.model.name, judge.prompt.reference, self._question, text)
