"""What the clusters of the map are called, and what the browser is sent of it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from assistant_ui.map.cluster_terms import choose_terms, cluster_terms, ctfidf, phrases
from assistant_ui.map.paper_map import PaperMap, map_papers
from assistant_ui.map.tab import about, cluster_name, map_view

from assistant.types import Paper


def test_the_telling_words_name_a_cluster() -> None:
    texts = ["Bees make honey from nectar."] * 3 + ["Fish swim in rivers and lakes."] * 3
    bees, fish = cluster_terms(texts, [0, 0, 0, 1, 1, 1], 2)
    assert {word for term in bees for word in term.split()} <= {"Bees", "make", "honey", "nectar"}
    assert "rivers" in " ".join(fish)


def test_a_word_of_most_papers_names_no_cluster() -> None:
    texts = [f"Models of {word}." for word in ("bees", "bees", "fish", "fish")]
    assert cluster_terms(texts, [0, 0, 1, 1], 2) == [("bees",), ("fish",)]


def test_a_cluster_alone_is_named_by_its_commonest_words() -> None:
    (names,) = cluster_terms(["Bees hum.", "Bees fly.", "Bees sleep."], [0, 0, 0], 1)
    assert names[0].startswith("Bees")


def test_stems_are_shown_in_their_commonest_spelling() -> None:
    texts = ["All pruning here.", "And pruning there.", "It pruned one."] + ["Fish swim."] * 3
    assert cluster_terms(texts, [0, 0, 0, 1, 1, 1], 2)[0][0] == "pruning"


def test_a_word_of_few_papers_names_no_cluster() -> None:
    texts = ["Bees hum."] * 30 + ["Zyzzyva zyzzyva zyzzyva zyzzyva."] + ["Fish swim."] * 31
    assert "zyzzyva" not in " ".join(cluster_terms(texts, [0] * 31 + [1] * 31, 2)[0]).lower()


@pytest.mark.parametrize("texts", [[], ["of the", "12 3.5"]])
def test_texts_without_words_give_no_names(texts: list[str]) -> None:
    assert cluster_terms(texts, [0] * len(texts), 1) == [()]


def test_no_clusters_have_no_names() -> None:
    assert cluster_terms([], [], 0) == []


def test_ctfidf_by_hand() -> None:
    # sqrt(4/16) = 1/2; log(1 + 12/4) = log 4.
    assert ctfidf(4 / 16, 4, 12) == pytest.approx(math.log(4) / 2)


def test_a_term_that_is_everywhere_tells_less() -> None:
    assert ctfidf(0.1, 100, 50) < ctfidf(0.1, 10, 50)


def test_phrases_stay_within_a_clause_and_between_stop_words() -> None:
    found = [spelling for _, spelling in phrases("Dense retrieval, of self-attention layers.")]
    assert found == [
        "Dense",
        "retrieval",
        "Dense retrieval",
        "self-attention",
        "layers",
        "self-attention layers",
    ]


def test_a_compound_and_its_joined_form_are_one_term() -> None:
    ((hyphened, _),) = phrases("fine-tuning")
    ((joined, _),) = phrases("finetuning")
    assert hyphened == joined


def test_a_word_twice_is_no_phrase() -> None:
    assert [spelling for _, spelling in phrases("very long long")] == ["long", "long"]


def test_a_phrase_goes_before_its_words() -> None:
    ranked = [("speculative",), ("draft",), ("speculative", "decoding"), ("decoding",), ("token",)]
    assert choose_terms(ranked, 3) == [("speculative", "decoding"), ("draft",), ("token",)]


def test_no_two_terms_share_a_word() -> None:
    ranked = [("dense", "retrieval"), ("dense", "vector"), ("index",)]
    assert choose_terms(ranked, 3) == [("dense", "retrieval"), ("index",)]


def test_a_cluster_without_words_has_a_number() -> None:
    assert cluster_name((), 2) == "cluster 3"
    assert cluster_name(("pruning", "weights"), 0) == "pruning, weights"


PAPERS = [Paper(f"p{n}", f"Title {n} <b>", "Bees & fish.", year=2000 + n) for n in range(3)]


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_small_libraries_have_a_view(n: int) -> None:
    vectors = np.eye(3, dtype=np.float32)[:n]
    view = map_view(PAPERS[:n], map_papers(vectors), n)
    for column in ("ids", "titles", "years", "x", "y", "cluster"):
        assert len(view[column]) == n
    assert sum(cluster["n_papers"] for cluster in view["clusters"]) == n
    assert json.loads(json.dumps(view, allow_nan=False)) == view


def test_texts_of_papers_are_sent_as_they_are() -> None:
    view = map_view(PAPERS, map_papers(np.eye(3, dtype=np.float32)), 3)
    assert view["titles"][0] == "Title 0 <b>"
    assert view["years"] == [2000, 2001, 2002]


def drawn(n: int, method: str, explained: float | None = None) -> PaperMap:
    return PaperMap(np.zeros((n, 2)), np.zeros(n, dtype=np.int64), 4, method, explained)  # type: ignore[arg-type]


def test_what_laid_the_map_out_is_said() -> None:
    assert any("PCA: its two axes hold 10 %" in said for said in about(drawn(99, "pca", 0.1), 99))
    assert any("UMAP" in said for said in about(drawn(99, "umap"), 99))
    assert about(drawn(1, "none"), 1) == []


def test_what_is_left_out_is_said() -> None:
    said = about(drawn(20_000, "pca", 0.1), 31_415)
    assert "20,000 of 31,415 papers are shown, evenly drawn." in said
    assert any("found on 2,000 of the papers" in sentence for sentence in said)
    assert not any("papers are shown" in one for one in about(drawn(99, "pca", 0.1), 99))
