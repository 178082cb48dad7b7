"""Every function of the product that reads a text somebody else wrote, and how long that may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import Any

from assistant import Answer
from assistant.answer.asking import read_question
from assistant.answer.records.reading import MAX_CHARACTERS as MAX_RECORDS_CHARS
from assistant.answer.records.reading import read_records_question
from assistant.answer.survey.judgements import read_reply as read_judgements
from assistant.answer.survey.mentions import compile_phrase
from assistant.answer.survey.recognition import asks_for_papers, find_order, is_survey
from assistant.answer.writing.cleaning import clean_word, find_addresses
from assistant.answer.writing.draft import DraftReader, clean_line, is_denial
from assistant.answer.writing.revision import read_revision
from assistant.conversation import cues, mentions
from assistant.conversation.anaphora import find_anaphors
from assistant.conversation.follow_ups import MAX_CHARACTERS as MAX_TURN_CHARS
from assistant.conversation.follow_ups import condense
from assistant.conversation.rewriting import find_fault, read_reply
from assistant.conversation.small_talk import is_small_talk
from assistant.conversation.turns import PastTurn
from assistant.embeddings.minilm import MiniLM
from assistant.evidence.injection import flag_instructions, is_instruction
from assistant.evidence.question import analyse_question
from assistant.export.answers import write_markdown
from assistant.export.papers import export_papers
from assistant.grounding.checker import Checker, SourceSentence
from assistant.grounding.claim_parts import MAX_CLAIM_CHARS, MAX_SOURCE_CHARS
from assistant.grounding.judge import read_label
from assistant.ingest import read_papers
from assistant.ingest.formats import Format
from assistant.ingest.identity import slug, title_key
from assistant.ingest.papers import MAX_ABSTRACT_CHARS, MAX_TITLE_CHARS
from assistant.llm.fencing import neutralise
from assistant.llm.search_queries import read_queries
from assistant.llm.thoughts import Thoughts
from assistant.retrieval.query import QueryCleaner
from assistant.settings import load_settings
from assistant.store.lexical_index import LexicalIndex
from assistant.text import (
    language,
    latex,
    name_lists,
    name_matching,
    person_names,
    repair,
    venue_matching,
)
from assistant.text.passages import chunk_paper
from assistant.text.questions import MAX_QUESTION_CHARS
from assistant.text.sentences import split_sentences
from assistant.text.terms import extract_terms
from assistant.text.tokens import count_tokens
from assistant.types import Citation, Paper, Sentence

MAX_REPLY_CHARS = 18_000
"""Longer replies are broken off: 12 characters for each of the 1,500 tokens that are asked for."""

MAX_NAME_CHARS = 2_000
MAX_FILE_CHARS = 250_000
"""A small file; its records are bounded by themselves."""

_PIECE = 20
"""Characters of a reply that come at once."""

_SOURCE = (
    "We train 12 models of 7B parameters on 30 % more data. Accuracy rises from 61.2 to 74.5 "
    "points, and latency is 3 times lower than that of the Aalto baseline. No label is needed."
)
_CLAIM = "Training 12 models of 7B parameters raises accuracy to 74.5 points without labels."
_PAPER = Paper("ames2020otters", "Otters and their kin", _SOURCE, ("Rhea Ames",), 2020, "Nature")


@dataclass(frozen=True, slots=True)
class TextFunction:
    """A function of one text; texts longer than ``limit`` characters never reach it."""

    name: str
    call: Callable[[str], Any]
    limit: int


def list_functions() -> list[TextFunction]:
    """Returns all functions."""
    return [
        *(TextFunction(name, call, MAX_ABSTRACT_CHARS) for name, call in _OF_ABSTRACTS.items()),
        *(TextFunction(name, call, MAX_TITLE_CHARS) for name, call in _OF_TITLES.items()),
        *(TextFunction(name, call, MAX_QUESTION_CHARS) for name, call in _OF_QUESTIONS.items()),
        *(TextFunction(name, call, MAX_NAME_CHARS) for name, call in _OF_NAMES.items()),
        *(TextFunction(name, call, MAX_REPLY_CHARS) for name, call in _OF_REPLIES.items()),
        *(TextFunction(f"read_papers {f}", _reader(f), MAX_FILE_CHARS) for f in _WRAPPED),
        TextFunction("find_anaphors", find_anaphors, MAX_TURN_CHARS),
        TextFunction("read_records_question", _read_records, MAX_RECORDS_CHARS),
        TextFunction("check: claim", lambda text: _check(text, _SOURCE), MAX_CLAIM_CHARS),
        TextFunction("check: source", lambda text: _check(_CLAIM, text), MAX_SOURCE_CHARS),
        TextFunction(
            "check: both", lambda text: _check(text, f"So {_turn(text) * 9}"), MAX_CLAIM_CHARS
        ),
        TextFunction("check: cited", _check_cited, MAX_ABSTRACT_CHARS),
        TextFunction("check: words' vectors", _check_by_words, MAX_CLAIM_CHARS),
    ]


class _FewRecords:
    """Records in which every third name is an author's."""

    years = (2019, 2020)
    venues = ("Nature", "Journal of Otters")
    has_authors = has_years = has_venues = True

    def find_authors(self, name: str) -> tuple[str, ...]:
        return (name.title(),) if len(name) % 3 == 0 else ()


