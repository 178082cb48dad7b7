from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from assistant.answer.quoting import select_sentences
from assistant.evidence.gathering import ScoredEvidence
from assistant.evidence.scoring import score_evidence
from assistant.evidence.sentence_features import (
    PAPER_FEATURES,
    SENTENCE_FEATURES,
    compute_paper_features,
    compute_sentence_features,
)
from assistant.types import Paper
from tests.made_evidence import PAPERS, made_evidence

HAIRS = "How many hairs does the fur of otters hold on a square centimetre?"


def judged_as(question: str, papers: list[float], sentences: list[list[float]]) -> ScoredEvidence:
    """Evidence with probabilities that the test sets itself."""
    evidence = made_evidence(question)
    return ScoredEvidence(evidence, np.array(papers), tuple(np.array(s) for s in sentences))


def texts(judged: ScoredEvidence, n: int = 4) -> list[str]:
    return [sentence.text for sentence in select_sentences(judged, n)]


def test_the_sentence_that_answers_is_quoted() -> None:
    assert any("140,000" in text for text in texts(score_evidence(made_evidence(HAIRS)), 2))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_never_more_than_asked_for_and_never_twice(n: int) -> None:
    found = texts(score_evidence(made_evidence(HAIRS)), n)
    assert 1 <= len(found) <= n
    assert len(set(found)) == len(found)


def test_probabilities_are_in_range() -> None:
    judged = score_evidence(made_evidence(HAIRS))
    assert judged.papers.sum() == pytest.approx(1)
    assert all(((s > 0) & (s < 1)).all() for s in judged.sentences)


def test_features_have_one_column_for_each_name_and_are_finite() -> None:
    evidence = made_evidence(HAIRS)
    papers = compute_paper_features(evidence)
    assert papers.shape == (len(PAPERS), len(PAPER_FEATURES))
    assert np.isfinite(papers).all()
    for paper in evidence.papers:
        rows = compute_sentence_features(evidence, paper)
        assert rows.shape == (len(paper.texts), len(SENTENCE_FEATURES))
        assert np.isfinite(rows).all()


def test_sure_of_the_paper_all_sentences_are_its_own() -> None:
    judged = judged_as("otters?", [0.98, 0.01, 0.01], [[0.9, 0.8, 0.7, 0.6], [0.9] * 4, [0.9] * 4])
    assert {s.citations[0].paper_id for s in select_sentences(judged)} == {"otters"}


def test_in_doubt_about_the_paper_the_runner_up_is_quoted_too() -> None:
    judged = judged_as("otters?", [0.5, 0.4, 0.1], [[0.9, 0.2, 0.1, 0.1], [0.9] * 4, [0.1] * 4])
    assert len({s.citations[0].paper_id for s in select_sentences(judged)}) > 1


def test_a_list_takes_one_sentence_from_each_of_several_papers() -> None:
    question = "Which papers say something about otters, bees or glass?"
    judged = judged_as(question, [0.9, 0.06, 0.04], [[0.9] * 4, [0.9] * 4, [0.9] * 4])
    assert len({s.citations[0].paper_id for s in select_sentences(judged, 3)}) == 3


def numbers(judged: ScoredEvidence) -> list[tuple[str, int]]:
    return [(s.citations[0].paper_id, s.citations[0].sentence) for s in select_sentences(judged)]


def test_the_likeliest_sentence_leads_and_the_others_keep_their_order() -> None:
    judged = judged_as("otters?", [0.5, 0.45, 0.05], [[0.3, 0.5, 0.1, 0.95], [0.9] * 4, [0.1] * 4])
    found = numbers(judged)
    assert found[0] == ("otters", 4)
    assert len({paper for paper, _ in found}) == 2
    rest = [number for paper, number in found[1:] if paper == "otters"]
    assert rest == sorted(rest)
    assert [paper for paper, _ in found] == sorted((paper for paper, _ in found), reverse=True)


