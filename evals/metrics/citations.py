"""Whether citations are real, verbatim, needed and of the right papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant_evals.cases.cases import Case
from assistant_evals.metrics.case_statistics import mean, ratio
from assistant_evals.metrics.metric import Metric, Values, take_pair, take_value

from assistant import Answer, Citation, Paper, Sentence

Supports = Callable[[str, Sequence[str]], bool | None]
"""Whether texts support a claim; None where the judge gave no judgement."""

METRICS = (
    Metric(
        "valid_ids",
        "Citations that name a source",
        "citations",
        take_pair("n_cited", "n_labels"),
        ratio,
    ),
    Metric(
        "verbatim_quotes",
        "Quotes that are verbatim",
        "citations",
        take_pair("n_verbatim", "n_cited"),
        ratio,
    ),
    Metric(
        "citation_recall",
        "Citation recall",
        "citations",
        take_pair("n_recalled", "n_sentences"),
        ratio,
    ),
    Metric(
        "citation_precision",
        "Citation precision",
        "citations",
        take_pair("n_precise", "n_labels"),
        ratio,
    ),
    Metric(
        "sentence_coverage",
        "Sentences with a citation",
        "citations",
        take_pair("n_with_citation", "n_sentences"),
        ratio,
    ),
    Metric(
        "right_paper",
        "Answers that cite a right paper",
        "citations",
        take_value("right_paper"),
        mean,
    ),
    Metric(
        "must_cited", "Needed papers that are cited", "citations", take_value("must_cited"), mean
    ),
)


def value_citations(
    case: Case, answer: Answer, papers: Mapping[str, Paper], supports: Supports
) -> Values:
    """Returns what the citations of an answer are worth.

    ``n_cited`` counts citations and ``n_labels`` also those whose label does not exist, which
    ``n_precise`` never counts: an id that is out of range is a citation that supports nothing.

    Source: Gao et al., "Enabling Large Language Models to Generate Text with Citations" (ALCE),
    2023, section 3: a sentence is recalled where all that it cites, together, support it; a
    citation is precise where its sentence is recalled and either it supports it alone or the
    others without it do not.
    """
    sentences = answer.sentences
    given = [citation for sentence in sentences for citation in sentence.citations]
    n_labels = len(given) + answer.dropped_citations
    recalled = [is_recalled(sentence, supports) for sentence in sentences]
    n_precise = sum(
        is_precise(sentence, citation, supports)
        for sentence, is_supported in zip(sentences, recalled, strict=True)
        if is_supported
        for citation in sentence.citations
    )
    cited = {citation.paper_id for citation in given}
    must = case.must or case.papers
    return {
        "n_sentences": float(len(sentences)),
        "n_recalled": float(sum(map(bool, recalled))),
        "n_with_citation": float(sum(bool(sentence.citations) for sentence in sentences)),
        "n_cited": float(len(given)),
        "n_labels": float(n_labels),
        "n_precise": float(n_precise),
        "n_verbatim": float(sum(is_verbatim(citation, papers) for citation in given)),
        "right_paper": float(not cited.isdisjoint(case.papers)) if case.papers else None,
        "must_cited": len(cited & set(must)) / len(must) if must else None,
    }


def is_verbatim(citation: Citation, papers: Mapping[str, Paper]) -> bool:
    """Returns whether the quote stands in its paper at its place, and is not empty."""
    paper = papers.get(citation.paper_id)
    return paper is not None and citation.is_in(paper)


def is_recalled(sentence: Sentence, supports: Supports) -> bool:
    """Returns whether all that a sentence cites, together, support it."""
    quotes = [citation.quote for citation in sentence.citations]
    return bool(quotes) and bool(supports(sentence.text, quotes))


def is_precise(sentence: Sentence, citation: Citation, supports: Supports) -> bool:
    """Returns whether a citation of a recalled sentence does something for it."""
    others = [other.quote for other in sentence.citations if other is not citation]
    if not others or supports(sentence.text, [citation.quote]):
        return True
    return not supports(sentence.text, others)
