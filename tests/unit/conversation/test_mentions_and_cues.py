"""Names in questions and titles, how turns begin, and how much they say by themselves."""

from __future__ import annotations

import pytest

from assistant.conversation.anaphora import find_anaphors
from assistant.conversation.content import count_specific, is_fragment, is_search, is_verbless
from assistant.conversation.cues import drop_link, find_other_topic
from assistant.conversation.mentions import find_mentions, held_by, title_name


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
    found = find_mentions(text)
    assert [name.text for name in found] == names
    assert all(text[name.start : name.end] == name.text for name in found)


def test_names_of_capitals_inside_or_several_words_are_strong() -> None:
    strong = {
        name.text: name.strong for name in find_mentions("Do EuroBERT and Lexical Unit know Dutch?")
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
    ("turn", "text"),
    [
        ("ok thanks, and how large is it?", "How large is it?"),
        ("I read of GPT-4. What does it do?", "I read of GPT-4. What does it do?"),
        ("Ok.", "Ok."),
        ("And?", "And?"),
        ("Android phones?", "Android phones?"),
        ("  How\n large? ", "How large?"),
    ],
)
def test_what_only_links_a_turn_to_the_talk_goes(turn: str, text: str) -> None:
    assert drop_link(turn) == text


@pytest.mark.parametrize(
    ("turn", "asked"),
    [
        ("Let's leave decoding. What helps retrieval?", "What helps retrieval?"),
        ("New question: who?", "Who?"),
        ("Something else:", None),
        ("What has changed?", None),
        ("How do models leave space aside?", None),
    ],
)
def test_a_change_of_topic_is_announced(turn: str, asked: str | None) -> None:
    assert find_other_topic(turn) == asked


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
        ("Which papers say so?", ["say so"]),
        ("Who else found this?", ["found this"]),
        ("Which papers say that depth helps?", []),
    ],
)
def test_words_that_point_back(turn: str, pointing: list[str]) -> None:
    assert [match.group() for match in find_anaphors(turn)] == pointing


def test_signs_of_content() -> None:
    assert count_specific("How large is the model?") == 0
    assert count_specific("How do bees dance in the dark?") == 3
    assert is_search("Which papers prune attention heads?")
    assert is_search("Who found the dog neuron?")
    assert not is_search("Is there a version with more layers?")
    assert not is_search("Which datasets were used?")


def test_fragments() -> None:
    assert is_fragment("with the final ensemble?")
    assert is_fragment("LayerSkip")
    assert not is_fragment("At scale, which models does it match?")
    assert not is_fragment("What about bees?")
    assert not is_fragment("MAGNET mixes both. It does so well.")
    assert is_verbless("On how many days of data?")
    assert is_verbless("How many parameters?")
    assert not is_verbless("Which drafter uses experts?")
    assert not is_verbless("How many parameters does it have?")
