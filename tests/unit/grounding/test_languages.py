"""Claims in another language than their sources: told, and read for figures and names."""

from __future__ import annotations

import pytest

from assistant.grounding.claim_sources import ClaimSources, SourceSentence
from assistant.grounding.languages import find_foreign_mismatches, is_in_other_language

ENGLISH = "The model reaches an accuracy of 95.5% on 10 million pairs from 2,400 sites with MRI."
GERMAN = "Das Verfahren erreicht auf zehn Datensätzen eine Genauigkeit von 95 Prozent."


@pytest.mark.parametrize(
    "claim",
    [
        "Das Modell erreicht 95 % Genauigkeit.",
        "Sprachmodelle werden dadurch kleiner.",
        "Cada modelo alcanza una precisión alta.",
        "Les performances augmentent de 5 points sur BEIR.",
        "Il modello raggiunge il 95%.",
        "Malli saavuttaa 95 prosentin tarkkuuden.",
        "Model mencapai akurasi 95 persen.",
        "Het model is sneller dan BERT.",
        "Модель достигает точности 95 %.",
        "BERTは95%の精度を達成します。",
    ],
)
def test_a_single_sentence_in_another_language(claim: str) -> None:
    assert is_in_other_language(claim, [ENGLISH])


@pytest.mark.parametrize(
    "claim",
    [
        "61 swept wings.",
        "Up to 256 turbines.",
        "Chemistry, physics, botany, zoology and geology.",
        "De novo assembly reduces errors.",
        "El Niño warms coastal waters.",
        "RandAR: 2.5x.",
        "A cambered ogee wing was tested.",
    ],
)
def test_english_is_no_other_language(claim: str) -> None:
    assert not is_in_other_language(claim, [ENGLISH])


def test_languages_other_than_english_are_told_apart() -> None:
    assert not is_in_other_language("Die Genauigkeit ist auf den Datensätzen hoch.", [GERMAN])
    assert is_in_other_language("La precisión es muy alta en los conjuntos de datos.", [GERMAN])
    assert is_in_other_language("The accuracy is high on the data sets.", [GERMAN])


def found(claim: str) -> list[str]:
    passages = [SourceSentence("a", "", ENGLISH, 1)]
    sources = ClaimSources(claim, passages, [0], lambda _: 1.0)
    return [flag.token for flag in find_foreign_mismatches(claim, sources)]


@pytest.mark.parametrize(
    "claim",
    [
        "Die Genauigkeit ist 95,5 %, bei 10 Millionen Paaren und 2.400 Seiten.",
        "La précision est de 95,5 % sur 2 400 sites, avec IRM.",
        "1000万ペアで95.5%です。",
        "Точность 95,5 % с МРТ.",
        "MRI-Bilder von 2400 Seiten",
    ],
)
def test_figures_and_names_however_a_language_writes_them(claim: str) -> None:
    assert found(claim) == []


@pytest.mark.parametrize(
    ("claim", "token"),
    [
        ("Die Genauigkeit ist 96,5 %.", "96,5"),
        ("Es sind 2.500 Seiten.", "2.500"),
        ("Das gilt auch mit BERT-Modellen.", "BERT"),
        ("2000万ペアです。", "2000万"),
    ],
)
def test_other_figures_and_names_are_found(claim: str, token: str) -> None:
    assert found(claim) == [token]