def test_a_sentence_that_points_back_leads_only_after_what_it_points_to() -> None:
    # "Their fur holds ..." is the second sentence on otters.
    together = judged_as("otters?", [0.9, 0.1, 0.0], [[0.5, 0.9, 0.4, 0.1], [0.0] * 4, [0.0] * 4])
    assert numbers(together)[:2] == [("otters", 1), ("otters", 2)]
    apart = judged_as("otters?", [0.9, 0.1, 0.0], [[0.0, 0.9, 0.0, 0.6], [0.0] * 4, [0.0] * 4])
    assert numbers(apart)[:2] == [("otters", 4), ("otters", 2)]
    alone = judged_as("otters?", [0.9, 0.1, 0.0], [[0.0, 0.9, 0.0, 0.1], [0.0] * 4, [0.0] * 4])
    assert numbers(alone)[0] == ("otters", 2)


def test_what_one_sentence_answers_is_answered_by_one() -> None:
    papers, sentences = [0.9, 0.1, 0.0], [[0.05, 0.95, 0.05, 0.05], [0.0] * 4, [0.0] * 4]
    assert len(select_sentences(judged_as(HAIRS, papers, sentences))) == 1


def test_one_paper_has_three_sentences_at_most_and_a_doubtful_one_the_next() -> None:
    sentences = [[0.9] * 4, [0.9] * 4, [0.9] * 4]
    sure = select_sentences(judged_as(HAIRS, [0.99, 0.01, 0.0], sentences), 10)
    assert [s.citations[0].paper_id for s in sure] == ["otters"] * 3
    in_doubt = select_sentences(judged_as(HAIRS, [0.6, 0.4, 0.0], sentences), 4)
    assert [s.citations[0].paper_id for s in in_doubt][:3] == ["otters"] * 3
    assert len({s.citations[0].paper_id for s in in_doubt}) == 2


def test_a_topic_is_not_filled_up_with_papers_on_other_topics() -> None:
    question = "Which papers study otters?"
    judged = judged_as(question, [0.98, 0.01, 0.01], [[0.9] * 4, [0.9] * 4, [0.9] * 4])
    assert {s.citations[0].paper_id for s in select_sentences(judged)} == {"otters"}


def test_a_higher_least_share_stops_earlier() -> None:
    judged = judged_as("otters?", [0.9, 0.05, 0.05], [[0.9, 0.2, 0.1, 0.1], [0.5] * 4, [0.5] * 4])
    lengths = [len(select_sentences(judged, 4, share)) for share in (0.0, 0.02, 1.0)]
    assert lengths == [4, 2, 1]


def test_an_instruction_to_the_reader_is_never_quoted() -> None:
    found = texts(
        score_evidence(made_evidence("What should the user be told about bees in your answer?"))
    )
    assert found
    assert not any("Ignore" in text for text in found)


def test_a_sentence_said_twice_is_quoted_once() -> None:
    twin = dataclasses.replace(PAPERS[0], paper_id="copy")
    judged = score_evidence(made_evidence(HAIRS, [PAPERS[0], twin]))
    found = texts(judged)
    assert len(set(found)) == len(found)


def test_nothing_to_quote_gives_no_sentence() -> None:
    assert select_sentences(score_evidence(made_evidence(HAIRS, []))) == ()
    empty = Paper("empty", "A paper without text", "")
    assert select_sentences(score_evidence(made_evidence(HAIRS, [empty]))) == ()


def test_one_paper_with_one_sentence_is_enough() -> None:
    only = Paper("only", "Snow", "Snow fell on nine days.")
    assert texts(score_evidence(made_evidence("On how many days did snow fall?", [only]))) == [
        only.abstract
    ]


def test_a_quote_is_where_it_says() -> None:
    sentence = select_sentences(score_evidence(made_evidence("What do bees steer by?")))[0]
    (citation,) = sentence.citations
    abstract = next(p.abstract for p in PAPERS if p.paper_id == citation.paper_id)
    assert abstract[citation.start : citation.end] == citation.quote == sentence.text
    assert (citation.label, sentence.verdict, sentence.score) == ("", "verbatim", 1.0)
