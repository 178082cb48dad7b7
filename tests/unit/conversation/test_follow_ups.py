"""Turns of a conversation read by rule: what is carried into them, and what is not."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.conversation.rules import MAX_CHARACTERS, PaperRef, Turn, condense

FALCON = PaperRef("falcon", "FalconDraft: Drafting Tokens with Shallow Layers")
OTTER = PaperRef("otter", "OtterSkip: Skipping Layers while Decoding")
HERON = PaperRef("heron", "Language Models Read Long Rivers of Text")


def asked(question: str, *papers: PaperRef, abstained: bool = False) -> Turn:
    return Turn(question, question, papers, abstained)


NAMED = [asked("What speedup does FalconDraft reach on RiverBench?", FALCON)]
LISTED = [asked("Which papers let a model draft for itself?", FALCON, OTTER)]
TITLED = [asked("How do models read long texts?", HERON)]


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        ("How large is it?", "How large is FalconDraft?"),
        ("And what are its limits?", "What are FalconDraft's limits?"),
        ("Which baselines do they beat?", "Which baselines do FalconDraft beat?"),
        ("Does that need training?", "Does FalconDraft need training?"),
        ("By the way, is it better than Medusa?", "Is FalconDraft better than Medusa?"),
        ("Does the paper release code?", "In FalconDraft, does the paper release code?"),
        ("How many parameters?", "In FalconDraft, how many parameters?"),
        ("On how many days of data?", "In FalconDraft, on how many days of data?"),
        ("And how big is the gain?", "In FalconDraft, how big is the gain?"),
        ("What about training cost?", "In FalconDraft, what about training cost?"),
        ("What was that part trained on?", "In FalconDraft, what was that part trained on?"),
        ("How long does it take there?", "How long does FalconDraft take there?"),
    ],
)
def test_what_is_spoken_of_takes_the_place_of_what_points_to_it(turn: str, question: str) -> None:
    found = condense(turn, NAMED)
    assert found.follows
    assert found.question == f"{question} ({FALCON.title})"
    assert found.paper_ids == ("falcon",)


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        ("And on LakeBench?", "What speedup does FalconDraft reach on LakeBench?"),
        ("with a larger draft?",
         "What speedup does FalconDraft reach on RiverBench with a larger draft?"),
        ("And OtterSkip?", "What speedup does OtterSkip reach on RiverBench?"),
        ("what about OtterSkip", "What speedup does OtterSkip reach on RiverBench?"),
        ("And on code, and is there a price?",
         "What speedup does FalconDraft reach on code, and is there a price?"),
        ("why?", "What speedup does FalconDraft reach on RiverBench, and why?"),
        ("Are you sure?", "What speedup does FalconDraft reach on RiverBench?"),
        ("How does that compare with OtterSkip's best number?",
         "What speedup does FalconDraft reach on RiverBench, "
         "and how does that compare with OtterSkip's best number?"),
    ],
)  # fmt: skip
def test_an_ellipsis_is_completed_by_the_question_before(turn: str, question: str) -> None:
    assert condense(turn, NAMED).question == question


@pytest.mark.parametrize(
    "turn",
    [
        "Which models prune attention heads?",
        "What is speculative decoding?",
        "How does MAGNET mix both attentions?",
        "MAGNET mixes both attentions. What can it do beyond embedding?",
        "Which model handles Italian medicine, and how large is it?",
        "How do encoder models learn their representations?",
        "Is it possible to decode without a draft model?",
        "Does BERT use its first token?",
        "Are there papers on pruning attention heads?",
        "How long does it take to train BLOOM?",
        "Who predicts human mobility with a transformer?",
        "Is there another way to get varied drafts, by sampling?",
    ],
)
@pytest.mark.parametrize("history", [NAMED, LISTED, TITLED])
def test_a_turn_that_stands_alone_is_left_as_it_is(turn: str, history: list[Turn]) -> None:
    found = condense(turn, history)
    assert found.question == turn
    assert not found.follows
    assert found.paper_ids == ()


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        ("Now leave medicine aside. What has been done for Polish?",
         "What has been done for Polish?"),
        ("Something else entirely: who found the dog neuron?", "Who found the dog neuron?"),
        ("A different matter: how fast is kNN-LM?", "How fast is kNN-LM?"),
        ("Ok, new topic. how large is it?", "How large is it?"),
        ("Let's move on to speech. Which model hears best?", "Which model hears best?"),
        ("Enough of that; what is ELECTRA?", "What is ELECTRA?"),
    ],
)  # fmt: skip
def test_an_announced_change_carries_nothing_over(turn: str, question: str) -> None:
    found = condense(turn, NAMED)
    assert (found.question, found.follows) == (question, False)


@pytest.mark.parametrize(
    ("turn", "paper"),
    [
        ("What does the first one reach?", FALCON),
        ("And the second paper, how large is it?", OTTER),
        ("What does the latter need?", OTTER),
        ("How fast is the former?", FALCON),
        ("What about the last one?", OTTER),
        ("Does the second of them need training?", OTTER),
    ],
)
def test_ordinals_count_the_papers_of_a_list(turn: str, paper: PaperRef) -> None:
    found = condense(turn, LISTED)
    assert found.paper_ids == (paper.paper_id,)
    assert found.question.endswith(f"({paper.title})")
    other = OTTER if paper is FALCON else FALCON
    assert other.title.partition(":")[0] not in found.question


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        ("Is there a paper that criticises it?", "Is there a paper that criticises FalconDraft?"),
        ("What did version two of it add?", "What did version two of FalconDraft add?"),
        ("Does it have a successor?", "Does FalconDraft have a successor?"),
    ],
)
def test_another_paper_is_not_looked_for_by_the_title_of_this_one(turn: str, question: str) -> None:
    assert condense(turn, NAMED).question == question


def test_an_aside_before_a_question_that_stands_alone_goes() -> None:
    found = condense("Right, I see it now. And which models prune attention heads?", NAMED)
    assert found.question == "Which models prune attention heads?"


def test_ordinals_count_what_was_spoken_of() -> None:
    talk = [*NAMED, asked("How large is OtterSkip?", OTTER)]
    assert condense("Which data did the first one use?", talk).paper_ids == ("falcon",)
    assert condense("And the second one?", talk).paper_ids == ("otter",)
    assert condense("How deep is the other one?", talk).paper_ids == ("falcon",)
    back = [*talk, asked("Which data did FalconDraft use?", FALCON)]
    assert condense("How deep is the other one?", back).paper_ids == ("otter",)


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        ("Compare the two", "Compare FalconDraft and OtterSkip"),
        ("How do they differ?", "How do FalconDraft and OtterSkip differ?"),
        ("Which of the two needs a draft model?",
         "Which of FalconDraft and OtterSkip needs a draft model?"),
        ("Summarise both papers", "Summarise FalconDraft and OtterSkip"),
        ("Which is faster?", "Which is faster: FalconDraft and OtterSkip?"),
        ("Does either of them need training?",
         "Does either of FalconDraft and OtterSkip need training?"),
    ],
)  # fmt: skip
def test_both_are_named(turn: str, question: str) -> None:
    found = condense(turn, LISTED)
    assert found.question == question
    assert found.paper_ids == ("falcon", "otter")


def test_a_paper_without_a_name_is_known_by_its_title() -> None:
    found = condense("How large is it?", TITLED)
    assert found.question == f'In "{HERON.title}", how large is it?'
    again = Turn("How large is it?", found.question, (HERON,))
    assert condense("And its speed?", [*TITLED, again]).paper_ids == ("heron",)


def test_a_language_takes_the_place_of_a_language() -> None:
    talk = [asked("Is there a text generator made for Italian medicine?", FALCON)]
    assert condense("What about Polish?", talk).question == (
        "Is there a text generator made for Polish medicine?"
    )


def test_the_larger_and_the_smaller() -> None:
    talk = [asked("What did the larger model of FalconDraft cost?", FALCON)]
    assert condense("And the smaller?", talk).question == (
        "What did the smaller model of FalconDraft cost?"
    )


def test_more_and_others() -> None:
    assert condense("Tell me more.", NAMED).question == "Tell me about FalconDraft"
    others = condense("Are there others?", LISTED).question
    assert others.startswith("Which other papers")
    assert "let a model draft for itself" in others
    assert condense("What else does it do?", NAMED).question.startswith(
        "What else does FalconDraft"
    )


def test_what_was_declined_does_not_hide_what_was_spoken_of() -> None:
    declined = asked("Was the card an RTX 3090 or a 4090?", HERON, abstained=True)
    found = condense("What perplexity does it reach then?", [*NAMED, declined])
    assert found.paper_ids == ("falcon",)
    assert "RTX" not in found.question


def test_a_talk_of_nothing_known_carries_the_question_before() -> None:
    declined = asked("How do bees dance?", abstained=True)
    found = condense("How long does it take them?", [declined])
    assert found.question == "How do bees dance? How long does it take them?"
    assert condense("Und wie groß sind sie?", [declined]).question == (
        "How do bees dance? Und wie groß sind sie?"
    )


def test_the_title_that_was_added_is_no_part_of_the_talk() -> None:
    first = condense("How large is it?", NAMED)
    talk = [*NAMED, Turn("How large is it?", first.question, (FALCON,))]
    found = condense("And on LakeBench?", talk)
    assert FALCON.title not in found.question
    assert found.question == "How large is FalconDraft on LakeBench?"


def test_doubts_are_settled_by_what_the_library_holds() -> None:
    turn = "Who found the dog neuron?"
    plain = "Where do dog neurons hide?"
    assert condense(plain, NAMED, lambda question: float("FalconDraft" not in question)) == (
        condense(plain, [])
    )
    carried = condense(plain, NAMED, lambda question: float("FalconDraft" in question))
    assert carried.paper_ids == ("falcon",)
    # Where the words leave no doubt, nothing is weighed.
    assert condense(turn, [], lambda _: 1 / 0).question == turn
    assert condense("How large is it?", NAMED, lambda _: 1 / 0).follows


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        ("Und wie schnell ist es?", "FalconDraft: Und wie schnell ist es?"),
        ("Et sur quels corpus ?", "FalconDraft: Et sur quels corpus ?"),
        ("¿Y cuántos parámetros tiene?", "FalconDraft: ¿Y cuántos parámetros tiene?"),
        ("它有多少参数？", "FalconDraft: 它有多少参数？"),
        ("Wie gut ist dieses?", "FalconDraft: Wie gut ist dieses?"),
        ("Welche Modelle kürzen ihre Köpfe?", "Welche Modelle kürzen ihre Köpfe?"),
        ("Welche Modelle kürzen Köpfe?", "Welche Modelle kürzen Köpfe?"),
        ("注意力头的剪枝方法有哪些？", "注意力头的剪枝方法有哪些？"),
    ],
)  # fmt: skip
def test_other_languages(turn: str, question: str) -> None:
    assert condense(turn, NAMED).question == question


@pytest.mark.parametrize("turn", ["", " ", "?", "...", "\n", "🙂", "x" * 9_000, "it " * 4_000])
@pytest.mark.parametrize("history", [[], NAMED, LISTED, [asked("", abstained=True)], [asked("?")]])
def test_turns_that_say_nothing_or_too_much_come_back(turn: str, history: list[Turn]) -> None:
    assert condense(turn, history).question == turn.strip()


@pytest.mark.parametrize(
    "turn",
    ["its", "the two", "And", "and the second one?", "what about", "that one", "there", "both?",
     "it$1\\g<0>", "\\1", "{it}", "[it](x)", "İt", "ﬁt it?", "it\x00", "how\u202eit"],
)  # fmt: skip
@pytest.mark.parametrize(
    "history",
    [NAMED, LISTED, TITLED, [asked("$1 \\g<0> (")], [asked("Compare A1 and B2.", abstained=True)]],
)
def test_odd_turns_are_read_somehow(turn: str, history: list[Turn]) -> None:
    found = condense(turn, history)
    assert found.question.strip()
    assert len(found.question) < MAX_CHARACTERS


def test_a_long_talk_stays_with_its_last_subject() -> None:
    talk = list(NAMED)
    for turn in ("How large is it?", "And its speed?", "Does it need training?") * 3:
        found = condense(turn, talk)
        talk.append(Turn(turn, found.question, (FALCON,)))
    assert all("FalconDraft" in turn.standalone for turn in talk)
    assert max(len(turn.standalone) for turn in talk) < 150
    assert all(before.standalone != after.standalone for before, after in pairwise(talk))
