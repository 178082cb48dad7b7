"""A model's reply to sentences with the labels they cite, while the reply still comes.

A sentence is done when the first word of the next one is: until then a label may follow its full
stop. The words that were given out for a sentence, joined, are the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from assistant.answer.writing.cleaning import clean_word, find_addresses, strip_list_marks
from assistant.answer.writing.markers import Marker, MarkerFilter
from assistant.llm.search_queries import read_queries
from assistant.text.sentences import MAX_SENTENCE_CHARS, may_end, split_sentences

NOT_STATED = "NOT STATED"
MISSING = "MISSING:"
SEARCH = "SEARCH:"
"""What the prompt asks for where the sources do not answer, or not wholly, and what could."""

CORRECTION = "CORRECTION:"
"""What begins a sentence that corrects what the question takes for granted."""

_REPLIES = (NOT_STATED, MISSING, SEARCH, CORRECTION)

MAX_HELD_CHARS = 60
"""A longer run without a space is given out as it is: some scripts have none."""

_PROTOCOL_MARKUP = re.compile(r"^[\s*_#>`\"'\[(]+")
_SUBJECT = (
    r"(?:listed |provided |given |available |above |cited )*(?:sources?|sentences?|passages?"
    r"|abstracts?|papers?|texts?|library|information|context|documents?)"
)
_DENIAL = re.compile(
    rf"\b{_SUBJECT}\b[^.]{{0,60}}\b(?:do(?:es)? not|don't|doesn't|did not|cannot|can't|fails? to"
    r"|never) (?:\w+ )?(?:state|mention|say|specify|provide|contain|include|report|give|discuss"
    r"|address|answer|describe|indicate|disclose|explain|name|tell|offer|have|list)\b"
    rf"|\b(?:is|are|was|were) not (?:\w+ )?(?:stated|mentioned|specified|provided|contained"
    rf"|included|reported|given|discussed|addressed|described|disclosed|available|found|named)\b"
    rf"[^.]{{0,40}}\b(?:in|by|from) (?:the|these|those|any|this)(?: of the)? {_SUBJECT}"
    rf"|\bno {_SUBJECT}\b[^.]{{0,40}}\b(?:states?|mentions?|says?|specif\w+|provid\w+|contains?"
    r"|reports?|gives?|answers?|addresse?s?)\b"
    r"|\b(?:i|we) (?:cannot|can't|could not|couldn't|am unable to|are unable to|do not|don't) "
    r"(?:answer|find|determine|provide|know|have)\b"
    r"|\bthere is no (?:\w+ )?(?:mention|information|statement)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class DraftSentence:
    """One sentence as the model wrote it, and the labels it cites in order.

    ``corrects`` says that it corrects what the question takes for granted.
    """

    text: str = ""
    labels: dict[str, None] = field(default_factory=dict)
    n_unknown: int = 0
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class SentenceBegun:
    """A sentence begins."""

    index: int


@dataclass(frozen=True, slots=True)
class WordsAdded:
    """The next words of a sentence, with the space before them where there is one."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class SentenceEnded:
    """A sentence is done, and so are its labels."""

    index: int
    sentence: DraftSentence


DraftEvent = SentenceBegun | WordsAdded | SentenceEnded


