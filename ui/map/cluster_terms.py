"""What the clusters of the map are called: the words that tell each from the others."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.text.terms import extract_spelled_terms, find_word_runs

N_TERMS = 3
"""Terms in a name."""

MIN_SHARE = 0.1
"""A term that names a cluster is in at least this share of its papers."""

MAX_SHARE = 0.5
"""A word in more than this share of all papers is in no name, where there are several clusters."""

Term = tuple[str, ...]
"""The stem of a word, or those of two neighbouring ones."""

# Words on either side of these are no phrase.
_CLAUSE_END = re.compile(r"[.,;:!?()\[\]\"“”\n]+(?:\s|$)")
_JOINERS = re.compile(r"[-\u2010-\u2013\u2212'\u2019]")
_MIN_LETTERS = 2


@dataclass(frozen=True, slots=True)
class _TermCounts:
    """Counts over one cluster: occurrences of terms, papers with them, and their spellings."""

    counts: Counter[Term] = field(default_factory=Counter)
    papers: Counter[Term] = field(default_factory=Counter)
    spellings: dict[Term, Counter[str]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Counts the terms of one paper."""
        found = list(phrases(text))
        self.counts.update(term for term, _ in found)
        self.papers.update({term for term, _ in found})
        for term, spelling in found:
            self.spellings.setdefault(term, Counter())[spelling] += 1

    def spelling(self, term: Term) -> str:
        """Returns the commonest spelling; of equally common ones the one in small letters."""
        spellings = self.spellings[term]
        return max(spellings, key=lambda one: (spellings[one], one.islower(), one))


def cluster_terms(
    texts: Sequence[str], clusters: Sequence[int], n_clusters: int, n_terms: int = N_TERMS
) -> list[tuple[str, ...]]:
    """Returns for each cluster its most telling words and phrases, best first.

    They are ranked by c-TF-IDF over stems and shown as their commonest spelling. A cluster has
    fewer where its texts hold no more.

    Args:
        texts: title and abstract of each paper.
        clusters: the cluster of each, in 0..n_clusters - 1.
        n_clusters: how many clusters there are.
        n_terms: the most terms that a cluster gets.
    """
    words = [_TermCounts() for _ in range(n_clusters)]
    for text, cluster in zip(texts, clusters, strict=True):
        words[cluster].add(text)
    sizes = Counter(clusters)
    everywhere, n_papers_with = Counter[Term](), Counter[Term]()
    for each in words:
        everywhere.update(each.counts)
        n_papers_with.update(each.papers)
    mean_length = everywhere.total() / max(n_clusters, 1)
    most_papers = MAX_SHARE * len(texts) if n_clusters > 1 else len(texts)
    names = []
    for cluster, each in enumerate(words):
        length = each.counts.total()
        scores = {
            term: ctfidf(count / length, everywhere[term], mean_length)
            for term, count in each.counts.items()
            if all(n_papers_with[word,] <= most_papers for word in term)
            and each.papers[term] >= MIN_SHARE * sizes[cluster]
        }
        ranked = sorted(scores, key=lambda term: (-scores[term], term))
        names.append(tuple(each.spelling(term) for term in choose_terms(ranked, n_terms)))
    return names


def ctfidf(frequency: float, count_everywhere: int, mean_length: float) -> float:
    """Returns the class-based TF-IDF of a term, >= 0; higher tells more of its cluster.

    Args:
        frequency: the share of the cluster's words that are the term, (0, 1].
        count_everywhere: its occurrences in all clusters.
        mean_length: the mean number of words of a cluster.

    Source: Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure",
    arXiv:2203.05794, 2022, equation 2, with the square root of the frequency: BERTopic's option
    ``reduce_frequent_words``.
    """
    return math.sqrt(frequency) * math.log(1 + mean_length / count_everywhere)


def choose_terms(ranked: Sequence[Term], n_terms: int) -> list[Term]:
    """Returns the best ``n_terms`` terms, none of which shares a word with another.

    A phrase among the first ``2 * n_terms`` goes before its words: 'speculative decoding' stands
    for 'speculative'.
    """
    chosen: list[Term] = []
    phrases_first = [term for term in ranked[: 2 * n_terms] if len(term) > 1]
    for term in ranked:
        if len(chosen) == n_terms:
            break
        whole = next((phrase for phrase in phrases_first if set(term) <= set(phrase)), term)
        if not any(set(whole) & set(other) for other in chosen):
            chosen.append(whole)
    return chosen


def phrases(text: str) -> Iterator[tuple[Term, str]]:
    """Yields each word of ``text``, and each two neighbouring ones, as (stems, spelling).

    Stop words and figures are left out and part the words on either side of them; a compound
    counts as one word, whether with a hyphen or without.
    """
    for clause in _CLAUSE_END.split(text):
        before: tuple[Term, str] | None = None
        for run in find_word_runs(clause):
            term = _term(run)
            if term is None:
                before = None
                continue
            yield (term,), run
            if before is not None and before[0][0] != term:
                yield (*before[0], term), f"{before[1]} {run}"
            before = (term,), run


def _term(run: str) -> str | None:
    """Returns the stem of a run of letters and joiners, None for stop words and figures."""
    spelled = extract_spelled_terms(run)
    if len(run) < _MIN_LETTERS or not run[0].isalpha() or not spelled:
        return None
    joined = _JOINERS.sub("", run).casefold()
    return next((term for word, term in spelled if word == joined), spelled[0][1])
