"""Answers for the tests of exports: their sources, citations and sentences."""

from __future__ import annotations

from assistant.answers import Answer
from assistant.types import Citation, Sentence, Source

FIRST = Source(
    label="1",
    paper_id="vaswani2017attention",
    title="Attention Is All You Need",
    authors=("Ashish Vaswani", "Ludwig van Beethoven", "OpenAI", "Martin Luther King Jr."),
    year=2017,
    score=3.0,
    cited=True,
    url="https://doi.org/10.48550/arxiv.1706.03762",
    venue="NeurIPS",
    doi="10.48550/arxiv.1706.03762",
    arxiv_id="1706.03762",
)
SECOND = Source("2", "müller-größe", "Größe & 50% der {Ångström} at $5", (), None, 2.0, True)
UNUSED = Source("3", "unused", "Never Quoted", ("No One",), 2001, 1.0, False)


def cite(source: Source, quote: str, sentence: int = 1, start: int = 0) -> Citation:
    return Citation(
        source.label, source.paper_id, source.title, quote, start, start + len(quote), sentence
    )


def sentence(text: str, *citations: Citation, verdict: str = "supported", **kw: object) -> Sentence:
    return Sentence(text, verdict, 0.9, citations, **kw)  # type: ignore[arg-type]


def answer_of(
    *sentences: Sentence, sources: tuple[Source, ...] = (FIRST, SECOND, UNUSED), **kw: object
) -> Answer:
    values: dict[str, object] = {
        "question": "How large is it?",
        "standalone_question": "How large is it?",
        "text": " ".join(s.text for s in sentences),
        "answerability": 0.9,
        "sentences": sentences,
        "sources": sources,
        "mode": "llm",
        "model": "openai:gpt-5-mini",
    }
    return Answer(**(values | kw))  # type: ignore[arg-type]
