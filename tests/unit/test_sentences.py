from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.sentences import MAX_SENTENCE_CHARS, split_sentences

CASES = Path(__file__).parents[2] / "evals" / "cases" / "golden" / "sentences.jsonl"
KNOWN_FAILURES = {
    "We use Jeopardy!¦ Questions are hard.",  # a name's mark at a sentence's real end
    "We offer (1) a corpus. (2) a model.",  # items of a list, each with its own stop
}
TRICKY = st.sampled_from(
    [
        *"aBé7 .!?…()[]\"'“”$\n\t。-,;:",
        ". ",
        "et al. ",
        "Fig. ",
        "\n\n",
        "RESULTS: ",
        "e.g. ",
        "The ",
    ]
)


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


def marked_cases() -> list[str]:
    return [json.loads(line)["marked"] for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("marked", [c for c in marked_cases() if c not in KNOWN_FAILURES])
def test_finds_the_marked_sentences(marked: str) -> None:
    expected = [part.strip() for part in marked.split("¦") if part.strip()]
    assert sentences(marked.replace("¦", "")) == expected


@pytest.mark.parametrize("marked", sorted(KNOWN_FAILURES))
def test_known_failures_are_still_failures(marked: str) -> None:
    expected = [part.strip() for part in marked.split("¦")]
    assert sentences(marked.replace("¦", "")) != expected


def test_there_are_many_kinds_of_cases() -> None:
    rows = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    assert len(rows) >= 150
    assert len({row["kind"] for row in rows}) >= 15


@pytest.mark.parametrize("text", ["", " ", "\n\t\n"])
def test_no_text_has_no_sentence(text: str) -> None:
    assert split_sentences(text) == ()


def test_offsets_count_code_points() -> None:
    text = "  Ein 𝛼-Wert. Übrig.  "
    first, second = split_sentences(text)
    assert (first.number, first.start, first.end) == (1, 2, 13)
    assert text[second.start : second.end] == "Übrig."


@given(st.one_of(st.text(), st.lists(TRICKY, max_size=80).map("".join)))
def test_spans_are_trimmed_ordered_and_cover_all_text(text: str) -> None:
    spans = split_sentences(text)
    assert [span.number for span in spans] == list(range(1, len(spans) + 1))
    end = 0
    for span in spans:
        assert not text[end : span.start].strip()
        sentence = text[span.start : span.end]
        assert sentence
        assert sentence == sentence.strip()
        end = span.end
    assert not text[end:].strip()


@given(st.lists(TRICKY, max_size=60).map("".join))
def test_the_same_text_gives_the_same_sentences(text: str) -> None:
    assert split_sentences(text) == split_sentences(str(text))


def test_a_long_run_without_a_stop_is_cut_at_clauses() -> None:
    clause = "the first of them is long enough to be read, "
    text = "Many follow: " + clause * 20 + "; " + clause * 40 + "end"
    found = sentences(text)
    assert all(len(sentence) <= MAX_SENTENCE_CHARS for sentence in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert found[0].endswith(";")
    assert all(sentence.endswith(",") for sentence in found[1:-1])


def test_a_run_without_any_break_is_cut_all_the_same() -> None:
    found = sentences("x" * 3_000)
    assert [len(part) for part in found] == [1_200, 1_200, 600]


@pytest.mark.parametrize(
    "unit", ["We do it. ", "(", "$", ". ", '"', "word ", "J. ", "[a. b] ", "e.g. ", "x\n"]
)
def test_time_does_not_grow_with_the_square(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    assert split_sentences(text)[-1].end == len(text.rstrip())


def test_five_megabytes_on_one_line_are_split() -> None:
    text = ("Word " + "word " * 199 + "stop. ") * 5_000
    assert len(split_sentences(text)) == 5_000
