"""Papers and answers for the tests of views."""

from __future__ import annotations

from assistant import Abstention, Answer, Citation, Paper, Sentence
from assistant.types import Flag, Source

HERON = Paper(
    "heron",
    "Heron: Small Models",
    "Herons fish. 🐟 They wait for long. Nobody hurries them.",
    authors=("Ada One", "Ben Two", "Cy Three"),
    year=2021,
    venue="Waterside",
    arxiv_id="2101.00001",
)
CRANE = Paper(
    "crane", "Cranes <b>dance</b>", "Cranes dance in spring.", url="https://evil.example/x"
)
PAPERS = {paper.paper_id: paper for paper in (HERON, CRANE)}


def citation(paper: Paper, quote: str, label: str) -> Citation:
    start = paper.abstract.index(quote)
    return Citation(label, paper.paper_id, paper.title, quote, start, start + len(quote), 1)


def source(paper: Paper, label: str = "", *, cited: bool = True, score: float = 1.0) -> Source:
    return Source(
        label,
        paper.paper_id,
        paper.title,
        paper.authors,
        paper.year,
        score,
        cited,
        url=paper.url,
        venue=paper.venue,
        arxiv_id=paper.arxiv_id,
    )


WAITING = Sentence(
    "They wait for long.", "verbatim", 1.0, (citation(HERON, "They wait for long.", "1"),)
)
DANCING = Sentence(
    "Cranes dance 3 times.",
    "unsupported",
    0.2,
    (citation(CRANE, "Cranes dance in spring.", "2"),),
    (Flag("number", "3", "The sources do not hold the figure '3'."),),
    lexical=0.61,
)
ANSWER = Answer(
    question="And how long?",
    standalone_question="How long do herons wait?",
    text="They wait for long. [1] Cranes dance 3 times. [2]",
    answerability=0.9,
    sentences=(WAITING, DANCING),
    sources=(source(HERON, "1"), source(CRANE, "2", score=0.5)),
    mode="llm",
    model="openai:tiny",
)
ABSTAINED = Answer(
    question="What do owls eat?",
    standalone_question="What do owls eat?",
    text="Not in this library.",
    answerability=0.1,
    sources=(source(HERON, cited=False), source(CRANE, cited=False)),
    abstention=Abstention("nothing_relevant", "Not in this library: nothing is near.", ("crane",)),
)
