"""How long a claim may be, and one that is longer than a sentence."""

from __future__ import annotations

import pytest

from assistant.errors import QuestionError
from assistant.grounding.checker import Checker, SourceSentence
from assistant.grounding.claim_parts import MAX_CLAIM_CHARS, MAX_SOURCE_CHARS, cut_claim
from assistant.grounding.claims import check_claim
from assistant.text.sentences import MAX_SENTENCE_CHARS

SOURCE = "Otters dive for 40 seconds and eat crabs."
TRUE = "Otters dive for 40 seconds. "
FALSE = "Otters dive for 90 seconds. "


def test_a_claim_of_a_sentences_length_is_whole() -> None:
    claim = (TRUE * 60)[:MAX_SENTENCE_CHARS]
    assert cut_claim(claim) == (claim,)


def test_a_longer_claim_is_cut_between_sentences() -> None:
    parts = cut_claim(TRUE * 60)
    assert len(parts) > 1
    assert all(len(part) <= MAX_SENTENCE_CHARS for part in parts)
    assert all(part.startswith("Otters") and part.endswith("seconds.") for part in parts)
    assert " ".join(parts) == (TRUE * 60).strip()


def test_a_part_without_words_is_none() -> None:
    (part,) = cut_claim("% " * 700 + "So it is.")
    assert part.endswith("% So it is.")


@pytest.mark.parametrize("place", [0, 30, 59])
def test_a_claim_is_as_good_as_the_worst_of_its_parts(place: int) -> None:
    told = [TRUE] * 60
    assert Checker().check_pair(SOURCE, "".join(told)).verdict == "supported"
    told[place] = FALSE
    found = Checker().check_pair(SOURCE, "".join(told))
    assert found.verdict == "unsupported"
    assert [flag.token for flag in found.flags] == ["90 seconds"]
    assert found.support == ()
    assert found.score < 0.5


def test_an_answers_sentence_may_be_longer() -> None:
    passages = [SourceSentence("otters", "Otters", SOURCE, 1)]
    assert Checker().check(TRUE * 200, passages, [0]).verdict == "supported"


@pytest.mark.parametrize(
    ("source", "claim", "said"),
    [
        (
            SOURCE,
            "1 " * 8_000,
            "the claim has 16,000 characters and at most 2,000 can be checked; "
            "give it sentence by sentence",
        ),
        (
            "1 " * 60_000,
            TRUE,
            "the source has 120,000 characters and at most 100,000 can be checked; "
            "give the part that the claim rests on",
        ),
    ],
)
def test_what_is_longer_than_can_be_checked(source: str, claim: str, said: str) -> None:
    with pytest.raises(QuestionError) as caught:
        check_claim(Checker(), source, claim)
    assert str(caught.value) == said


def test_what_is_as_long_as_can_be() -> None:
    claim = "otters " * 1_000
    source = "crabs " * 20_000
    assert check_claim(Checker(), source[:MAX_SOURCE_CHARS], claim[:MAX_CLAIM_CHARS])
