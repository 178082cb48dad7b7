"""How far each sentence of a paper says the question's words, by meaning and word by word.

For models that see each word in its text; where the embedder has none, there is none of this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.text.terms import extract_terms
from assistant.text.word_vectors import WordVectors
from assistant.types import Passage, SentenceSpan

_SCALE = 127.0
"""Word vectors are unit vectors times 127."""


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The content words of a question: ``vectors`` (n_words, dim) float32 of length 1, each
    word's ``weights`` (n_words,), its highest idf, and its stems.
    """

    vectors: NDArray[np.float32]
    weights: NDArray[np.float64]
    stems: tuple[frozenset[str], ...]

    def restrict_to(self, wanted: Collection[str]) -> QuestionWords:
        """Returns the same words, those that have none of the stems ``wanted`` without weight."""
        kept = [not stems.isdisjoint(wanted) for stems in self.stems]
        return replace(self, weights=self.weights * np.array(kept, dtype=bool))


@dataclass(frozen=True, slots=True)
class PaperWords:
    """The content words of one paper.

    ``vectors`` (n_words, dim) int8; ``places`` (n_words,) int32, ascending: 0 for a word of the
    title, else the number of its sentence.
    """

    vectors: NDArray[np.int8]
    places: NDArray[np.int32]


def weigh_question_words(
    question: str, words: WordVectors, idf: Callable[[str], float]
) -> QuestionWords:
    """Returns the content words of ``question``, whose own vectors ``words`` are."""
    stems = tuple(
        frozenset(extract_terms(question[start:end])) for start, end in words.spans.tolist()
    )
    weights = np.array([max((idf(stem) for stem in found), default=0.0) for found in stems])
    return QuestionWords(words.vectors.astype(np.float32) / _SCALE, weights, stems)


def place_paper_words(
    title: str,
    passages: Sequence[Passage],
    words: Sequence[WordVectors],
    spans: Sequence[SentenceSpan],
) -> PaperWords:
    """Returns the words of a paper from those of its embedded passages.

    ``words[i]`` belong to the text that was embedded for ``passages[i]``: the title, one sign,
    then the passage. The title's words are taken from the first passage.
    """
    ends = np.array([span.end for span in spans])
    offset = len(title) + 1 if title else 0
    vectors, places = [], []
    for i, (passage, found) in enumerate(zip(passages, words, strict=True)):
        starts = found.spans[:, 0] - offset
        number = 1 + np.searchsorted(ends, starts + passage.start, side="right")
        in_text = starts >= 0
        place = np.where(in_text, np.minimum(number, len(spans)), 0)
        kept = in_text if i else np.ones_like(in_text)
        vectors.append(found.vectors[kept])
        places.append(place[kept])
    if not vectors:
        return PaperWords(np.zeros((0, 0), dtype=np.int8), np.zeros(0, dtype=np.int32))
    return PaperWords(np.concatenate(vectors), np.concatenate(places).astype(np.int32))


def match_words(asked: QuestionWords, paper: PaperWords, n_sentences: int) -> NDArray[np.float64]:
    """Returns how well each asked word is met, (n_asked, 1 + n_sentences) float64 in [0, 1].

    Column 0 is the title, the others the sentences in order: the squared cosine of the nearest
    word there, 0 where it is below 0 or there is no word.

    Source: MaxSim of Khattab & Zaharia, "ColBERT", 2020, section 3.3, by sentence.
    """
    met = np.zeros((len(asked.weights), 1 + n_sentences))
    if not paper.places.size or not asked.weights.size:
        return met
    cosines = asked.vectors @ (paper.vectors.astype(np.float32) / _SCALE).T
    present, first = np.unique(paper.places, return_index=True)
    met[:, present] = np.maximum.reduceat(np.maximum(cosines, 0.0), first, axis=1) ** 2
    return np.minimum(met, 1.0)
