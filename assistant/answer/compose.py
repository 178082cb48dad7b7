"""Checked sentences, or a reason to have none, to the Answer that a person gets."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from assistant.answer.survey.listing import list_papers, write_lines
from assistant.answers import Answer
from assistant.errors import LibraryError
from assistant.events import Checked, Cited, Done, Event, Retrieved, SentenceStarted, TextAdded
from assistant.evidence.injection import list_suspect
from assistant.types import Abstention, Paper, Sentence, Source

FindPaper = Callable[[str], Paper]
"""Returns a paper by its id; raises LibraryError where the library does not hold it."""

N_CLOSEST = 3
"""Papers named where there is no answer."""


@dataclass(frozen=True, slots=True)
class FoundPapers:
    """The papers that were found, best first, and their retrieval scores."""

    papers: tuple[Paper, ...] = ()
    scores: tuple[float, ...] = ()

    @classmethod
    def of_sources(cls, sources: Sequence[Source], find_paper: FindPaper) -> FoundPapers:
        """Returns the papers of an answer's ``sources``, those that are still there."""
        scores = {source.paper_id: source.score for source in sources}
        papers = find_kept(list(scores), find_paper)
        return cls(tuple(papers), tuple(scores[paper.paper_id] for paper in papers))

    @property
    def closest(self) -> tuple[str, ...]:
        """The ids of the best papers, to be named where there is no answer."""
        return tuple(paper.paper_id for paper in self.papers[:N_CLOSEST])

    def keep_best(self, n: int, sentences: Sequence[Sentence]) -> FoundPapers:
        """Returns the first ``n`` papers and those that ``sentences`` cite."""
        cited = {c.paper_id for s in sentences for c in s.citations}
        pairs = zip(self.papers, self.scores, strict=True)
        kept = [p for i, p in enumerate(pairs) if i < n or p[0].paper_id in cited]
        return FoundPapers(tuple(paper for paper, _ in kept), tuple(score for _, score in kept))

    def include(self, papers: Sequence[Paper]) -> FoundPapers:
        """Returns these and those of ``papers`` that search did not find, with a score of 0."""
        known = {paper.paper_id for paper in self.papers}
        added = tuple(paper for paper in papers if paper.paper_id not in known)
        return FoundPapers(self.papers + added, self.scores + (0.0,) * len(added))

    def list_sources(self, sentences: Sequence[Sentence]) -> tuple[Source, ...]:
        """Returns every paper found; those that ``sentences`` cite have their labels and lead."""
        labels = {c.paper_id: c.label for s in sentences for c in s.citations}
        unused = itertools.count(len(labels) + 1)
        sources = [
            Source(
                label=labels.get(paper.paper_id) or str(next(unused)),
                paper_id=paper.paper_id,
                title=paper.title,
                authors=paper.authors,
                year=paper.year,
                score=score,
                cited=paper.paper_id in labels,
                url=find_link(paper),
                venue=paper.venue,
                doi=paper.doi,
                arxiv_id=paper.arxiv_id,
                text_kind=paper.text_kind,
                suspect=list_suspect(paper),
                title_kind=paper.title_kind,
                entry_type=paper.entry_type,
                editors=paper.editors,
                volume=paper.volume,
                issue=paper.issue,
                pages=paper.pages,
                publisher=paper.publisher,
                notice=paper.notice,
                original_title=paper.original_title,
                family_names=paper.family_names,
            )
            for paper, score in zip(self.papers, self.scores, strict=True)
        ]
        return tuple(sorted(sources, key=lambda source: int(source.label)))


def find_kept(paper_ids: Iterable[str], find_paper: FindPaper) -> list[Paper]:
    """Returns the papers with these ids, in order, without those that are not there any more."""
    found = []
    for paper_id in paper_ids:
        with suppress(LibraryError):
            found.append(find_paper(paper_id))
    return found


def compose(answer: Answer, sentences: Sequence[Sentence], found: FoundPapers) -> Answer:
    """Returns ``answer`` with ``sentences``, their sources, and the text that a person is shown."""
    sentences = tuple(sentences)
    text, survey = write_text(sentences), answer.survey
    if survey is not None:
        groups = {paper.paper_id: paper.group for paper in survey.papers}
        survey = replace(survey, papers=list_papers(sentences, found.papers, groups))
        text = f"{survey.heading}\n{write_lines(survey, sentences)}"
    text = " ".join(part for part in (answer.caveat, text, answer.shortfall) if part)
    return replace(
        answer, text=text, survey=survey, sentences=sentences, sources=found.list_sources(sentences)
    )


def abstain(answer: Answer, abstention: Abstention) -> Answer:
    """Returns ``answer`` as one that declines."""
    return replace(
        answer, text=abstention.message, abstention=abstention, confidence=None, caveat=""
    )


def decline(answer: Answer, message: str) -> Iterator[Event]:
    """Yields the events of an answer that is declined with nothing found."""
    yield Retrieved(answer.standalone_question, answer.sources, answer.answerability)
    yield Done(abstain(answer, Abstention("nothing_relevant", message)))


def add_notice(answer: Answer, notice: str) -> Answer:
    """Returns ``answer`` with one more notice."""
    return replace(answer, notices=(*answer.notices, notice))


def replay(sentences: Sequence[Sentence]) -> Iterator[Event]:
    """Yields the events of sentences that are there at once."""
    for index, sentence in enumerate(sentences):
        yield SentenceStarted(index)
        yield TextAdded(index, sentence.text)
        for citation in sentence.citations:
            yield Cited(index, citation)
        yield Checked(index, sentence)


def label_citations(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Returns the sentences with their papers labelled from 1 in reading order.

    Quotations have no labels before. An LLM's sentences were shown with labels as they came;
    where one was left out since, the others close the gap.
    """
    labels: dict[str, str] = {}
    for sentence in sentences:
        for citation in sentence.citations:
            labels.setdefault(citation.paper_id, str(len(labels) + 1))
    return tuple(
        replace(
            sentence,
            citations=tuple(replace(c, label=labels[c.paper_id]) for c in sentence.citations),
        )
        for sentence in sentences
    )


def write_text(sentences: Sequence[Sentence]) -> str:
    """Returns the sentences with their labels, so that copied text keeps its citations."""
    parts = []
    for sentence in sentences:
        labels = "".join(
            f"[{label}]" for label in dict.fromkeys(c.label for c in sentence.citations)
        )
        parts.append(f"{sentence.text} {labels}".rstrip())
    return " ".join(parts)


def find_link(paper: Paper) -> str | None:
    """Returns where the paper is found on the web."""
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    return paper.url