class DraftReader:
    """Reads a reply; ``sentences``, ``not_stated``, ``missing`` and ``n_unknown`` say what it was.

    ``not_stated`` is whether the model said that the sources do not answer, ``missing`` what it
    says they lack ("" where it names nothing), ``n_unknown`` how many labels do not exist.
    """

    def __init__(self, labels: Collection[str], shown: str = "") -> None:
        """Reads with ``labels`` as those that exist; ``shown`` is the text the model was given."""
        self.sentences: list[DraftSentence] = []
        self.not_stated = False
        self.missing: str | None = None
        self.queries: tuple[str, ...] = ()
        self.n_unknown = 0
        self._markers = MarkerFilter(labels, shown)
        self._addresses = find_addresses(shown)
        self._line = ""  # what is not given out yet, from the line's beginning on where undecided
        self._at_line_start = True
        self._current: DraftSentence | None = None
        self._leading = False  # whether labels stand before their sentences
        self._waiting: list[Marker] = []
        self._corrects = False

    def feed(self, piece: str) -> Iterator[DraftEvent]:
        """Yields what is sure after ``piece``."""
        for item in self._markers.feed(piece):
            yield from self._take(item)

    def finish(self) -> Iterator[DraftEvent]:
        """Yields the rest after the reply's end."""
        for item in self._markers.finish():
            yield from self._take(item)
        yield from self._flush(line_ends=True)
        yield from self._end()

    def _take(self, item: str | Marker) -> Iterator[DraftEvent]:
        if isinstance(item, Marker):
            yield from self._add_marker(item)
            return
        first, *rest = item.replace("\r", "\n").split("\n")
        yield from self._add(first)
        for line in rest:
            yield from self._flush(line_ends=True)
            self._at_line_start = True
            yield from self._add(line)

    def _add(self, text: str) -> Iterator[DraftEvent]:
        self._line += text
        if " " in self._line or "\t" in self._line or len(self._line) > MAX_HELD_CHARS:
            yield from self._flush()

    def _add_marker(self, marker: Marker) -> Iterator[DraftEvent]:
        yield from self._flush(word_ends=True)
        self.n_unknown += marker.n_unknown
        if self._line.strip():
            # What is held back is an agreed reply, which cites nothing.
            return
        begins = self._at_line_start and self._current is None and not self.sentences
        self._leading = self._leading or begins
        if begins or (self._leading and self._at_line_start):
            yield from self._end()
            self._waiting.append(marker)
        elif self._current is not None:
            _cite(self._current, marker)

    def _flush(self, word_ends: bool = False, line_ends: bool = False) -> Iterator[DraftEvent]:
        """Gives out the complete words of the line, and ends sentences that are done."""
        if self._at_line_start:
            self._take_correction_mark()
        whole = word_ends or line_ends or len(self._line) > MAX_HELD_CHARS
        cut = len(self._line) if whole else _find_word_start(self._line)
        ready, rest = self._line[:cut], self._line[cut:]
        if self._at_line_start and ready.strip():
            if self._is_protocol(ready + rest, line_ends):
                if line_ends:
                    self._line = ""
                return
            if self.not_stated and not self.sentences:
                # What a model adds to its refusal is no answer.
                self._line = "" if line_ends else self._line
                return
            ready = strip_list_marks(ready)
            if not any(char.isalnum() for char in ready):
                # Bullets and rules are no text, whatever comes after them.
                self._line = rest if whole else ready + rest
                return
            if self._current is not None:
                yield from self._end()
        self._line = rest
        for word in re.findall(r"\s+|\S+", ready):
            yield from self._add_word(" " if word.isspace() else clean_word(word, self._addresses))
        if ready.strip():
            self._at_line_start = False

    def _add_word(self, word: str) -> Iterator[DraftEvent]:
        if not word:
            return
        if self._current is None:
            if not any(c.isalnum() for c in word):
                return
            yield from self._begin()
        assert self._current is not None
        if word == " ":
            if not self._current.text.endswith(" "):
                self._current.text += " "
            return
        before = self._current.text
        if before.endswith(" ") and word[0] in ".,;:!?)" and not word[1:2].isalnum():
            # A label stood between the last word and its stop.
            before = before.rstrip()
        full = before and len(before) + len(word) > MAX_SENTENCE_CHARS
        spans = split_sentences(before + word) if may_end(before) else ()
        if full or (len(spans) > 1 and spans[-1].start >= len(before.rstrip())):
            yield from self._end()
            yield from self._add_word(word)
            return
        space = " " if before.endswith(" ") else ""
        self._current.text = before + word
        yield WordsAdded(len(self.sentences) - 1, space + word)

    def _begin(self) -> Iterator[DraftEvent]:
        self._current = DraftSentence(corrects=self._corrects)
        self._corrects = False
        for marker in self._waiting:
            _cite(self._current, marker)
        self._waiting.clear()
        self.sentences.append(self._current)
        yield SentenceBegun(len(self.sentences) - 1)

    def _end(self) -> Iterator[DraftEvent]:
        if self._current is not None:
            self._current.text = self._current.text.strip()
            yield SentenceEnded(len(self.sentences) - 1, self._current)
            self._current = None

    def _is_protocol(self, line: str, line_ends: bool) -> bool:
        """Whether ``line`` is, or may become, one of the agreed replies; notes it when it is."""
        bare = _PROTOCOL_MARKUP.sub("", line)
        upper = bare.upper()
        if upper.startswith(MISSING):
            if line_ends:
                found = clean_line(bare[len(MISSING) :], self._addresses)
                self.missing = f"{self.missing} {found}".strip() if self.missing else found
            return True
        if upper.startswith(SEARCH):
            if line_ends:
                self.queries = read_queries(bare[len(SEARCH) :])
            return True
        if upper.startswith(NOT_STATED):
            self.not_stated = True
            return True
        if line_ends:
            return False
        return any(word.startswith(upper.rstrip()) for word in _REPLIES)

    def _take_correction_mark(self) -> None:
        bare = _PROTOCOL_MARKUP.sub("", self._line)
        if bare.upper().startswith(CORRECTION):
            self._corrects = True
            self._line = bare[len(CORRECTION) :].lstrip(" \t*_")


def is_denial(sentence: str) -> bool:
    """Returns whether a sentence says that the sources do not state something."""
    return _DENIAL.search(sentence) is not None


def clean_line(text: str, addresses: Collection[str] = ()) -> str:
    """Returns one line of a model's text as plain words, without the stop at its end."""
    words = (clean_word(word, addresses) for word in text.split())
    return " ".join(word for word in words if word).strip(" .*_")


def _cite(sentence: DraftSentence, marker: Marker) -> None:
    sentence.labels.update(dict.fromkeys(marker.labels))
    sentence.n_unknown += marker.n_unknown


def _find_word_start(text: str) -> int:
    """Returns the offset after the last white space of ``text``, 0 where there is none."""
    return max(text.rfind(" "), text.rfind("\t")) + 1
