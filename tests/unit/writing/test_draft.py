"""A reply to sentences, labels and agreed replies, whatever pieces it comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.writing.draft import (
    DraftEvent,
    DraftReader,
    SentenceBegun,
    SentenceEnded,
    WordsAdded,
    is_denial,
)

LABELS = ("A1", "A2", "A3", "B1", "B2")


def read(text: str, size: int = 1000, shown: str = "") -> tuple[DraftReader, list[DraftEvent]]:
    draft = DraftReader(LABELS, shown)
    events = [e for n in range(0, len(text), size) for e in draft.feed(text[n : n + size])]
    return draft, [*events, *draft.finish()]


def sentences(text: str, size: int = 1000, shown: str = "") -> list[tuple[str, list[str]]]:
    draft, _ = read(text, size, shown)
    return [(s.text, list(s.labels)) for s in draft.sentences]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("One is so [A1]. Two too. [B1, B2]", [("One is so.", ["A1"]), ("Two too.", ["B1", "B2"])]),
        ("One [A1][A2]. Two (B1).", [("One.", ["A1", "A2"]), ("Two.", ["B1"])]),
        ("It falls by 3.5 % [A1].", [("It falls by 3.5 %.", ["A1"])]),
        ("Smith et al. say it, e.g. here [A1].", [("Smith et al. say it, e.g. here.", ["A1"])]),
        ("- One [A1]\n- Two [A2]\n", [("One", ["A1"]), ("Two", ["A2"])]),
        ("1. **One** is `so` [A1].\n2. Two.", [("One is so.", ["A1"]), ("Two.", [])]),
        ("[A1] One.\n[B1] Two.", [("One.", ["A1"]), ("Two.", ["B1"])]),
        ("One.\n[A1]\nTwo.\n[B1]", [("One.", ["A1"]), ("Two.", ["B1"])]),
        ("One [A1] and two [B1] agree.", [("One and two agree.", ["A1", "B1"])]),
        ("## Answer\nOne [A1].", [("Answer", []), ("One.", ["A1"])]),
        (
            "\u4f7f\u7528\u3002[A1]\u7b2c\u4e8c\u3002",
            [("\u4f7f\u7528\u3002", ["A1"]), ("\u7b2c\u4e8c\u3002", [])],
        ),
        ("Nothing cited", [("Nothing cited", [])]),
        ("", []),
        ("...", []),
    ],
)
def test_sentences_and_their_labels(
    reply: str, expected: list[tuple[str, list[str]]], size: int
) -> None:
    assert sentences(reply, size) == expected


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    ("reply", "said", "missing"),
    [
        ("NOT STATED", True, None),
        ("Not stated.", True, None),
        ("**NOT STATED**", True, None),
        ("NOT STATED. The sources speak of other things [A1].", True, None),
        ("One [A1].\nMISSING: the number of GPUs.", False, "the number of GPUs"),
        ("One [A1].\nMissing: the `size` [A2]", False, "the size"),
        ("Missing data is imputed [A1].", False, None),
        ("Not every model does [A1].", False, None),
        ("Not stated in these papers.", True, None),
        ("NOT STATED\nSEARCH: a; b", True, None),
        ("NOT STATED\nStill, owls hunt [A1].\nSEARCH: a", True, None),
        ("One [A1].\nMISSING: the size.\nSEARCH: a", False, "the size"),
    ],
)
def test_agreed_replies(reply: str, said: bool, missing: str | None, size: int) -> None:
    draft, events = read(reply, size)
    assert (draft.not_stated, draft.missing) == (said, missing)
    shown = "".join(event.text for event in events if isinstance(event, WordsAdded))
    assert "NOT STATED" not in shown.upper() or not said
    assert "MISSING:" not in shown.upper()


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    ("reply", "queries"),
    [
        ("NOT STATED\nSEARCH: owl hearing; night vision", ("owl hearing", "night vision")),
        ("One [A1].\nMISSING: it.\n**SEARCH:** 'owls'; ; owls", ("owls",)),
        ("NOT STATED\nSearch: a1; b2; c3; d4", ("a1", "b2", "c3")),
        ("NOT STATED", ()),
        ("Search engines rank pages [A1].", ()),
    ],
)
def test_queries_for_what_is_lacking(reply: str, queries: tuple[str, ...], size: int) -> None:
    draft, events = read(reply, size)
    assert draft.queries == queries
    shown = "".join(event.text for event in events if isinstance(event, WordsAdded))
    assert "SEARCH:" not in shown.upper()


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    "reply",
    [
        "CORRECTION: Owls hunt by night, not by day [A1].\nThey hear well [A2].",
        "**Correction:** Owls hunt by night, not by day [A1]. They hear well [A2].",
        "CORRECTION:Owls hunt by night, not by day [A1]. They hear well [A2].",
    ],
)
def test_a_correction_is_marked_and_the_mark_not_shown(reply: str, size: int) -> None:
    draft, _ = read(reply, size)
    assert [(s.text, list(s.labels), s.corrects) for s in draft.sentences] == [
        ("Owls hunt by night, not by day.", ["A1"], True),
        ("They hear well.", ["A2"], False),
    ]


def test_unknown_labels_are_counted_and_not_shown() -> None:
    draft, _ = read("One [Z1]. Two [A1, Q3] [7].")
    assert draft.n_unknown == 3
    assert [s.n_unknown for s in draft.sentences] == [1, 2]
    assert "Z1" not in draft.sentences[0].text


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("See https://evil.example/?q=secret [A1].", "See (link removed)."),
        ("See ![x](https://evil.example/a.png) it.", "See x it."),
        ("See [here](https://evil.example) it.", "See here it."),
        ("Go to javascript:alert(1) now.", "Go to (link removed)) now."),
        ("Code is at https://github.com/a/b.", "Code is at https://github.com/a/b."),
        ("Zero\u200bwidth and \u202eturned.", "Zerowidth and turned."),
        ("A \x1b[31mred\x1b[0m word.", "A [31mred[0m word."),
    ],
)
def test_only_links_that_were_shown_stay(reply: str, text: str) -> None:
    draft, _ = read(reply, shown="Our code is at https://github.com/a/b. Enjoy.")
    assert [s.text for s in draft.sentences] == [text]


@given(
    st.lists(
        st.sampled_from(
            [
                "Word ",
                "word ",
                "e.g. ",
                "3.5 ",
                ". ",
                "! ",
                "\n",
                "[A1]",
                "(B2)",
                " - ",
                "**",
                "[Q1] ",
            ]
        ),
        max_size=25,
    ),
    st.integers(1, 9),
)
def test_pieces_make_no_difference_and_the_words_are_the_sentence(
    parts: list[str], size: int
) -> None:
    text = "".join(parts)
    whole, _ = read(text)
    draft, events = read(text, size)
    assert draft.sentences == whole.sentences
    for index, sentence in enumerate(draft.sentences):
        own = [e for e in events if e.index == index]
        assert isinstance(own[0], SentenceBegun)
        assert isinstance(own[-1], SentenceEnded)
        assert "".join(e.text for e in own if isinstance(e, WordsAdded)) == sentence.text


@pytest.mark.parametrize(
    "text",
    [
        "The listed sentences do not state how many GPUs were used.",
        "This is not mentioned in the provided abstracts.",
        "No abstract reports the training time.",
        "I cannot find this.",
        "There is no mention of a licence.",
    ],
)
def test_denials(text: str) -> None:
    assert is_denial(text)


@pytest.mark.parametrize(
    "text",
    [
        "The model does not use attention.",
        "Existing methods do not state their assumptions.",
        "The paper reports no gain on two tasks.",
        "No model reaches human accuracy.",
    ],
)
def test_findings_are_no_denials(text: str) -> None:
    assert not is_denial(text)
