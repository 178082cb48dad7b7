"""What an answer is chosen from and judged by: a question, its best papers, how they match.

Gathered once for each question; extraction and abstention both read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.question import QuestionAnalysis
from assistant.evidence.sentence_match import SentenceMatch
from assistant.evidence.word_coverage import PaperWords, QuestionWords, match_words
from assistant.text.terms import extract_terms
from assistant.types import Paper, SentenceSpan

Idf = Callable[[str], float]

UNKNOWN_TERM = "\x00"
"""No text holds this term, so its idf is the highest a library can give."""


@dataclass(frozen=True, slots=True)
class CandidatePaper:
    """A paper found for the question, with its sentences.

    ``vectors`` are the sentences' L2-normalised embeddings, (n_sentences, dim) float32, in the
    order of ``spans``. ``score`` is the ranking's, higher is better; ``dense`` a cosine in
    [-1, 1]; ``lexical`` BM25, >= 0; ``dense_z`` and ``lexical_z`` the two, standardised over all
    that was searched for this question. ``words`` are the paper's words where the embedder gives
    them vectors.
    """

    row: int
    paper: Paper
    spans: tuple[SentenceSpan, ...]
    vectors: NDArray[np.float32]
    score: float
    dense: float
    lexical: float
    dense_z: float
    lexical_z: float
    words: PaperWords | None = None


@dataclass(frozen=True, slots=True)
class PaperEvidence:
    """One candidate and what of the question it holds.

    ``cosines`` (n_sentences,) are those of the question with each sentence; ``cosines_z`` the
    same, standardised over the sentences of all candidates, so that they mean the same for every
    embedder. ``met`` (n_asked_words, 1 + n_sentences) says how well the title and each sentence
    meet each asked word, in [0, 1]; None where words have no vectors. ``matches`` (n_sentences,)
    are the log shares of ``SentenceMatch`` and ``match_odds`` its log odds that one of them
    answers; None and 0 for vectors of another model than MiniLM.
    """

    candidate: CandidatePaper
    texts: tuple[str, ...]
    title_terms: frozenset[str]
    sentence_terms: tuple[frozenset[str], ...]
    all_terms: frozenset[str]
    cosines: NDArray[np.float64]
    cosines_z: NDArray[np.float64]
    met: NDArray[np.float64] | None
    matches: NDArray[np.float64] | None
    match_odds: float


@dataclass(frozen=True, slots=True)
class QuestionEvidence:
    """A question and its candidate papers, best first.

    ``idf`` weighs each of the question's terms by its rarity in the library; ``max_idf`` is the
    weight of a term that the library does not hold, ``known`` are those that it does, and ``rare``
    those of words that are no everyday English.
    ``words`` are the question's where every candidate has its words too, else None.
    """

    question: QuestionAnalysis
    papers: tuple[PaperEvidence, ...]
    idf: Mapping[str, float]
    max_idf: float
    known: frozenset[str]
    rare: frozenset[str]
    words: QuestionWords | None

    def weigh(self, stems: Sequence[str] | frozenset[str]) -> float:
        """Returns the sum of the idf of those ``stems`` that the question has."""
        return sum(self.idf.get(stem, 0.0) for stem in stems)


@dataclass(frozen=True, slots=True)
class ScoredEvidence:
    """Evidence with the probabilities read from it, all in [0, 1].

    ``papers`` (n_papers,) float64 sums to 1: which paper the question is about.
    ``sentences[k]`` (n_sentences,) float64: whether each sentence states something that is
    asked, supposing that the question is about paper ``k``.
    """

    evidence: QuestionEvidence
    papers: NDArray[np.float64]
    sentences: tuple[NDArray[np.float64], ...]


def gather_evidence(
    question: QuestionAnalysis,
    vector: NDArray[np.float32],
    candidates: Sequence[CandidatePaper],
    idf: Idf,
    is_known: Callable[[str], bool],
    words: QuestionWords | None = None,
    rare: frozenset[str] = frozenset(),
    match: SentenceMatch | None = None,
) -> QuestionEvidence:
    """Returns the evidence of ``candidates``, best first, for ``question``.

    ``vector`` is the question's L2-normalised embedding, (dim,) float32; ``idf`` and
    ``is_known`` tell a term's weight in the library and whether the library holds it; ``rare`` are
    the question's terms that are no everyday English, and ``match`` is for vectors of MiniLM.
    Candidates without sentences are left out.
    """
    if any(candidate.words is None for candidate in candidates):
        words = None
    elif words is not None:
        words = words.restrict_to(question.terms)
    with_text = [candidate for candidate in candidates if candidate.spans]
    cosines = [candidate.vectors.astype(np.float64) @ vector for candidate in with_text]
    vectors = [candidate.vectors for candidate in with_text]
    matches = match.score(vector, vectors) if match else [(None, 0.0)] * len(vectors)
    pooled = np.concatenate(cosines) if cosines else np.zeros(1)
    mean, spread = float(pooled.mean()), float(pooled.std()) or 1.0
    stems = dict.fromkeys([*question.terms, *(t for c in question.clauses for t in c)])
    return QuestionEvidence(
        question=question,
        papers=tuple(
            _gather_paper_evidence(candidate, cosine, (cosine - mean) / spread, words, matched)
            for candidate, cosine, matched in zip(with_text, cosines, matches, strict=True)
        ),
        idf={stem: idf(stem) for stem in stems},
        max_idf=idf(UNKNOWN_TERM),
        known=frozenset(stem for stem in stems if is_known(stem)),
        rare=rare.intersection(stems),
        words=words,
    )


def _gather_paper_evidence(
    candidate: CandidatePaper,
    cosines: NDArray[np.float64],
    cosines_z: NDArray[np.float64],
    words: QuestionWords | None,
    matched: tuple[NDArray[np.float64] | None, float],
) -> PaperEvidence:
    abstract = candidate.paper.abstract
    texts = tuple(abstract[span.start : span.end] for span in candidate.spans)
    title_terms = _extract_term_set(candidate.paper.title)
    sentence_terms = tuple(_extract_term_set(text) for text in texts)
    return PaperEvidence(
        candidate=candidate,
        texts=texts,
        title_terms=title_terms,
        sentence_terms=sentence_terms,
        all_terms=title_terms.union(*sentence_terms),
        cosines=cosines,
        cosines_z=cosines_z,
        met=match_words(words, candidate.words, len(texts)) if words and candidate.words else None,
        matches=matched[0],
        match_odds=matched[1],
    )


@lru_cache(maxsize=50_000)
def _extract_term_set(text: str) -> frozenset[str]:
    return frozenset(extract_terms(text))
