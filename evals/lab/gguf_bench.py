"""Measures what a GGUF file served in this process gains by kept prompts and by drafts.

    python -m assistant_evals.lab.gguf_bench MODEL.gguf [--questions 4] [--threads 1]

Each question is four requests, as a turn of a chat may make them: its reading, an answer over one
paper, a search for other words, and an answer over that paper and one more. Three servers get the
same requests in turn: the product's, which reads on from where a prompt departs from the last one;
one that keeps earlier prompts too; and that with drafts of tokens, looked up in the prompt.
Printed for each: CPU seconds up to the first token, tokens of the reply a CPU second after it
(medians; other programs on the machine hardly change them), and how many replies are the same as
the product's.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from assistant.ingest import read_papers
from assistant.llm.gguf import GgufChat
from assistant.llm.messages import Message
from assistant.starter.papers import locate_starter
from assistant.types import Paper

_CONTEXT = 4_096
_REPLY_TOKENS = 48
_SEED = 11
_ANSWER = "Answer the question in one or two sentences, copied from the papers word for word."
_READ = "Rewrite the question so that it stands alone. Reply with the question and nothing else. "


class KeepingChat(GgufChat):
    """Keeps what earlier prompts became, up to 1 GiB."""

    def _make_params(self, key: str) -> Any:
        params = super()._make_params(key)
        params.cache_ram_mib = 1_024
        return params


class DraftingChat(KeepingChat):
    """Drafts the tokens that followed the last four wherever these stood before."""

    def _make_params(self, key: str) -> Any:
        from xllamacpp import common_speculative_type as kinds

        params = super()._make_params(key)
        params.speculative.types = [kinds.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
        params.speculative.ngram_simple.size_n = 4
        params.speculative.ngram_simple.size_m = 12
        return params


KINDS = {"last prompt": GgufChat, "kept prompts": KeepingChat, "with drafts": DraftingChat}


@dataclass(frozen=True, slots=True)
class Measured:
    """One reply: its text, CPU seconds up to its first token, tokens a CPU second after that."""

    text: str
    first_s: float
    tokens_a_s: float


def make_requests(papers: Sequence[Paper], n_questions: int) -> Iterator[list[Message]]:
    """Yields the requests of all questions, the same ones each time."""
    draw = random.Random(_SEED)
    for _ in range(n_questions):
        first, second = draw.sample(papers, 2)
        question = f"What is shown in the paper {first.title}?"
        texts = [f"{paper.title}\n{paper.abstract}" for paper in (first, second)]
        for system, user in (
            (_READ * 4, question),
            (_ANSWER, f"{texts[0]}\n\n{question}"),
            (_READ * 4, f"In other words: {question}"),
            (_ANSWER, f"{texts[0]}\n\n{texts[1]}\n\n{question}"),
        ):
            yield [Message("system", system), Message("user", user)]


def measure(model: GgufChat, messages: Sequence[Message]) -> Measured:
    """Returns what a request took; the server's threads are this process's."""
    begun = time.process_time()
    reply = model.stream(messages, max_tokens=_REPLY_TOKENS)
    next(reply)
    first_s = time.process_time() - begun
    for _ in reply:
        pass
    rest_s = time.process_time() - begun - first_s
    return Measured(reply.text, first_s, (reply.completion_tokens - 1) / max(rest_s, 1e-9))


def main() -> None:
    """Measures and prints a line for each server."""
    parser = argparse.ArgumentParser(description="Measure kept prompts and drafts.")
    parser.add_argument("model", help="a GGUF file")
    parser.add_argument("--questions", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    papers = [item for item in read_papers(locate_starter()) if isinstance(item, Paper)]
    models = {
        name: kind(options.model, context_tokens=_CONTEXT, n_threads=options.threads, timeout_s=900)
        for name, kind in KINDS.items()
    }
    for model in models.values():
        model.complete([Message("user", "Hello")], max_tokens=2)
    found: dict[str, list[Measured]] = {name: [] for name in models}
    for messages in make_requests(papers, options.questions):
        for name, model in models.items():
            found[name].append(measure(model, messages))
    base = [one.text for one in found["last prompt"]]
    for name, rows in found.items():
        n_same = sum(one.text == text for one, text in zip(rows, base, strict=True))
        print(
            f"{name:<12}  first token {median(one.first_s for one in rows):6.2f} s "
            f"(sum {sum(one.first_s for one in rows):7.1f})  "
            f"{median(one.tokens_a_s for one in rows):6.1f} tokens/s  same {n_same} of {len(rows)}"
        )
    for model in models.values():
        model.close()


if __name__ == "__main__":
    main()
