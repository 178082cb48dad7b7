"""BM25 over the texts of a library, memory-mapped from its folder.

Postings and their BM25 weights are computed and stored by bm25s; scoring adds up the postings of
the question's terms, each with its own weight.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from assistant.errors import DamagedLibraryError
from assistant.files.arrays import READING
from assistant.text.terms import extract_spelled_terms, find_word_runs

K1 = 1.5
B = 0.75
"""Source: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009,
section 3; values measured: evals/lab/retrieval.py (k1 = .9, b = .4 is worse)."""

_WORDS_FILE = "words.json"


class LexicalIndex:
    """An inverted index: for every term, the papers that hold it and its BM25 weight there."""

    def __init__(self, bm25: bm25s.BM25, vocabulary: dict[str, int], words: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._words = words
        self._data: NDArray[np.float32] = bm25.scores["data"]
        self._rows: NDArray[np.int32] = bm25.scores["indices"]
        self._starts: NDArray[np.int64] = np.asarray(bm25.scores["indptr"], dtype=np.int64)
        self._bm25 = bm25
        self.n_papers = int(bm25.scores["num_docs"])

    @classmethod
    def build(cls, texts: Iterable[str]) -> LexicalIndex:
        """Returns the index of ``texts``, one paper each, in row order."""
        vocabulary: dict[str, int] = {}
        # Words repeat: each different one is cut into its terms once for the whole library.
        ids_of_run: dict[str, list[int]] = {}
        n_runs: Counter[str] = Counter()
        rows: list[list[int]] = []
        for text in texts:
            runs = find_word_runs(text)
            n_runs.update(runs)
            ids: list[int] = []
            for run in runs:
                if run not in ids_of_run:
                    terms = (term for _, term in extract_spelled_terms(run))
                    ids_of_run[run] = [vocabulary.setdefault(t, len(vocabulary)) for t in terms]
                ids += ids_of_run[run]
            rows.append(ids)
        spellings: Counter[tuple[int, str]] = Counter()
        for run, count in n_runs.items():
            for word, term in extract_spelled_terms(run):
                spellings[vocabulary[term], word] += count
        # bm25s cannot index nothing at all: an empty library gets one term that nothing holds.
        vocabulary = vocabulary or {"": 0}
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene", csc_backend="numpy")
        if any(rows):
            bm25.index((rows, vocabulary), create_empty_token=False, show_progress=False)
        else:
            bm25.vocab_dict, bm25.nonoccurrence_array = vocabulary, None
            bm25.scores = {
                "data": np.zeros(0, dtype=np.float32),
                "indices": np.zeros(0, dtype=np.int32),
                "indptr": np.zeros(len(vocabulary) + 1, dtype=np.int32),
                "num_docs": len(rows),
            }
        return cls(bm25, vocabulary, _find_commonest(spellings, len(vocabulary)))

    def save(self, folder: Path) -> None:
        """Writes the index into ``folder``, which is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        self._bm25.save(str(folder), show_progress=False)
        (folder / _WORDS_FILE).write_text(json.dumps(self._words), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Returns the index saved in ``folder``, its arrays memory-mapped.

        Raises:
            DamagedLibraryError: a file is missing or cannot be read.
        """
        try:
            with READING:
                bm25 = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
            words = json.loads((folder / _WORDS_FILE).read_text(encoding="utf-8"))
            index = cls(bm25, bm25.vocab_dict, words)
        except (OSError, ValueError, KeyError, TypeError, EOFError) as exc:
            raise DamagedLibraryError(
                f"the lexical index in {str(folder)!r} cannot be read ({exc}); "
                "rebuild the library with 'assistant library reindex'"
            ) from exc
        if len(index._starts) != len(words) + 1 or len(index._data) != len(index._rows):
            raise DamagedLibraryError(
                f"the lexical index in {str(folder)!r} is incomplete; "
                "rebuild the library with 'assistant library reindex'"
            )
        return index

    def score(self, query_terms: Iterable[str]) -> NDArray[np.float32]:
        """Returns BM25 of every paper, (n_papers,) float32, >= 0; a repeated term counts again."""
        return self.score_weighted(Counter(iter(query_terms)))

    def score_weighted(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Returns the sum over terms of weight times BM25 weight, (n_papers,) float32."""
        total = np.zeros(self.n_papers, dtype=np.float32)
        for term, weight in weights.items():
            rows, impacts = self.find_postings(term)
            # A paper occurs once in a posting list, so plain indexing adds what np.add.at would.
            total[rows] += np.float32(weight) * impacts
        return total

    def find_postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Returns the rows of the papers that hold ``term`` and its BM25 weight in each."""
        term_id = self._vocabulary.get(term)
        if term_id is None:
            return self._rows[:0], self._data[:0]
        start, end = self._starts[term_id], self._starts[term_id + 1]
        return self._rows[start:end], self._data[start:end]

    def document_frequency(self, term: str) -> int:
        """Returns how many papers hold ``term``; 0 for a term the library does not know."""
        return len(self.find_postings(term)[0])

    def idf(self, term: str) -> float:
        """Returns ln(1 + (N - df + .5) / (df + .5)), > 0; highest for an unknown term.

        Source: the idf of Lucene's BM25Similarity, which bm25s uses as "lucene".
        """
        df = self.document_frequency(term)
        return float(np.log1p((self.n_papers - df + 0.5) / (df + 0.5)))

    def __contains__(self, term: str) -> bool:
        return term in self._vocabulary

    def list_words(self) -> Sequence[str]:
        """Returns, by term id, the commonest spelling of each term of the library."""
        return self._words


def _find_commonest(spellings: Counter[tuple[int, str]], n_terms: int) -> list[str]:
    """Returns each term's commonest spelling; the first in the alphabet where counts are equal."""
    best: list[tuple[int, str]] = [(0, "")] * n_terms
    for (term_id, word), count in spellings.items():
        if (-count, word) < best[term_id]:
            best[term_id] = (-count, word)
    return [word for _, word in best]
