"""Texts that no one writes, read by what reads questions, replies and papers."""

from __future__ import annotations

import pytest

from assistant.answer.survey.recognition import is_survey
from assistant.answer.writing import draft as drafts
from assistant.answer.writing.cleaning import clean_word
from assistant.answer.writing.draft import DraftReader
from assistant.answer.writing.markers import MarkerFilter
from assistant.evidence.question import MAX_CHARACTERS, analyse_question
from assistant.text.latex import decode
from assistant.text.sentences import MAX_SENTENCE_CHARS


def test_a_sentence_is_not_looked_for_after_each_word(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = []

    def split(text: str) -> tuple[()]:
        lengths.append(len(text))
        return ()

    monkeypatch.setattr(drafts, "split_sentences", split)
    reader = DraftReader(["A1"])
    words = "otters " * (MAX_SENTENCE_CHARS // 7)
    list(reader.feed(words))
    assert lengths == []
    list(reader.feed("Otters dive. They eat "))
    assert lengths  # a stop is near


@pytest.mark.parametrize("words", ["in it, ", "otters ", "a " * 30, "otter" * 300 + " "])
def test_a_run_without_a_stop_is_cut_at_a_sentences_length(words: str) -> None:
    reader = DraftReader(["A1"])
    text = words * 400
    list(reader.feed(text[:9_000]))
    list(reader.finish())
    lengths = [len(sentence.text) for sentence in reader.sentences]
    assert max(lengths) <= max(MAX_SENTENCE_CHARS, len(words))
    assert sum(lengths) + len(lengths) >= len(text[:9_000].strip())


def test_a_label_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(MarkerFilter, "_is_word", lambda self, label: calls.append(label) or False)
    filtered = MarkerFilter(["A1"], "Otters dive.")
    assert list(filtered.feed("So (A1)."))
    assert calls == ["A1"]
    monkeypatch.undo()
    filtered = MarkerFilter(["A1"], "Otters dive.")
    list(filtered.feed("So (A1), (A1), (A1)."))
    assert filtered._words == {"A1": False}


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("[a](http://b.c)", "a"),
        ("[[a](b)", "[a"),
        ("![a](b)d", "ad"),
        ("[" * 9, "[" * 9),
        ("[](", "[]("),
    ],
)
def test_links_lose_their_address(word: str, plain: str) -> None:
    assert clean_word(word) == plain


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["[", "[](", "[a](("])
def test_links_without_end_are_words(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert clean_word(text) == text


def test_a_formula_does_not_begin_in_another() -> None:
    assert decode(r"\'e \(\'e\)") == r"é \(\'e\)"
    assert decode(r"\( \(\'e\) \'e") == r"\( \(\'e\) é"


def test_a_survey_is_told_by_the_beginning_of_a_question() -> None:
    asked = "which papers study otters?"
    assert is_survey(analyse_question(f"{'so ' * 100}{asked}"))
    assert not is_survey(analyse_question(f"{'x' * MAX_CHARACTERS} {asked}"))
