"""An answer: its sentences with their quotes and verdicts, and everything needed to check it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.accounts import describe_quotes
from assistant.errors import QuestionError
from assistant.surveys import SurveyCount
from assistant.types import (
    Abstention,
    AnswerFormat,
    Confidence,
    Filters,
    Mode,
    Sentence,
    Source,
    Usage,
    read_record,
)

ANSWER_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Premise:
    """Something that a question takes for granted and the papers contradict.

    ``sentence`` is the place, from 0, of the answer's sentence that corrects it; ``text`` is what
    it says.
    """

    status: Literal["corrected"]
    sentence: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an abstention, with everything needed to check it.

    ``answerability`` is in [0, 1]; higher means more likely that the library holds the answer.
    ``confidence`` is "likely" where the sentences should answer the question and "uncertain" where
    they are the closest there are and may not; ``caveat`` says the latter to a reader, and what
    they lack. An abstention has no confidence.
    ``missing`` is what of the question the papers do not state, as the LLM named it, "" where it
    only said that something is; ``premise`` is what of the question they contradict, where the LLM
    said so. ``search_queries`` were looked for besides the question. ``complete`` is False where
    the reply broke off. ``survey`` counts the papers of an answer to "which papers" or "how many".
    ``read_filters`` are the authors, years and venues that the question's words were read as
    filters for, besides those that were given.
    In the mode "library" the records say ``text``, or it is of the assistant itself: there are no
    ``sentences``, and the papers that it is said of are the ``sources``.
    """

    question: str
    standalone_question: str
    text: str
    answerability: float
    sentences: tuple[Sentence, ...] = ()
    sources: tuple[Source, ...] = ()
    abstention: Abstention | None = None
    confidence: Confidence | None = None
    caveat: str = ""
    mode: Mode = "extractive"
    model: str | None = None
    prompts: dict[str, str] = field(default_factory=dict)
    dropped_citations: int = 0
    missing: str | None = None
    premise: Premise | None = None
    search_queries: tuple[str, ...] = ()
    complete: bool = True
    survey: SurveyCount | None = None
    read_filters: Filters | None = None
    usage: Usage = Usage()  # noqa: RUF009 - it is frozen
    timings_ms: dict[str, float] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """Whether the assistant declined to answer."""
        return self.abstention is not None

    @property
    def shortfall(self) -> str:
        """What of the question the answer leaves open, as its LLM named it; '' for nothing."""
        if self.missing is None:
            return ""
        missing = self.missing.strip()
        if not missing:
            return "The papers do not state the rest."
        return f"Not stated here: {missing if missing.endswith(('.', '!', '?')) else f'{missing}.'}"

    @property
    def correction(self) -> str:
        """The line before an answer that corrects its question; '' for others."""
        if self.premise is None:
            return ""
        return "The papers contradict something that the question takes for granted."

    @property
    def provenance(self) -> str:
        """Whose words the answer's sentences are: 'Quotations, word for word'.

        Where quotes are from accounts of abstracts, it says of which.
        """
        if self.mode == "library":
            return "From the library's records"
        whose = "Quotations, word for word"
        if self.mode == "llm":
            whose = f"Answer by {self.model or 'an LLM'}, each sentence checked"
        return whose + describe_quotes([c for s in self.sentences for c in s.citations])

    def export(self, format: AnswerFormat) -> str:
        """Returns the answer as the text of a file.

        ``markdown`` is the answer with its references and quotes; ``csv``, ``bibtex``, ``csl`` and
        ``ris`` are the cited papers, each with the quotes taken from it.

        Raises:
            QuestionError: the format is none of these.
        """
        # The writers of bibliographies take a quarter of a second to import.
        from assistant.export.answers import export_answers

        return export_answers([self], format)

    def to_dict(self) -> dict[str, Any]:
        """Returns the answer as JSON types, keys in the order a reader wants them."""
        abstention = dataclasses.asdict(self.abstention) if self.abstention else None
        if abstention:
            for name in ("closest", "nearest", "unmatched"):
                abstention[name] = list(abstention[name])
        return {
            "schema": ANSWER_SCHEMA,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "text": self.text,
            "answerability": self.answerability,
            "abstained": self.abstained,
            "abstention": abstention,
            "confidence": self.confidence,
            "caveat": self.caveat,
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
                {
                    **dataclasses.asdict(s),
                    "authors": list(s.authors),
                    "editors": list(s.editors),
                    "family_names": list(s.family_names),
                    "suspect": [dataclasses.asdict(one) for one in s.suspect],
                    "shown_title": s.shown_title,
                }
                for s in self.sources
            ],
            "mode": self.mode,
            "model": self.model,
            "prompts": dict(self.prompts),
            "dropped_citations": self.dropped_citations,
            "missing": self.missing,
            "premise": dataclasses.asdict(self.premise) if self.premise else None,
            "search_queries": list(self.search_queries),
            "complete": self.complete,
            "survey": _list_survey(self.survey) if self.survey else None,
            "read_filters": dataclasses.asdict(self.read_filters) if self.read_filters else None,
            "usage": dataclasses.asdict(self.usage),
            "timings_ms": dict(self.timings_ms),
            "notices": list(self.notices),
        }

    @classmethod
    def from_dict(cls, record: Any) -> Answer:
        """Returns the answer that ``to_dict`` wrote as ``record``; unknown keys do not matter.

        Raises:
            QuestionError: it is not an answer, or one of another version.
        """
        if not isinstance(record, dict):
            raise QuestionError(f"a saved answer must be an object, not {type(record).__name__}")
        if record.get("schema") != ANSWER_SCHEMA:
            raise QuestionError(
                f"a saved answer has schema {record.get('schema')!r} where this version reads "
                f"{ANSWER_SCHEMA}"
            )
        return read_record(cls, record, "a saved answer")


def _list_survey(survey: SurveyCount) -> dict[str, Any]:
    """Returns the counts and papers of ``survey`` as JSON types."""
    listed = [
        {**dataclasses.asdict(p), "authors": list(p.authors), "sentences": list(p.sentences)}
        for p in survey.papers
    ]
    return {**dataclasses.asdict(survey), "papers": listed}