@cache
def _open_cleaner() -> QueryCleaner:
    return QueryCleaner(LexicalIndex.build([_SOURCE, "speculative decoding of attention"]))


@cache
def _open_model() -> MiniLM:
    return MiniLM(1)


@cache
def _open_checker(words: bool = False) -> Checker:
    from assistant.embeddings.embedder import open_embedder

    return Checker(words=open_embedder().words if words else None)


def _check(claim: str, source: str) -> Any:
    if _has_words(claim) and _has_words(source):
        return _open_checker().check_pair(source, claim)
    return None


def _turn(text: str) -> str:
    return " ".join(reversed(text.split()))


def _check_by_words(text: str) -> Any:
    return _has_words(text) and _open_checker(True).check_pair(f"So {_turn(text)}", text)


def _check_cited(text: str) -> Any:
    """An answer's sentence against those of two papers, one of which is the text."""
    papers = (
        _PAPER,
        replace(_PAPER, paper_id="other", title=text[:MAX_TITLE_CHARS], abstract=text),
    )
    passages = [
        SourceSentence(p.paper_id, p.title, p.abstract[span.start : span.end], span.number)
        for p in papers
        for span in split_sentences(p.abstract)
    ]
    cited = (0, len(passages) - 1)
    return _open_checker().check(_CLAIM, passages, cited, "How accurate are 12 models?")


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _recognise(text: str) -> Any:
    question = analyse_question(text)
    return is_survey(question), asks_for_papers(question), find_order(text)


def _ask(text: str) -> Any:
    return _has_words(text) and read_question(text, {}, load_settings(), llm_writes=False)


def _past(text: str) -> PastTurn:
    return PastTurn(text, text, text=text)


def _read_records(text: str) -> Any:
    return read_records_question(text, _FewRecords(), lambda word: len(word) % 2 == 0, 2026)


def _draft(text: str) -> Any:
    draft = DraftReader(["A1", "A2", "B1"], text)
    for start in range(0, len(text), _PIECE):
        list(draft.feed(text[start : start + _PIECE]))
    return list(draft.finish())


def _think(text: str) -> Any:
    thoughts = Thoughts()
    return [
        thoughts.strip(f"<think>{text}"[start : start + _PIECE])
        for start in range(0, len(text), _PIECE)
    ]


def _flag(text: str) -> Any:
    return flag_instructions(text, [(span.start, span.end) for span in split_sentences(text)])


def _answer(text: str) -> Answer:
    quote = Citation("1", "ames2020otters", text[:MAX_TITLE_CHARS], text, 0, len(text), 1)
    sentence = Sentence(text, "supported", 0.9, (quote,))
    return Answer(text, text, text, 0.9, sentences=(sentence,))


