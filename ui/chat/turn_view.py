"""A turn of the chat as JSON for the browser: what ``chat/static/conversation.js`` draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant_ui.parts.paper_view import paper_view, reference_view

from assistant import (
    AbstentionReason,
    Answer,
    Checked,
    Citation,
    Cited,
    Done,
    Event,
    Noticed,
    Paper,
    Progressed,
    Replaced,
    Retrieved,
    SearchedAgain,
    Sentence,
    SentenceStarted,
    Source,
    TextAdded,
    describe_notice,
    describe_paper,
    describe_text,
)

FindPaper = Callable[[str], Paper | None]
"""Returns a paper by its id; None where the library does not hold it any more."""

State = Literal["reading", "searching", "writing", "done", "stopped", "failed"]

_TITLES: dict[AbstentionReason, str] = {
    "nothing_relevant": "Nothing found",
    "not_stated": "Nothing found in these papers",
    "not_supported": "Not borne out by these papers",
    "other_language": "Not read: ask in English",
}


def turn_view(
    turn_id: str,
    answer: Answer,
    find_paper: FindPaper,
    *,
    ratings: Mapping[int, str] | None = None,
    suggestions: Sequence[str] = (),
) -> dict[str, Any]:
    """Returns a finished turn as JSON types.

    Args:
        turn_id: its id within the chat.
        answer: the answer or abstention.
        find_paper: gives the papers whose abstracts are shown.
        ratings: "up" or "down" by the index of the sentence.
        suggestions: questions to ask instead, for an abstention.
    """
    ratings = ratings or {}
    abstention = answer.abstention
    cited = any(source.cited for source in answer.sources)
    provenance = answer.provenance if cited and not abstention else ""
    asked = answer.standalone_question
    listed = answer.survey.papers if answer.survey else ()
    names = {one.sentences[0]: one.name for one in listed}
    grouped = answer.survey.groups if answer.survey else ()
    groups = {papers[0].sentences[0]: group for group, papers in grouped}
    return {
        "id": turn_id,
        "question": answer.question,
        "standalone": asked if asked != answer.question else None,
        "state": "done",
        "error": None,
        "caveat": answer.caveat or answer.correction,
        "heading": answer.survey.heading if answer.survey and not abstention else "",
        "statement": answer.text if answer.mode == "library" else "",
        "read_filters": answer.read_filters is not None,
        "unread": unread_line(answer),
        "progress": "",
        "sentences": []
        if abstention
        else [
            {
                **sentence_view(index, sentence, ratings.get(index)),
                "group": groups.get(index, ""),
                "paper": names.get(index, ""),
            }
            for index, sentence in enumerate(answer.sentences)
        ],
        "table": answer.survey is not None and answer.survey.is_table,
        "shortfall": "" if abstention else answer.shortfall,
        "provenance": provenance,
        "notices": list(answer.notices),
        "complete": answer.complete,
        "usage": usage_line(answer),
        "abstention": None
        if abstention is None
        else {
            "reason": abstention.reason,
            "title": _TITLES[abstention.reason],
            "message": abstention.message,
            "suggestions": list(suggestions),
        },
        "sources": sources_view(answer, find_paper),
        "markdown": answer.export("markdown"),
        "plain": plain_text(answer),
    }


def plain_text(answer: Answer) -> str:
    """Returns the answer as text to paste: its sentences, then its references."""
    cited = [source for source in answer.sources if source.cited and not answer.abstained]
    return "\n\n".join(filter(None, (answer.text, "\n".join(map(_reference_line, cited)))))


def _reference_line(source: Source) -> str:
    """Returns '[1] A and B (2021). Title. Venue. https://...', without what is not known."""
    view = reference_view(source)
    year = f"({source.year})" if source.year else ""
    who = " ".join(filter(None, (view["authors"], year)))
    parts = (who, source.title, source.venue, view["link"] or view["url"])
    line = f"[{source.label}] " + ". ".join(part.rstrip(". ") for part in parts if part)
    return f"{line} ({view['told']})" if view["told"] else line


def sentence_view(index: int, sentence: Sentence, rating: str | None = None) -> dict[str, Any]:
    """Returns a checked sentence as JSON types."""
    return {
        "index": index,
        "text": sentence.text,
        "verdict": sentence.verdict,
        "score": sentence.score,
        "explanation": explanation(sentence),
        "remark": sentence.remark,
        "citations": citations_view(sentence.citations),
        "rating": rating,
    }


def citations_view(citations: Sequence[Citation]) -> list[dict[str, str]]:
    """Returns each cited paper once, in order.

    ``mark`` is what stands beside its label, and ``told`` says it in full.
    """
    papers = {citation.label: citation for citation in citations}
    return [
        {
            "label": label,
            "paper_id": one.paper_id,
            "told": describe_paper(one),
            "mark": ", ".join(
                filter(
                    None,
                    (
                        describe_notice(one.notice),
                        "account" if one.text_kind == "account" else "",
                    ),
                )
            ),
        }
        for label, one in papers.items()
    ]


def explanation(sentence: Sentence) -> str:
    """Returns what the verdict means for this sentence, with its score; for a tooltip."""
    score = f"score {sentence.score:.2f}"
    if sentence.verdict == "verbatim":
        told = next(filter(None, (describe_text(c.text_kind) for c in sentence.citations)), "")
        if told:
            return f"Word for word from an {told} ({score})."
        return f"Verbatim: the paper's own sentence, word for word ({score})."
    if any(flag.kind == "language" for flag in sentence.flags):
        return "Unchecked: it is written in another language than its sources."
    if sentence.verdict == "unchecked":
        return "Unchecked: the answer ended before this sentence could be checked."
    words = (
        ""
        if sentence.lexical is None
        else f" The quotes hold {sentence.lexical * 100:.0f} % of its telling words."
    )
    judge = f" The judging LLM says: {sentence.judge.replace('_', ' ')}." if sentence.judge else ""
    if sentence.verdict == "supported":
        return f"Supported ({score}): it agrees with the quotes it cites.{words}{judge}"
    return f"Unsupported ({score}): the quotes do not bear it out.{words}{judge}"


def usage_line(answer: Answer) -> str:
    """Returns the tokens and their price; '' where no LLM was asked."""
    usage = answer.usage
    n_tokens = usage.prompt_tokens + usage.completion_tokens
    if not n_tokens:
        return ""
    cost = "" if usage.cost_usd is None else f", ${usage.cost_usd:.4f}"
    return f"{n_tokens:,} tokens{cost}"


def unread_line(answer: Answer) -> str:
    """Returns what reading the papers that were left unread would take; '' where none were."""
    rest = answer.survey.unread if answer.survey else None
    return f"Read the other {rest.n_papers:,} too ({rest})" if rest else ""


def sources_view(answer: Answer, find_paper: FindPaper) -> list[dict[str, Any]]:
    """Returns the papers of the answer, cited and closest ones first, with their abstracts."""
    closest = answer.abstention.closest if answer.abstention else ()
    quoted = [(i, c) for i, sentence in enumerate(answer.sentences) for c in sentence.citations]
    if answer.abstention:
        quoted = list(enumerate(answer.abstention.nearest))
    views = []
    for source in answer.sources:
        quotes = [(i, citation) for i, citation in quoted if citation.paper_id == source.paper_id]
        views.append(
            {
                **source_view(source, find_paper(source.paper_id), quotes),
                "closest": source.paper_id in closest,
            }
        )
    return sorted(views, key=lambda view: (not view["cited"], not view["closest"]))


def source_view(
    source: Source, paper: Paper | None, quotes: Sequence[tuple[int, Citation]]
) -> dict[str, Any]:
    """Returns one source as a card; ``changed`` where its quotes are no longer at their place."""
    there = [(index, citation) for index, citation in quotes if paper and citation.is_in(paper)]
    # A title is above its card and cannot be marked in the abstract.
    kept = [(c.start, c.end, index) for index, c in there if not c.of_title]
    card = paper_view(paper, kept) if paper else {**reference_view(source), "abstract": []}
    return {
        **card,
        "label": source.label if source.cited else None,
        "cited": source.cited,
        "closest": False,
        "changed": paper is None or len(there) < len(quotes),
        "score": source.score,
    }


@dataclass
class LiveTurn:
    """A turn while it is being answered: events in, views out."""

    turn_id: str
    question: str
    find_paper: FindPaper
    state: State = "reading"
    standalone: str | None = None
    error: str | None = None
    progress: str = ""
    notices: list[str] = field(default_factory=list)
    answer: Answer | None = None
    _sentences: dict[int, dict[str, Any]] = field(default_factory=dict)
    _quotes: dict[str, list[tuple[int, Citation]]] = field(default_factory=dict)
    _sources: tuple[Source, ...] = ()

    def take(self, event: Event) -> None:
        """Takes the next event of ``Chat.stream``."""
        if isinstance(event, Retrieved):
            self.state = "searching"
            self._sources = event.sources
            if event.standalone_question != self.question.strip():
                self.standalone = event.standalone_question
        elif isinstance(event, Progressed):
            self.progress = f"{event.n_done:,} of {event.n_total:,} {event.what}"
        elif isinstance(event, SentenceStarted):
            self.state, self.progress = "writing", ""
            self._sentences[event.index] = _new_sentence(event.index)
        elif isinstance(event, TextAdded):
            self._sentences[event.index]["text"] += event.text
        elif isinstance(event, Cited):
            quotes = self._quotes.setdefault(event.citation.paper_id, [])
            quotes.append((event.index, event.citation))
            cited = self._sentences[event.index]["citations"]
            if all(given["label"] != event.citation.label for given in cited):
                cited.extend(citations_view([event.citation]))
        elif isinstance(event, Checked):
            self._sentences[event.index] = sentence_view(event.index, event.sentence)
        elif isinstance(event, Replaced):
            self._replace(event)
        elif isinstance(event, SearchedAgain):
            self.state = "searching"
            self._sources = event.sources
            self.notices.append(event.line)
        elif isinstance(event, Noticed):
            self.notices.append(event.message)
        elif isinstance(event, Done):
            self.state = "done"
            self.answer = event.answer

    def _replace(self, event: Replaced) -> None:
        for quotes in self._quotes.values():
            quotes[:] = [quote for quote in quotes if quote[0] != event.index]
        if event.sentence is None:
            self._sentences.pop(event.index, None)
            return
        self._sentences[event.index] = sentence_view(event.index, event.sentence)
        for citation in event.sentence.citations:
            self._quotes.setdefault(citation.paper_id, []).append((event.index, citation))

    def view(self) -> dict[str, Any]:
        """Returns the turn as it stands, as JSON types."""
        if self.answer is not None:
            return turn_view(self.turn_id, self.answer, self.find_paper)
        return {
            "id": self.turn_id,
            "question": self.question,
            "standalone": self.standalone,
            "state": self.state,
            "error": self.error,
            "caveat": "",
            "heading": "",
            "statement": "",
            "read_filters": False,
            "unread": "",
            "progress": self.progress,
            "table": False,
            "sentences": [self._sentences[index] for index in sorted(self._sentences)],
            "shortfall": "",
            "provenance": "",
            "notices": list(self.notices),
            "complete": True,
            "usage": "",
            "abstention": None,
            "sources": [self._live_source(source) for source in self._cited()],
            "markdown": "",
            "plain": "",
        }

    def _cited(self) -> list[Source]:
        return [source for source in self._sources if self._quotes.get(source.paper_id)]

    def _live_source(self, source: Source) -> dict[str, Any]:
        quotes = self._quotes[source.paper_id]
        card = source_view(source, self.find_paper(source.paper_id), quotes)
        return {**card, "cited": True, "label": quotes[0][1].label}


def _new_sentence(index: int) -> dict[str, Any]:
    return {
        "index": index,
        "text": "",
        "verdict": None,
        "score": None,
        "explanation": "",
        "remark": "",
        "citations": [],
        "rating": None,
    }
