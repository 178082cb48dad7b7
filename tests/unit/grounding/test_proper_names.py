"""Names of claims: found, expanded, and missed where the source has another."""

from __future__ import annotations

import pytest

from assistant.grounding.frequencies import is_ordinary
from assistant.grounding.proper_names import (
    NameIndex,
    find_missing_names,
    find_names,
    is_acronym_of,
    spells,
)


def missing(claim: str, *sources: str) -> tuple[str, ...]:
    return find_missing_names(claim, NameIndex(sources), is_ordinary)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It beats GPT4.", "It beats GPT-4."),
        ("It beats GPT 4.", "It beats GPT-4."),
        ("It beats gpt-4.", "It beats GPT-4."),
        ("Two CNNs are compared.", "Two CNN models are compared."),
        ("It uses NMT.", "It uses neural machine translation."),
        ("It uses LoRA.", "It uses low-rank adaptation."),
        ("The LLM is frozen.", "The language model is frozen."),
        ("T5-based models win.", "Models built on T5 win."),
        ("Llama-3-8B wins.", "Llama 3 8B wins."),
        ("It is trained with Reinforcement Learning.", "It is trained with RL."),
        ("Furthermore, it wins.", "It wins."),
        ("Plaintiffs appeal more often.", "Claimants appeal more often."),
        ("Silicon, nickel and tin are enriched.", "Si, Ni and Sn are enriched."),
        ("It is a unit of 25 kW.", "It is a 25kWth unit."),
        ("The mean is 7000 K, or 6727 degrees Celsius.", "The mean is 7000K (6727°C)."),
        ("Burial lowers CO2.", "Burial draws pCO2 down."),
        ("Notably, training is cheap.", "It costs little to train."),
        ("The SOBert models win.", "SOBertBase wins."),
        ("Vision-language pre-training (VLP) helps.", "Pre-training on vision and language helps."),
        ("La méthode Über wins.", "The Uber method wins."),
        ("", "x"),
    ],
)
def test_names_that_are_there(claim: str, source: str) -> None:
    assert missing(claim, source) == ()


@pytest.mark.parametrize(
    ("claim", "source", "name"),
    [
        ("It beats GPT-3.", "It beats GPT-4.", "GPT-3"),
        ("It beats BLOOM.", "It beats OPT.", "BLOOM"),
        ("The model writes Italian.", "The model writes Polish.", "Italian"),
        ("It is built on Minerva.", "It is built on Llama.", "Minerva"),
        ("It uses ALIGN.", "It aligns text with images by CLIP.", "ALIGN"),
        ("It was tested on Natural Questions.", "It was tested on SQuAD.", "Natural"),
    ],
)
def test_names_that_are_not_there(claim: str, source: str, name: str) -> None:
    assert name in missing(claim, source)


def test_a_name_may_stand_in_any_of_the_texts() -> None:
    assert missing("SWAN beats GPT.", "SWAN: a model", "It beats GPT.") == ()


def test_which_names_their_form_shows() -> None:
    found = dict(find_names("The model mPLUG beats Llama on SQuAD in English."))
    assert found == {"mPLUG": True, "Llama": False, "SQuAD": True, "English": False}


@pytest.mark.parametrize(
    ("text", "acronym", "is_spelled"),
    [
        ("length-difference positional encoding", "LDPE", True),
        ("area under the curve", "AUC", True),
        ("machine translation", "NMT", False),
        ("", "NMT", False),
    ],
)
def test_spelling_out(text: str, acronym: str, is_spelled: bool) -> None:
    assert spells(text, acronym) is is_spelled


def test_a_word_that_opens_a_sentence_is_a_name_where_another_text_shows_it() -> None:
    names = NameIndex(["Ettin beats ModernBERT."])
    claim = "Igea beats ModernBERT."
    assert find_missing_names(claim, names, is_ordinary) == ()
    asked = ["What does Igea beat?"]
    assert find_missing_names(claim, names, is_ordinary, asked) == ("Igea",)


@pytest.mark.parametrize(
    ("part", "text", "held"),
    [
        ("IRM", "It was seen by MRI.", True),
        ("VIH", "HIV was found.", True),
        ("NMT", "It is neural machine translation.", True),
        ("BERT", "It is built on RoBERTa.", False),
    ],
)
def test_acronyms_of_other_languages(part: str, text: str, held: bool) -> None:
    assert is_acronym_of(part, text) == held


def test_another_part_of_a_formula_is_another_name() -> None:
    assert missing("NaFe0.5Ni0.5O2 delivers it.", "NaFe0.5Co0.5O2 delivers it.") != ()
