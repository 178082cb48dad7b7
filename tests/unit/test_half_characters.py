"""Half characters are mended where text comes in, whichever way it comes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from assistant_ui.server.whole_characters import mend_json
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import QuestionError
from assistant.llm.messages import Delta
from assistant.llm.reply_reader import ReplyReader
from assistant.text.half_characters import HalfJoiner, holds_broken_bytes, mend_all, mend_halves
from assistant.text.questions import check_question

HIGH, LOW = "\ud83d", "\ude00"
ANY_TEXT = st.text(st.sampled_from('a\\ud8"\ufffd😀é' + HIGH + LOW), max_size=12)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("plain", "plain"),
        ("whole 😀 sign", "whole 😀 sign"),
        (f"two {HIGH}{LOW} halves", "two 😀 halves"),
        (f"a {HIGH} alone", "a \ufffd alone"),
        (f"end {HIGH}", "end \ufffd"),
        (f"{LOW}{HIGH}", "\ufffd\ufffd"),
        (f"{HIGH}{HIGH}{LOW}", "\ufffd😀"),
    ],
)
def test_halves_are_joined_or_replaced(text: str, mended: str) -> None:
    assert mend_halves(text) == mended
    assert mend_all({text: [text, (text, 1, None)]}) == {mended: [mended, (mended, 1, None)]}


@settings(deadline=None)
@given(text=ANY_TEXT, at=st.integers(0, 30), again=st.integers(0, 30))
def test_a_text_in_pieces_is_what_it_is_whole(text: str, at: int, again: int) -> None:
    units = text.encode("utf-16-le", "surrogatepass")
    split = [2 * each for each in sorted((at, again))]
    pieces = (units[: split[0]], units[split[0] : split[1]], units[split[1] :])
    joiner = HalfJoiner()
    joined = [joiner.join(piece.decode("utf-16-le", "surrogatepass")) for piece in pieces]
    assert "".join([*joined, joiner.rest()]) == mend_halves(text)


@settings(deadline=None)
@given(text=ANY_TEXT, ascii=st.booleans())
def test_json_is_mended_as_its_texts_are(text: str, ascii: bool) -> None:
    body = json.dumps({"data": [text, 1]}, ensure_ascii=ascii).encode("utf-8", "surrogatepass")
    mended = mend_json(body)
    assert len(mended) == len(body)
    # Halves that are whole in bytes, which no browser sends, are two signs each.
    joined = text if ascii else "".join(mend_halves(sign) for sign in text)
    assert json.loads(mended) == {"data": [mend_halves(joined), 1]}


def test_bytes_of_another_encoding_are_told_from_halves() -> None:
    assert holds_broken_bytes(b"Gr\xf6\xdfe".decode("utf-8", "surrogateescape"))
    assert not holds_broken_bytes(f"a skull is {HIGH}\udc80")
    assert not holds_broken_bytes(f"{HIGH} and {LOW}")


def test_a_question_with_half_a_character_is_asked() -> None:
    assert check_question(f" Why {HIGH}{LOW}? {HIGH}") == "Why 😀? \ufffd"
    with pytest.raises(QuestionError, match="broken text encoding"):
        check_question("Gr\udcf6\udcdfe?")


@dataclass
class _Said:
    """An attempt whose deltas bring ``pieces``."""

    pieces: list[str]
    server: str = "the server"
    is_page: bool = False

    def __iter__(self) -> Iterator[Delta]:
        yield from map(Delta, self.pieces)
        yield Delta(finish="stop")

    def settle(self) -> None: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([f"It cools {HIGH}", f"{LOW} well."], "It cools 😀 well."),
        ([f"<think>{HIGH}", f"{LOW}</think>It", f" {HIGH}", LOW], "It 😀"),
        ([f"It cools {HIGH}", "well."], "It cools \ufffdwell."),
        (["It cools", HIGH], "It cools\ufffd"),
        ([LOW, " cools"], "\ufffd cools"),
        ([HIGH, LOW, "!"], "😀!"),
    ],
)
def test_a_reply_is_whole_however_it_is_cut(pieces: list[str], text: str) -> None:
    reader = ReplyReader(
        lambda: None, lambda _: _Said(pieces), 100, 10.0, stopped=threading.Event()
    )
    came = list(reader.pieces())
    assert "".join(came) == text
    assert all(piece.encode() for piece in came)
