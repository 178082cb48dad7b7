"""The values that flow through the assistant: frozen, and free of any library's types."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["verbatim", "supported", "unsupported", "unchecked"]
AbstentionReason = Literal["nothing_relevant", "not_stated", "not_supported"]
Mode = Literal["extractive", "llm"]
FlagKind = Literal["uncited", "miscited", "number", "name", "negation", "direction", "addition"]
JudgeLabel = Literal["supported", "not_mentioned", "contradicted"]

ANSWER_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the library.

    ``title`` and ``abstract`` are the texts that are searched and quoted. Where ingestion had
    to repair what the file held, ``original_title`` or ``original_abstract`` keeps the file's
    own text; they are None where nothing was changed.
    """

    paper_id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    keywords: tuple[str, ...] = ()
    doi: str | None = None
    arxiv_id: str | None = None
    url: str | None = None
    original_title: str | None = None
    original_abstract: str | None = None
    source: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Returns the record as JSON types; fields that are empty are left out."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value not in (None, ())
        }

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Paper:
        """Returns the paper that ``to_dict`` wrote as ``record``."""
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in record.items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """A sentence's place in its paper: ``abstract[start:end]``, counted from sentence 1."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole consecutive sentences of one abstract: ``text == abstract[start:end]``."""

    passage_id: str
    paper_id: str
    text: str
    start: int
    end: int
    sentences: tuple[SentenceSpan, ...]
    n_tokens: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its place: ``paper.abstract[start:end] == quote``, always."""

    label: str
    paper_id: str
    title: str
    quote: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Flag:
    """Something of a sentence that its sources do not bear out, or how it was cited.

    ``token`` is the word or figure of the sentence that it is about, "" where it is about all of
    it; ``message`` says it in one sentence.
    """

    kind: FlagKind
    token: str
    message: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the quotes that support it.

    ``score`` is in [0, 1], higher is better supported; 1.0 for verbatim quotations. What each
    layer of the check found stays apart: ``flags`` are mismatches that were found exactly,
    ``lexical`` in [0, 1] is how far the sources hold the sentence's words, ``judge`` what a
    judging LLM said; both are None where that layer was not used.
    """

    text: str
    verdict: Verdict
    score: float
    citations: tuple[Citation, ...] = ()
    flags: tuple[Flag, ...] = ()
    lexical: float | None = None
    judge: JudgeLabel | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that was before the answerer; ``cited`` says whether the answer quotes it.

    ``score`` is the retrieval score: higher is better, comparable within one answer only.
    """

    label: str
    paper_id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    score: float
    cited: bool
    url: str | None = None
    venue: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer, what a person is told, and the ids of the closest papers."""

    reason: AbstentionReason
    message: str
    closest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens an answer used; ``cost_usd`` is None where no price is known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class SurveyCount:
    """The denominator of a whole-library answer, and the line that says it.

    ``n_included`` papers belong of ``n_judged`` that were judged one by one, out of ``n_searched``
    abstracts that were searched.
    """

    heading: str
    n_included: int
    n_judged: int
    n_searched: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an abstention, with everything needed to check it.

    ``answerability`` is in [0, 1]; higher means more likely that the library holds the answer.
    ``missing`` is what of the question the papers do not state, as the LLM named it, "" where it
    only said that something is; ``complete`` is False where its reply broke off. ``survey`` counts
    the papers of an answer to "which papers" or "how many".
    """

    question: str
    standalone_question: str
    text: str
    answerability: float
    sentences: tuple[Sentence, ...] = ()
    sources: tuple[Source, ...] = ()
    abstention: Abstention | None = None
    mode: Mode = "extractive"
    model: str | None = None
    prompts: dict[str, str] = field(default_factory=dict)
    dropped_citations: int = 0
    missing: str | None = None
    complete: bool = True
    survey: SurveyCount | None = None
    usage: Usage = Usage()
    timings_ms: dict[str, float] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """Whether the assistant declined to answer."""
        return self.abstention is not None

    def to_markdown(self) -> str:
        """Returns the answer with its references, each with the quotes taken from it."""
        from assistant.export.answers import markdown

        return markdown(self)

    def to_bibtex(self) -> str:
        """Returns the cited papers as BibTeX, quotes and numbers in their notes."""
        from assistant.export.answers import bibtex

        return bibtex(self)

    def to_csl(self) -> str:
        """Returns the cited papers as CSL-JSON text, quotes and numbers in their notes."""
        from assistant.export.answers import csl

        return csl(self)

    def to_ris(self) -> str:
        """Returns the cited papers as RIS, quotes and numbers in their notes."""
        from assistant.export.answers import ris

        return ris(self)

    def to_dict(self) -> dict[str, Any]:
        """Returns the answer as JSON types, keys in the order a reader wants them."""
        abstention = dataclasses.asdict(self.abstention) if self.abstention else None
        if abstention:
            abstention["closest"] = list(abstention["closest"])
        return {
            "schema": ANSWER_SCHEMA,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "text": self.text,
            "answerability": self.answerability,
            "abstained": self.abstained,
            "abstention": abstention,
            "sentences": [
                {
                    "text": s.text,
                    "verdict": s.verdict,
                    "score": s.score,
                    "citations": [dataclasses.asdict(c) for c in s.citations],
                    "flags": [dataclasses.asdict(f) for f in s.flags],
                    "lexical": s.lexical,
                    "judge": s.judge,
                }
                for s in self.sentences
            ],
            "sources": [
                {**dataclasses.asdict(s), "authors": list(s.authors)} for s in self.sources
            ],
            "mode": self.mode,
            "model": self.model,
            "prompts": dict(self.prompts),
            "dropped_citations": self.dropped_citations,
            "missing": self.missing,
            "complete": self.complete,
            "survey": dataclasses.asdict(self.survey) if self.survey else None,
            "usage": dataclasses.asdict(self.usage),
            "timings_ms": dict(self.timings_ms),
            "notices": list(self.notices),
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers a search or a question may use; empty fields do not restrict.

    Text filters match case-insensitively as substrings, several values of one field are
    alternatives, and different fields must all hold. Papers without a year fail a year filter.
    """

    year_from: int | None = None
    year_to: int | None = None
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    paper_ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A paper found, best first in a list; ``sentence`` is its best matching one.

    ``score`` is higher for better matches and comparable within one search only;
    ``dense`` (cosine, [-1, 1]) and ``lexical`` (BM25, >= 0) are the scores of either side.
    """

    paper: Paper
    score: float
    dense: float
    lexical: float
    sentence: SentenceSpan | None

    def to_dict(self) -> dict[str, Any]:
        """Returns the result as JSON types."""
        span = self.sentence
        return {
            "paper_id": self.paper.paper_id,
            "title": self.paper.title,
            "score": self.score,
            "dense": self.dense,
            "lexical": self.lexical,
            "sentence": None
            if span is None
            else {
                "text": self.paper.abstract[span.start : span.end],
                "start": span.start,
                "end": span.end,
            },
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was not taken, and why."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion changed: paper ids by outcome, and the records it skipped."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Returns the report as JSON types."""
        return {
            "added": list(self.added),
            "updated": list(self.updated),
            "unchanged": list(self.unchanged),
            "removed": list(self.removed),
            "skipped": [dataclasses.asdict(s) for s in self.skipped],
            "notices": list(self.notices),
        }
