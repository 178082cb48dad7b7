"""Closed classes of English words that tell how a turn is built, as alternatives in patterns."""

from __future__ import annotations


def _alternatives(words: str) -> str:
    return "|".join(words.split())


AUXILIARIES = _alternatives(
    "is are was were be been do does did has have had can could will would should may might must"
)
QUESTION_WORDS = _alternatives("what which who whose whom where when why how")
PREPOSITIONS = _alternatives(
    "of in on for with by from to at as than like about behind after before through over under "
    "against between without within into beyond during across"
)
WORKS = r"(?:papers?|works?|stud(?:y|ies)|articles?)"
SYSTEMS = r"(?:approach(?:es)?|methods?|models?|systems?|datasets?)"
