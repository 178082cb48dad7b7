"""Questions that the library at hand answers: to begin with, and after an abstention."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from assistant import Assistant, AssistantError, Paper
from assistant.text.terms import STOP_WORDS

N_EXAMPLES = 4
N_INSTEAD = 3
MIN_ANSWERABILITY = 0.5
"""A question offered to a visitor should not be one that is just about answered."""

_NAMED = re.compile(r"^([A-Z][\w+./-]{2,24}(?: [\w+.-]{1,12})?): \S")
_WORD = re.compile(r"[A-Za-z][a-z]+(?:-[A-Za-z]+)*")
_COMMON_IN_TITLES = (
    "analysis approach based can do evaluating evaluation exploring improving language large "
    "learning less method methods model models more need new review small study survey toward "
    "towards understanding use using via without"
)
_PLAIN = STOP_WORDS.union(_COMMON_IN_TITLES.split())
_MIN_PAPERS_OF_A_TOPIC = 3
_MAX_TRIED = 16


def paper_question(paper: Paper) -> str | None:
    """Returns a question about what a paper's title names; None where it names nothing."""
    named = _NAMED.match(paper.title)
    if not named or not STOP_WORDS.isdisjoint(named[1].lower().split()):
        return None
    return f"What is {named[1]}?"


def topic_question(topic: str) -> str:
    """Returns a question for every paper on a topic."""
    return f"Which papers study {topic}?"


def topics(papers: Sequence[Paper]) -> list[str]:
    """Returns what several papers are about, most papers first.

    Keywords where the papers have them, else neighbouring words of their titles.
    """
    has_keywords = any(paper.keywords for paper in papers)
    counts = Counter(topic for paper in papers for topic in _topics_of(paper, has_keywords))
    frequent = [(-n, topic) for topic, n in counts.items() if n >= _MIN_PAPERS_OF_A_TOPIC]
    # A topic of a third of the library tells nothing of it.
    return [topic for n, topic in sorted(frequent) if -n <= max(8, len(papers) // 3)]


def _topics_of(paper: Paper, has_keywords: bool) -> set[str]:
    if has_keywords:
        return {keyword.lower() for keyword in paper.keywords}
    return set(_title_pairs(paper.title))


def _title_pairs(title: str) -> Iterator[str]:
    words = [word.lower() for word in _WORD.findall(title)]
    for first, second in pairwise(words):
        if first not in _PLAIN and second not in _PLAIN:
            yield f"{first} {second}"


def example_questions(assistant: Assistant) -> list[str]:
    """Returns up to ``N_EXAMPLES`` questions that the library answers, of several kinds."""
    papers = assistant.papers()
    if not papers:
        return []
    subjects = [topic_question(topic) for topic in topics(papers)]
    # Spread over the library.
    spread = papers[:: max(1, len(papers) // 100)]
    named = [question for paper in spread if (question := paper_question(paper))]
    found = list(choose_answered(assistant, subjects, N_EXAMPLES // 2))
    return found + list(choose_answered(assistant, named, N_EXAMPLES - len(found)))


def questions_instead(assistant: Assistant, closest: Sequence[str]) -> list[str]:
    """Returns up to ``N_INSTEAD`` questions on the closest papers that the library answers.

    Args:
        assistant: the library.
        closest: ids of papers; those that are not there any more are passed over.
    """
    papers = assistant.papers()
    of_closest = [paper for paper in papers if paper.paper_id in set(closest)]
    of_closest.sort(key=lambda paper: closest.index(paper.paper_id))
    known = topics(papers)
    has_keywords = any(paper.keywords for paper in papers)
    questions: dict[str, None] = {}
    for paper in of_closest:
        if question := paper_question(paper):
            questions[question] = None
        of_paper = _topics_of(paper, has_keywords)
        questions |= {topic_question(topic): None for topic in known if topic in of_paper}
    return list(choose_answered(assistant, questions, N_INSTEAD))


def choose_answered(assistant: Assistant, questions: Iterable[str], n_wanted: int) -> Iterator[str]:
    """Yields the first ``n_wanted`` of the questions that the library is likely to answer."""
    n_found = 0
    for n_tried, question in enumerate(questions):
        if n_found >= n_wanted or n_tried >= _MAX_TRIED:
            return
        if is_answered(assistant, question):
            n_found += 1
            yield question


def is_answered(assistant: Assistant, question: str) -> bool:
    """Returns whether the library is likely to answer; no LLM is asked."""
    from assistant import Retrieved

    events = assistant.stream(question)
    try:
        first = next(events)
    except AssistantError:
        return False
    finally:
        events.close()
    return isinstance(first, Retrieved) and first.answerability >= MIN_ANSWERABILITY


class ExampleQuestions:
    """The example questions of a library, found once for each of its states."""

    def __init__(self) -> None:
        self._finding = threading.Lock()
        self._found: tuple[str, list[str]] | None = None

    def of(self, assistant: Assistant) -> list[str]:
        """Returns the examples of the library as it is now."""
        with self._finding:
            found = self.found(assistant)
            if found is None:
                digest = assistant.stats().digest
                found = example_questions(assistant)
                self._found = digest, found
            return found

    def found(self, assistant: Assistant) -> list[str] | None:
        """Returns the examples of the library as it is now; None where ``of`` has yet to run."""
        found = self._found
        return found[1] if found and found[0] == assistant.stats().digest else None
