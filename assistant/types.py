"""The values that flow through the assistant: frozen, and free of any library's types."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, TypeVar

from assistant.errors import QuestionError
from assistant.suspects import WITHHELD_TITLE, Suspect

Verdict = Literal["verbatim", "supported", "unsupported", "unchecked", "suspect"]
AbstentionReason = Literal["nothing_relevant", "not_stated", "not_supported", "other_language"]
Confidence = Literal["likely", "uncertain"]
Mode = Literal["extractive", "llm", "library"]
_Mismatch = Literal["number", "name", "negation", "direction", "addition"]
FlagKind = Literal["uncited", "miscited", _Mismatch, "language", "suspect"]
JudgeLabel = Literal["supported", "not_mentioned", "contradicted"]
BibliographyFormat = Literal["bibtex", "csl", "ris"]
AnswerFormat = Literal["markdown", "csv", "bibtex", "csl", "ris"]
PaperFormat = Literal["bibtex", "ris", "csl", "jsonl"]
TextKind = Literal["abstract", "account"]
TitleKind = Literal["given", "first words"]
EntryType = Literal[
    "article", "conference-paper", "book", "chapter", "proceedings", "thesis", "masters-thesis",
    "report", "preprint", "dataset",
]  # fmt: skip
PaperNotice = Literal["retracted", "concern", "corrected"]

_PASSED = ("verbatim", "supported")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the library.

    ``title`` and ``abstract`` are the texts that are searched and quoted. Where ingestion had
    to repair what the file held, ``original_title`` or ``original_abstract`` keeps the file's
    own text; they are None where nothing was changed. ``text_kind`` says whose words the
    abstract is in: "account" where it retells the paper's own, as the starter library's do.
    ``title_kind`` is "first words" where the source has no title, and the abstract's first words
    stand for it. ``abstract`` is '' only where a paper without one was kept on request.

    ``entry_type`` is what was published, None where its source does not say, ``venue`` the journal,
    book or proceedings it is in, and ``publisher`` a thesis's or a report's institution too;
    ``volume``, ``issue`` and ``pages`` ("11-19") are as the source has them. ``notice`` says what
    its publisher has declared of it since. ``authors`` and ``editors`` are as 'Given Family';
    ``family_names`` are the family names that cannot be told from that: 'García Márquez'.
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
    text_kind: TextKind = "abstract"
    title_kind: TitleKind = "given"
    entry_type: EntryType | None = None
    editors: tuple[str, ...] = ()
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    notice: PaperNotice | None = None
    family_names: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Returns the record as JSON types; fields that are as by default are left out."""
        values = {f.name: (getattr(self, f.name), f.default) for f in dataclasses.fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, (value, default) in values.items()
            if value != default
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
    """A quote and its place: ``paper.abstract[start:end] == quote``, always.

    Where ``sentence`` is 0 it is the paper's title, which ``start`` and ``end`` count in.
    ``text_kind`` is the paper's: the authors' words, or those of an account of them; ``notice`` is
    the paper's too, such as that it was retracted.
    """

    label: str
    paper_id: str
    title: str
    quote: str
    start: int
    end: int
    sentence: int
    text_kind: TextKind = "abstract"
    notice: PaperNotice | None = None

    @property
    def of_title(self) -> bool:
        """Whether the quote is the paper's title."""
        return self.sentence == 0

    @property
    def place(self) -> str:
        """Where it stands: 'sentence 2', or 'the title'."""
        return "the title" if self.of_title else f"sentence {self.sentence}"

    def is_in(self, paper: Paper) -> bool:
        """Returns whether the quote stands where it says in ``paper``."""
        text = paper.title if self.of_title else paper.abstract
        return bool(self.quote) and text[self.start : self.end] == self.quote


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

    @property
    def remark(self) -> str:
        """Why the sentence is not to be taken as it stands; '' where it passed every check.

        The failing verdict comes first, then each flag with its message:
        'unsupported; number: ...'.
        """
        parts: list[str] = [] if self.verdict in _PASSED else [self.verdict]
        kinds = {flag.kind for flag in self.flags}
        # Where nothing was checked, a missing citation is the lesser news.
        if not self.citations and "uncited" not in kinds and self.verdict != "unchecked":
            parts.append("uncited")
        for flag in self.flags:
            message = flag.message.strip().removesuffix(".")
            parts.append(f"{flag.kind}: {message}" if message else flag.kind)
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that was before the answerer; ``cited`` says whether the answer quotes it.

    ``score`` is the retrieval score: higher is better, comparable within one answer only.
    ``suspect`` are its sentences, and its title, that are kept from answers and LLMs. The fields
    after it are as in ``Paper``.
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
    text_kind: TextKind = "abstract"
    suspect: tuple[Suspect, ...] = ()
    title_kind: TitleKind = "given"
    entry_type: EntryType | None = None
    editors: tuple[str, ...] = ()
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    notice: PaperNotice | None = None
    original_title: str | None = None
    family_names: tuple[str, ...] = ()

    @property
    def shown_title(self) -> str:
        """The title as answers and LLMs have it: a stand-in where the title itself is suspect."""
        return WITHHELD_TITLE if any(one.sentence == 0 for one in self.suspect) else self.title


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer, what a person is told, and the ids of the closest papers.

    ``nearest`` are those papers' sentences that come closest to an answer, in the same order;
    ``unmatched`` the names in the question that no title or abstract of the library mentions.
    """

    reason: AbstentionReason
    message: str
    closest: tuple[str, ...] = ()
    nearest: tuple[Citation, ...] = ()
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens an answer used; ``cost_usd`` is None where no price is known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None

    def __add__(self, other: Usage) -> Usage:
        """Returns both together; no cost where that of some tokens is not known."""
        used = [one for one in (self, other) if one.prompt_tokens or one.completion_tokens]
        costs = [one.cost_usd for one in used]
        known = [cost for cost in costs if cost is not None]
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            sum(known) if known and len(known) == len(costs) else None,
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers a search or a question may use; empty fields do not restrict.

    Authors match by family name and, where given, given names or initials, whatever the accents;
    venues by their whole name, or else by whole words of it; keywords as substrings. Several values
    of one field are alternatives, and fields must all hold. Without a year a paper fails years.
    """

    year_from: int | None = None
    year_to: int | None = None
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    paper_ids: tuple[str, ...] = ()
    has_doi: bool = False

    def __bool__(self) -> bool:
        return self != Filters()

    @classmethod
    def from_dict(cls, record: Any) -> Filters:
        """Returns the filters that ``dataclasses.asdict`` wrote as ``record``.

        Raises:
            QuestionError: they are no filters.
        """
        return read_record(cls, record, "saved filters")


NO_FILTERS = Filters()


class TurnOptions(TypedDict, total=False):
    """What may be said besides a turn of a chat; what is left out is as the settings have it.

    ``filters`` say which papers may be used; ``top_k`` is the number of papers to answer from, 1
    to 1,000; ``max_sentences`` the longest answer, 1 to 20. Authors, years and venues that the
    words ask for are filters too, unless ``read_filters`` is False. ``read_all`` lets an LLM read
    all papers of a list, up to ASSISTANT_SURVEY_PAPERS, whatever tokens that takes.
    """

    filters: Filters | None
    read_filters: bool
    top_k: int | None
    max_sentences: int | None
    read_all: bool


class AskOptions(TurnOptions, total=False):
    """What may be said besides a question; a chat finds both by itself.

    ``standalone_question`` is what to look for and answer where the question leans on what was
    said before; ``search_queries`` are what else to look for, where an LLM reads what is found.
    """

    standalone_question: str | None
    search_queries: tuple[str, ...]


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
            "text_kind": self.paper.text_kind,
            "title_kind": self.paper.title_kind,
            "notice": self.paper.notice,
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


def read_record(kind: type[_Value], record: Any, what: str) -> _Value:
    """Returns the dataclass ``kind`` that was written as ``record``; unknown keys do not matter.

    Raises:
        QuestionError: ``what``, as it is called, cannot be read; the message says where.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(record)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise QuestionError(f"{what} cannot be read: {where}: {fault['msg'].lower()}") from error