def _export(kind: Any) -> Callable[[str], Any]:
    return lambda text: list(export_papers([replace(_PAPER, abstract=text)], kind))


_WRAPPED: dict[Format, tuple[str, str]] = {
    "jsonl": ('{"title": "Otters", "abstract": "', '"}\n'),
    "csv": ('title,abstract\nOtters,"', '"\n'),
    "bibtex": ("@article{ames, title = {Otters}, abstract = {", "}}\n"),
    "ris": ("TY  - JOUR\nTI  - Otters\nAB  - ", "\nER  - \n"),
    "medline": ("PMID- 1\nTI  - Otters\nAB  - ", "\n\n"),
    "feed": ("How long otters dive\n", "\n"),
}
"""What stands round a text to make it a file of a format."""


def _reader(kind: Format) -> Callable[[str], Any]:
    before, after = _WRAPPED[kind]
    return lambda text: list(read_papers(BytesIO(f"{before}{text}{after}".encode()), format=kind))


_OF_ABSTRACTS: dict[str, Callable[[str], Any]] = {
    "split_sentences": split_sentences,
    "extract_terms": extract_terms,
    "repair": repair.repair,
    "decode": latex.decode,
    "decode, braces": lambda text: latex.decode(text, braces=True),
    "encode": latex.encode,
    "is_english": language.is_english,
    "may_share_language": lambda text: language.may_share_language(text, text[::-1]),
    "count_tokens": count_tokens,
    "count_pieces": lambda text: _open_model().count_pieces(text),
    "chunk_paper": lambda text: chunk_paper(replace(_PAPER, abstract=text)),
    "flag_instructions": _flag,
    "neutralise": neutralise,
    "find_addresses": find_addresses,
    "LexicalIndex.build": lambda text: LexicalIndex.build([text]),
    "list_mentions": lambda text: compile_phrase("otter").findall(text),
    "write_markdown": lambda text: write_markdown(_answer(text)),
    "export bibtex": _export("bibtex"),
    "export ris": _export("ris"),
    "export csl": _export("csl"),
}
_OF_TITLES: dict[str, Callable[[str], Any]] = {
    "is_instruction": is_instruction,
    "title_name": mentions.title_name,
    "title_key": title_key,
    "slug": slug,
}
_OF_NAMES: dict[str, Callable[[str], Any]] = {
    "person": person_names.person,
    "persons": name_lists.persons,
    "keyword_list": person_names.keyword_list,
    "match_names": lambda text: name_matching.match_names(text, text),
    "match_venues": lambda text: venue_matching.find_venues_with(text, (text, "Nature")),
}
_OF_QUESTIONS: dict[str, Callable[[str], Any]] = {
    "analyse_question": analyse_question,
    "is_survey": _recognise,
    "read_question": _ask,
    "QueryCleaner.clean": lambda text: _open_cleaner().clean(text),
    "condense": lambda text: condense(text, (_past("What are otters?"),)),
    "condense, after it": lambda text: condense("And how large is it?", (_past(text),)),
    "find_mentions": mentions.find_mentions,
    "drop_link": cues.drop_link,
    "find_length": cues.find_length,
    "wants_more": cues.wants_more,
    "may_be_of_answer": cues.may_be_of_answer,
    "find_other_topic": cues.find_other_topic,
    "is_small_talk": is_small_talk,
    "find_fault": lambda text: find_fault(text[:400], text, (_past(text),)),
}
_OF_REPLIES: dict[str, Callable[[str], Any]] = {
    "DraftReader": _draft,
    "read_revision": lambda text: read_revision(text, (0, 1), ("A1",), _SOURCE),
    "is_denial": is_denial,
    "clean_line": clean_line,
    "clean_word": clean_word,
    "read_reply": read_reply,
    "read_queries": read_queries,
    "read_label": read_label,
    "Thoughts": _think,
    "read_judgements": lambda text: read_judgements(text, ()),
}
