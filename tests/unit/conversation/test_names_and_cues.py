"""Names in questions and titles, how turns begin, and how much they say by themselves."""

from __future__ import annotations

import pytest

from assistant.conversation.anaphora import anaphors
from assistant.conversation.bare_turns import bare_kind, compared
from assistant.conversation.content import (
    compares_value,
    is_bare_wh,
    is_fragment,
    leans_on_the_paper,
    n_specific,
    searches,
)
from assistant.conversation.cues import clear
from assistant.conversation.names import held_by, names_of, title_name
from assistant.conversation.other_languages import is_foreign


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What does LLM2Vec do?", ["LLM2Vec"]),
        ("How big are Tiny Time Mixers?", ["Tiny Time Mixers"]),
        ("What BLEU did UPC get at IWSLT 2021?", ["BLEU", "UPC", "IWSLT 2021"]),
        ("Which model speaks Polish?", ["Polish"]),
        ("MAGNET mixes both. What can it do?", ["MAGNET"]),
        ("How good is LayerSkip's best number?", ["LayerSkip"]),
        ("Is it as good as Curie-7B-v1?", ["Curie-7B-v1"]),
        ("Which papers are there?", []),
        ("Wie groß ist LLäMmlein?", ["LLäMmlein"]),
        ("TELL ME MORE ABOUT IT", []),
        ("In 2021?", []),
        ("", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    found = names_of(text)
    assert [name.text for name in found] == names
    assert all(text[name.start : name.end] == name.text for name in found)


def test_names_of_capitals_inside_or_several_words_are_strong() -> None:
    strong = {
        name.text: name.strong for name in names_of("Do EuroBERT and Lexical Unit know Dutch?")
    }
    assert strong == {"EuroBERT": True, "Lexical Unit": True, "Dutch": False}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Igea: a Decoder-Only Language Model", "Igea"),
        ("Tiny Time Mixers (TTMs): Fast Models", "Tiny Time Mixers"),
        ("RetroMAE v2: Duplex Masked Auto-Encoder", "RetroMAE v2"),
        ("Draft & Verify: Lossless Acceleration", "Draft & Verify"),
        ("The LLM Surgeon", "The LLM Surgeon"),
        ("Language Models are Universal Embedders", None),
        ("MLLM can see? Dynamic Correction", None),
        ("Less is More: Pre-train a Text Encoder", None),
        ("Think Big, Generate Quick: LLM-to-SLM", None),
        ("", None),
        (":", None),
    ],
)
def test_names_of_titles(title: str, name: str | None) -> None:
    assert title_name(title) == name


def test_a_title_holds_a_name_whatever_its_form() -> None:
    title = "Harnessing Parallel Decoding of Lexical Units"
    assert held_by("Lexical Unit Decoding", title)
    assert not held_by("Lexical Tree Decoding", title)
    assert not held_by("the", title)


@pytest.mark.parametrize(
    ("turn", "text", "changes"),
    [
        ("ok thanks, and how large is it?", "How large is it?", False),
        ("Right, I mixed them up. And what does it do?", "What does it do?", False),
        ("I read of GPT-4. What does it do?", "I read of GPT-4. What does it do?", False),
        ("Hmm, no, I meant the other paper", "The other paper", False),
        ("Ok.", "Ok.", False),
        ("And?", "And?", False),
        ("Let's leave decoding. What helps retrieval?", "What helps retrieval?", True),
        ("New question: who?", "Who?", True),
        ("Something else:", "Something else:", False),
        ("What has changed?", "What has changed?", False),
        ("How do models leave space aside?", "How do models leave space aside?", False),
        ("  How\n large? ", "How large?", False),
    ],
)  # fmt: skip
def test_what_only_links_a_turn_to_the_talk_goes(turn: str, text: str, changes: bool) -> None:
    cleared = clear(turn)
    assert (cleared.text, cleared.changes) == (text, changes)


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        ("tell me more", "more"),
        ("More details please?", "more"),
        ("What else?", "more"),
        ("What else does it improve?", None),
        ("Why?", "why"),
        ("how so", "why"),
        ("Why is masking slower?", None),
        ("really?", "again"),
        ("list them", "again"),
        ("Any others?", "others"),
        ("Are there other papers like it?", "others"),
        ("Who else does that?", "others"),
        ("Which other papers prune layers?", None),
        ("compare them", "compare"),
        ("What's the difference?", "compare"),
        ("Which is better?", "compare"),
        ("Which is better for long texts?", None),
        ("", None),
    ],
)
def test_turns_without_content(turn: str, kind: str | None) -> None:
    assert bare_kind(turn) == kind


def test_what_is_compared_is_named() -> None:
    assert compared("How do they differ?", "A and B") == "How do A and B differ?"
    assert compared("Which is faster?", "A and B") == "Which is faster: A and B?"
    assert compared("compare these", r"\1") == r"compare \1"


@pytest.mark.parametrize(
    ("turn", "pointing"),
    [
        ("How large is it?", ["it"]),
        ("What do its authors say of their data?", ["its", "their"]),
        ("Is that meant to help?", ["Is that"]),
        ("Is there a paper that criticises them?", ["them"]),
        ("What can it do that goes beyond that?", ["it", "beyond that"]),
        ("Are there results there?", ["there"]),
        ("Is it true that depth helps?", []),
        ("Which model learns Dutch, and how large is it?", []),
        ("On Dutch, how good is it?", ["it"]),
        ("Does BERT change its loss?", []),
        ("What does the first layer do?", []),
        ("What does the first one do?", ["the first one"]),
        ("What does the first need?", ["the first"]),
        ("Do both encoders and decoders work?", []),
        ("Do both work?", ["both"]),
        ("What is in this library?", []),
    ],
)
def test_words_that_point_back(turn: str, pointing: list[str]) -> None:
    assert [match.group() for match in anaphors(turn)] == pointing


def test_signs_of_content() -> None:
    assert n_specific("How large is the model?") == 0
    assert n_specific("How do bees dance in the dark?") == 3
    assert searches("Which papers prune attention heads?")
    assert searches("Who found the dog neuron?")
    assert searches("Is there a text generator for Italian?")
    assert not searches("Is there a version with more layers?")
    assert not searches("Which datasets were used?")
    assert leans_on_the_paper("What do the authors conclude?")
    assert not leans_on_the_paper("Which is the paper on bees?")
    assert compares_value("How does that compare with BERT's?")
    assert not compares_value("How do models compare strings?")


def test_fragments() -> None:
    assert is_fragment("with the final ensemble?")
    assert is_fragment("LayerSkip")
    assert not is_fragment("At scale, which models does it match?")
    assert not is_fragment("What about bees?")
    assert not is_fragment("MAGNET mixes both. It does so well.")
    assert is_bare_wh("On how many days of data?")
    assert is_bare_wh("How many parameters?")
    assert not is_bare_wh("Which drafter uses experts?")
    assert not is_bare_wh("How many parameters does it have?")


@pytest.mark.parametrize(
    ("turn", "foreign"),
    [
        ("Wie groß ist es?", True),
        ("Et en français ?", True),
        ("¿Cuántos parámetros?", True),
        ("它有多少参数", True),
        ("How was it trained?", False),
        ("Does it know 中文?", False),
        ("42", False),
    ],
)
def test_languages(turn: str, foreign: bool) -> None:
    assert is_foreign(turn) is foreign
