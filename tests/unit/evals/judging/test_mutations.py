"""Sentences spoilt in one way, and what is said of a check that sees it or does not."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Sequence

import pytest
from assistant_evals.judging.mutated_text import (
    LEAD_IN,
    change_name,
    change_number,
    find_names,
    find_numbers,
    negate,
    reword,
)
from assistant_evals.judging.mutations import (
    FLOORS,
    SEEN_ABOVE,
    TITLES,
    CitedSentence,
    MutationResult,
    Mutator,
    describe_unseen,
    list_cited_sentences,
    make_nearest,
    run_mutations,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from assistant import Answer, Citation, Paper, SearchResult, Sentence
from assistant.grounding.checker import Checker

PAPERS = [
    Paper("swan", "SWAN", "SWAN-GPT is trained on 40 GPU hours. It improves recall by 2.7%."),
    Paper("rare", "RARe", "The method RARe can adapt decoders in 2024. BEIR has 18 sets."),
    Paper("kv", "KV", "Caches are pruned with LoRA at 4-bit. Tests are in English and Polish."),
    Paper("poly", "Poly", "The model Mistral writes Polish. Training of Mistral was short."),
]
SENTENCES = [
    CitedSentence(sentence, (paper.abstract,), paper.paper_id)
    for paper in PAPERS
    for sentence in re.split(r"(?<=\.) ", paper.abstract)
]
NAMES = find_names([paper.abstract for paper in PAPERS])


def check(claim: str, sources: Sequence[str]) -> float:
    return Checker().check_pair("\n".join(sources), claim).score


def after(paper_id: str) -> str:
    ids = [paper.paper_id for paper in PAPERS]
    return ids[(ids.index(paper_id) + 1) % len(ids)]


def knows_all(claim: str, sources: Sequence[str]) -> float:
    return float(any(claim.removeprefix(LEAD_IN).lower() in s.lower() for s in sources))


def results(score: object, sentences: Sequence[CitedSentence] = SENTENCES) -> list[MutationResult]:
    return run_mutations(sentences, PAPERS, after, score)  # type: ignore[arg-type]


def rng() -> random.Random:
    return random.Random(0)


@pytest.mark.parametrize(
    ("text", "spoilt"),
    [
        ("The model is small.", "The model is not small."),
        ("Users can swap parts.", "Users can not swap parts."),
        ("It improves recall.", "It does not improve recall."),
        ("SWAN relies on layers.", "SWAN does not rely on layers."),
        ("It applies a mask.", "It does not apply a mask."),
        ("We propose a mask.", "We do not propose a mask."),
        ("Masks have recently been used.", "Masks have not recently been used."),
        ("Masks have uses.", None),
        ("It is not small.", None),
        ("It cannot learn.", None),
        ("It isn't small.", None),
        ("That is, masks.", None),
        ("A small model.", None),
    ],
)
def test_a_not_is_put_in_where_grammar_lets_it(text: str, spoilt: str | None) -> None:
    assert negate(text, rng()) == spoilt


def test_any_place_for_a_not_may_be_taken() -> None:
    found = {negate("It is small and improves recall.", random.Random(i)) for i in range(20)}
    assert found == {
        "It is not small and improves recall.",
        "It is small and does not improve recall.",
    }


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("It gains 2.7% there.", r"It gains \d\.\d% there\."),
        ("It has 1,200 rows.", r"It has (\d,)?\d{3} rows\."),
        ("It is 65X faster.", r"It is \d+X faster\."),
        ("It reads (175B) tokens.", r"It reads \(\d+B\) tokens\."),
        ("In 2024 it won.", r"In 20\d\d it won\."),
        ("GPT-4 with Llama 2 needs 8 GPUs.", r"GPT-4 with Llama 2 needs \d+ GPUs\."),
        ("It keeps 90% of it.", r"It keeps \d\d% of it\."),
    ],
)
def test_a_number_keeps_its_form(text: str, form: str) -> None:
    for seed in range(20):
        found = change_number(text, (text,), random.Random(seed))
        assert found is not None
        assert found != text
        assert re.fullmatch(form, found), found


@pytest.mark.parametrize(
    "text", ["GPT-4 wins.", "It uses Llama 2.", "It is 3D.", "The 4th one.", "It is 10^5.", "None."]
)
def test_digits_of_names_are_no_numbers(text: str) -> None:
    assert change_number(text, (text,), rng()) is None


def test_a_number_whose_others_are_all_in_the_sources_stays() -> None:
    source = " ".join(str(n) for n in range(100))
    assert change_number("It has 8 layers.", (source,), rng()) is None


def test_numbers_are_found_in_words_and_names_too() -> None:
    assert find_numbers("Two of 1,200 rows, .5 and 3.25% by GPT-4") == {2.0, 1200.0, 0.5, 3.25, 4.0}


@settings(deadline=None)
@given(
    st.floats(0.01, 5000).map(lambda x: f"{x:.2f}") | st.integers(1, 90_000).map("{:,}".format),
    st.lists(st.integers(0, 300), max_size=8),
    st.integers(0, 1000),
)
def test_a_changed_number_is_never_one_of_the_sources(
    number: str, others: list[int], seed: int
) -> None:
    text = f"It reaches {number} points."
    sources = (text, " and ".join(map(str, others)))
    found = change_number(text, sources, random.Random(seed))
    if found is not None:
        changed = find_numbers(found)
        assert len(changed) == 1
        assert not changed & find_numbers(" ".join(sources))


def test_names_are_told_by_form_or_by_a_capital_that_never_goes() -> None:
    assert NAMES.known >= {"SWAN-GPT", "RARe", "BEIR", "LoRA", "Polish", "English", "Mistral"}
    assert not NAMES.known & {"It", "The", "Caches", "Training", "GPU", "Users"}
    assert NAMES.whole == ("BEIR", "LoRA", "Polish", "RARe", "SWAN-GPT")
    assert "BERT-based" not in find_names(["A BERT-based model."]).whole


def test_a_name_is_replaced_throughout_by_one_that_the_sources_lack() -> None:
    text = "SWAN-GPT beats others, so SWAN-GPT is used."
    for seed in range(20):
        found = change_name(text, ("It knows LoRA and rare.",), NAMES, random.Random(seed))
        assert found is not None
        assert "SWAN-GPT" not in found
        new = found.split()[0]
        assert found == text.replace("SWAN-GPT", new)
        assert new in NAMES.whole
        assert new not in {"LoRA", "RARe"}


def test_a_sentence_without_a_name_has_none_replaced() -> None:
    assert change_name("The LLMs are small.", (), NAMES, rng()) is None
    assert change_name("BEIR is small.", (), find_names(["BEIR"]), rng()) is None


def test_a_lead_in_keeps_names_and_lowers_other_first_words() -> None:
    assert reword("We train it.") == "According to the abstract, we train it."
    assert reword("SWAN is small.") == "According to the abstract, SWAN is small."


@pytest.mark.parametrize("name", TITLES)
def test_a_spoilt_sentence_differs_and_the_seed_decides_how(name: str) -> None:
    mutator, again = (Mutator(PAPERS, after, seed=3) for _ in range(2))
    found = [mutator.mutate(name, sentence) for sentence in SENTENCES]
    # Each by itself: what was spoilt before does not matter.
    assert found == [again.mutate(name, sentence) for sentence in SENTENCES[::-1]][::-1]
    spoilt = [(a, b) for a, b in zip(SENTENCES, found, strict=True) if b is not None]
    assert spoilt
    for sound, changed in spoilt:
        assert changed.paper_id == sound.paper_id
        assert (changed.text == sound.text) == (changed.sources != sound.sources)


def test_sources_are_those_of_other_papers() -> None:
    mutator = Mutator(PAPERS, after)
    by_id = {paper.paper_id: paper.abstract for paper in PAPERS}
    for sentence in SENTENCES:
        other = mutator.mutate("random_source", sentence)
        assert other is not None
        assert other.sources[0] in set(by_id.values()) - {by_id[sentence.paper_id]}
        nearest = mutator.mutate("nearest_source", sentence)
        assert nearest is not None
        assert nearest.sources == (by_id[after(sentence.paper_id)],)


def test_a_paper_that_says_the_same_or_none_at_all_does_not_apply() -> None:
    twins = [PAPERS[0], Paper("twin", "SWAN again", PAPERS[0].abstract)]
    for papers, nearest in ((twins, lambda _: "twin"), (twins[:1], lambda _: None)):
        mutator = Mutator(papers, nearest)
        assert mutator.mutate("random_source", SENTENCES[0]) is None
        assert mutator.mutate("nearest_source", SENTENCES[0]) is None


def test_a_check_that_knows_all_passes() -> None:
    found = results(knows_all)
    assert [r["name"] for r in found] == list(TITLES) == list(FLOORS)
    for result in found:
        assert result["n"] + result["n_inapplicable"] == len(SENTENCES)
        assert result["n"] > 0
        assert (result["auc"], result["low"], result["high"]) == (1.0, 1.0, 1.0)
        assert result["seen"] is True
        assert result["kept"] == 0.0
        assert result["passed"] is (None if result["floor"] is None else True)
    assert describe_unseen(found) == []
    assert json.loads(json.dumps(found)) == found


def test_a_check_that_always_says_yes_sees_nothing() -> None:
    found = results(lambda claim, sources: 1.0)
    assert {r["auc"] for r in found} == {0.5}
    assert not any(r["seen"] for r in found)
    assert all(r["passed"] is False for r in found if r["floor"] is not None)
    assert "A 'not' that is put in goes unseen (AUC 0.50)." in describe_unseen(found)
    assert len(describe_unseen(found)) == len(TITLES)


def test_a_check_that_only_knows_quotations_sees_nothing_but_sources() -> None:
    def only_quotations(claim: str, sources: Sequence[str]) -> float:
        return 1.0 if any(claim in source for source in sources) else 0.7

    assert not any(r["seen"] for r in results(only_quotations))


def test_what_is_mostly_seen_but_often_kept_is_said() -> None:
    def lenient(claim: str, sources: Sequence[str]) -> float:
        return 0.6 + 0.4 * knows_all(claim, sources)

    said = describe_unseen(results(lenient))
    assert "A number that is changed is let pass in 100% of sentences (AUC 1.00)." in said


def test_areas_are_over_all_pairs() -> None:
    drawn = itertools.count()
    given_scores: dict[tuple[str, tuple[str, ...]], float] = {}

    def score(claim: str, sources: Sequence[str]) -> float:
        return given_scores.setdefault(
            (claim, tuple(sources)), random.Random(next(drawn)).choice([0.2, 0.4, 0.6, 0.8])
        )

    (first, *_) = results(score)
    mutator = Mutator(PAPERS, after)
    sound = [given_scores[reword(s.text), s.sources] for s in SENTENCES]
    spoilt = [
        given_scores[reword(m.text), m.sources]
        for s in SENTENCES
        if (m := mutator.mutate("random_source", s))
    ]
    expected = roc_auc_score([1] * len(sound) + [0] * len(spoilt), sound + spoilt)
    assert first["auc"] == pytest.approx(expected)
    assert first["low"] is not None
    assert first["high"] is not None
    assert first["low"] <= expected <= first["high"]


def test_only_quotations_are_reworded() -> None:
    asked: list[str] = []

    def score(claim: str, sources: Sequence[str]) -> float:
        asked.append(claim)
        return 1.0

    own_words = CitedSentence("It is said that SWAN-GPT is quick.", ("SWAN-GPT runs.",), "swan")
    results(score, [own_words])
    assert asked
    assert not any(claim.startswith(LEAD_IN) for claim in asked)


def test_nothing_to_spoil_is_no_failure() -> None:
    for sentences in ([], [CitedSentence("A small model.", ("A small model.",), "swan")]):
        found = {r["name"]: r for r in results(knows_all, sentences)}
        number = found["number"]
        assert (number["auc"], number["low"], number["passed"], number["seen"]) == (None,) * 4
        assert number["n"] == 0
        assert number["n_inapplicable"] == len(sentences)
    assert describe_unseen(results(knows_all, [])) == []


def test_the_same_seed_gives_the_same_results() -> None:
    assert results(check) == results(check)


def test_the_low_end_decides_what_is_seen() -> None:
    for result in results(check):
        assert result["low"] is not None
        assert result["seen"] is (result["low"] > SEEN_ABOVE)


def test_sentences_of_answers_come_once_and_of_one_paper() -> None:
    def cited(text: str, *paper_ids: str) -> Sentence:
        citations = tuple(Citation("1", i, "", text, 0, 1, 1) for i in paper_ids)
        return Sentence(text, "verbatim", 1.0, citations)

    sentences = (
        cited("It is.", "swan"),
        cited("Both are.", "swan", "rare"),
        cited("Gone is.", "removed"),
        cited("Nothing."),
    )
    answers = [Answer("q", "q", "", 1.0, sentences) for _ in range(2)]
    assert list_cited_sentences(answers, PAPERS) == [
        CitedSentence("It is.", (PAPERS[0].abstract,), "swan")
    ]


def test_the_nearest_paper_is_the_first_other_one() -> None:
    asked: list[str] = []

    def search(query: str, top_k: int) -> list[SearchResult]:
        asked.append(query)
        return [SearchResult(paper, 1.0, 0.0, 0.0, None) for paper in PAPERS[:top_k]]

    nearest = make_nearest(PAPERS[:3], search)
    assert [nearest(i) for i in ("swan", "rare", "swan")] == ["rare", "swan", "rare"]
    assert asked == [f"{p.title}\n{p.abstract}" for p in PAPERS[:2]]
    assert make_nearest(PAPERS[:1], search)("swan") is None
