"""Turns of a conversation read by rule: what is carried into them, and what is not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.conversation.cues import may_be_of_answer
from assistant.conversation.follow_ups import (
    MAX_CHARACTERS,
    Condensed,
    PaperRef,
    PastTurn,
    change_filters,
    condense,
)
from assistant.errors import QuestionError

FALCON = PaperRef("falcon", "FalconDraft: Drafting Tokens with Shallow Layers")
OTTER = PaperRef("otter", "OtterSkip: Skipping Layers while Decoding")
HERON = PaperRef("heron", "Language Models Read Long Rivers of Text")


def named(found: Condensed) -> list[str]:
    """Returns the papers whose titles a turn was given in front, in their order."""
    papers = (FALCON, OTTER, HERON)
    places = {paper.paper_id: found.question.find(f'"{paper.title}"') for paper in papers}
    return sorted((key for key, place in places.items() if place >= 0), key=lambda key: places[key])


def asked(question: str, *papers: PaperRef, abstained: bool = False) -> PastTurn:
    return PastTurn(question, question, papers, abstained)


NAMED = [asked("What speedup does FalconDraft reach on RiverBench?", FALCON)]
LISTED = [asked("Which papers let a model draft for itself?", FALCON, OTTER)]
TITLED = [asked("How do models read long texts?", HERON)]


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        ("How large is it?", "how large is it?"),
        ("And what are its limits?", "what are its limits?"),
        ("Does that need training?", "does that need training?"),
        ("By the way, is it better than Medusa?", "is it better than Medusa?"),
        ("Does the paper release code?", "does the paper release code?"),
        ("How many parameters?", "how many parameters?"),
        ("On how many days of data?", "on how many days of data?"),
        ("And on how many GPUs?", "on how many GPUs?"),
        ("How long does it take there?", "how long does it take there?"),
        ("Is there a paper that criticises it?", "is there a paper that criticises it?"),
        ("Tell me more.", "tell me more."),
        ("Und wie schnell ist es?", "und wie schnell ist es?"),
        ("Et sur quels corpus ?", "et sur quels corpus ?"),
    ],
)
def test_a_turn_that_points_back_is_asked_of_the_paper(turn: str, question: str) -> None:
    found = condense(turn, NAMED)
    assert found.follows
    assert found.question == f'In "{FALCON.title}", {question}'
    assert named(found) == ["falcon"]


@pytest.mark.parametrize(
    ("turn", "rest"),
    [
        ("And on LakeBench?", "and on LakeBench?"),
        ("with a larger draft?", "and with a larger draft?"),
        ("What about training cost?", "and training cost?"),
        ("And on code, and is there a price?", "and on code, and is there a price?"),
        ("why?", "and why?"),
        ("Are you sure?", "and are you sure?"),
        ("Are there others?", "and are there others?"),
    ],
)
def test_an_ellipsis_is_completed_by_the_question_before(turn: str, rest: str) -> None:
    question = f'In "{FALCON.title}", what speedup does FalconDraft reach on RiverBench, {rest}'
    assert condense(turn, NAMED).question == question


def test_a_name_takes_the_place_of_its_like() -> None:
    expected = "What speedup does OtterSkip reach on RiverBench?"
    assert condense("And OtterSkip?", NAMED).question == expected
    assert condense("what about OtterSkip", NAMED).question == expected
    talk = [asked("Is there a text generator made for Italian medicine?", FALCON)]
    assert condense("What about Polish?", talk).question == (
        "Is there a text generator made for Polish medicine?"
    )


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
        "How many pairs were synthesized for Instruction Tuning, and what do they cover?",
        "Which models are tuned by mask removal, and which kinds do they outperform?",
        "注意力头的剪枝方法有哪些？",
        "Is there another way to get varied drafts, by sampling?",
        "How many papers are there?",
        "What is in this library?",
        "who wrote the most papers?",
        "What is entropy?",
        "what is a transformer",
        "does sleep deprivation harm memory",
        "side effects of metformin",
        "Attention is all you need",
        "Statins and Muscle Pain in Older Adults: A Randomised Trial",
    ],
)
@pytest.mark.parametrize("history", [NAMED, LISTED, TITLED])
def test_a_turn_that_stands_alone_is_left_as_it_is(turn: str, history: list[PastTurn]) -> None:
    found = condense(turn, history)
    assert found.question == turn
    assert not found.follows
    assert named(found) == []


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
    assert named(found) == [paper.paper_id]
    assert found.question.startswith(f'In "{paper.title}", ')
    other = OTTER if paper is FALCON else FALCON
    assert other.title.partition(":")[0] not in found.question


@pytest.mark.parametrize(
    ("turn", "papers"),
    [
        ("[2]", [OTTER]),
        ("What does [2] say?", [OTTER]),
        ("Compare [1] and [3]", [FALCON, HERON]),
        ("Is the third one better than the second?", [HERON, OTTER]),
        ("Compare the first two", [FALCON, OTTER]),
        ("Which data do they use?", [FALCON, OTTER, HERON]),
        ("Do these papers agree?", [FALCON, OTTER, HERON]),
        ("Compare it with the second one", [FALCON, OTTER]),
        ("Compare it with the first one", [FALCON, OTTER]),
        ("And the second one, how large is it?", [OTTER]),
    ],
)
def test_labels_and_places_are_those_of_the_list(turn: str, papers: list[PaperRef]) -> None:
    listed = [asked("Which papers let a model draft for itself?", FALCON, OTTER, HERON)]
    found = condense(turn, listed)
    assert named(found) == [paper.paper_id for paper in papers]
    # A turn about one of its papers leaves the list in sight.
    told = condense("How large is the third one?", listed)
    later = [*listed, PastTurn("How large is it?", told.question, (HERON,))]
    assert named(condense("And the second one?", later)) == ["otter"]


@pytest.mark.parametrize(
    ("turn", "n"),
    [
        ("shorter please", 1),
        ("Shorter!", 1),
        ("ok, briefly", 1),
        ("in one sentence", 1),
        ("Can you make it shorter?", 1),
        ("in two sentences please", 2),
        ("summarise it in 3 sentences", 3),
    ],
)
def test_a_shorter_answer_is_the_question_before_again(turn: str, n: int) -> None:
    found = condense(turn, NAMED)
    assert (found.question, found.max_sentences) == (NAMED[-1].standalone, n)
    assert found.is_sure


def test_only_what_surely_stands_alone_is_kept_from_an_llm() -> None:
    turn = "How many papers are there?"
    assert condense(turn, NAMED) == Condensed(turn, follows=False, is_sure=True)
    for turn in ("How large is it?", "why?", "and on COCO?", "Which papers say so?"):
        assert not condense(turn, NAMED).is_sure
    assert not condense("¿Qué es Heron?", NAMED).is_sure


def test_ordinals_count_what_was_spoken_of() -> None:
    talk = [*NAMED, asked("How large is OtterSkip?", OTTER)]
    assert named(condense("Which data did the first one use?", talk)) == ["falcon"]
    assert named(condense("And the second one?", talk)) == ["otter"]
    assert named(condense("How deep is the other one?", talk)) == ["falcon"]
    back = [*talk, asked("Which data did FalconDraft use?", FALCON)]
    assert named(condense("How deep is the other one?", back)) == ["otter"]


@pytest.mark.parametrize(
    "turn",
    [
        "Compare the two",
        "How do they differ?",
        "Which of the two needs a draft model?",
        "Summarise both papers",
        "Does either of them need training?",
    ],
)
def test_both_are_named(turn: str) -> None:
    found = condense(turn, LISTED)
    assert found.question.startswith(f'In "{FALCON.title}" and "{OTTER.title}", ')
    assert named(found) == ["falcon", "otter"]


def test_a_paper_without_a_name_is_known_by_its_title() -> None:
    found = condense("How large is it?", TITLED)
    assert found.question == f'In "{HERON.title}", how large is it?'
    again = PastTurn("How large is it?", found.question, (HERON,))
    assert named(condense("And its speed?", [*TITLED, again])) == ["heron"]


def test_what_was_declined_does_not_hide_what_was_spoken_of() -> None:
    declined = asked("Was the card an RTX 3090 or a 4090?", HERON, abstained=True)
    found = condense("What perplexity does it reach then?", [*NAMED, declined])
    assert named(found) == ["falcon"]
    assert "RTX" not in found.question


def test_a_talk_of_nothing_known_carries_the_question_before() -> None:
    declined = asked("How do bees dance?", abstained=True)
    found = condense("How long does it take them?", [declined])
    assert found.question == "How do bees dance? How long does it take them?"
    assert condense("Und wie groß sind sie?", [declined]).question == (
        "How do bees dance? Und wie groß sind sie?"
    )


def test_the_title_in_front_is_no_part_of_the_talk() -> None:
    first = condense("How large is it?", NAMED)
    talk = [*NAMED, PastTurn("How large is it?", first.question, (FALCON,))]
    found = condense("And on LakeBench?", talk)
    assert found.question == f'In "{FALCON.title}", how large is it, and on LakeBench?'


def test_a_paper_that_a_question_names_is_spoken_of_though_none_cites_it() -> None:
    turn = PastTurn("Compare FalconDraft and OtterSkip.", "Compare both", (OTTER,), found=(FALCON,))
    talk = [replace(turn, standalone=turn.question)]
    assert named(condense("How large is the first one?", talk)) == ["falcon"]
    assert named(condense("And the second one?", talk)) == ["otter"]


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("[5]", "there is no [5] above: the labels are [1] to [3]"),
        ("what does [12] say about rivers?", "there is no [12] above: the labels are [1] to [3]"),
        ("the fourth one", "there is no fourth one above: the labels are [1] to [3]"),
        ("tell me more about the 7th one", "there is no 7th one above: the labels are [1] to [3]"),
        ("what does paper 12 find?", "there is no paper 12 above: the labels are [1] to [3]"),
        ("compare [1] and [4]", "there is no [4] above: the labels are [1] to [3]"),
    ],
)
def test_a_label_that_is_not_there_is_told(turn: str, said: str) -> None:
    listed = [asked("Which papers let a model draft for itself?", FALCON, OTTER, HERON)]
    with pytest.raises(QuestionError) as told:
        condense(turn, listed)
    assert str(told.value) == said


def test_it_is_told_which_labels_there_are() -> None:
    with pytest.raises(QuestionError, match=r"no \[2\] above: the only label is \[1\]"):
        condense("[2]", NAMED)
    with pytest.raises(QuestionError, match="no second one above: no answer there has a source"):
        condense("and the second one?", [asked("How do bees dance?", abstained=True)])


@pytest.mark.parametrize("turn", ["paper 2", "#2", "source 2", "the 2nd one", "and paper #2?"])
def test_a_number_is_a_label(turn: str) -> None:
    assert named(condense(turn, LISTED)) == ["otter"]


@pytest.mark.parametrize(
    "turn",
    [
        "What was written on art in the 20th century?",
        "Is the 95% interval of heart rates wide?",
        "How was paper 3.5 mm thick made in China?",
    ],
)
def test_other_numbers_are_no_labels(turn: str) -> None:
    assert condense(turn, LISTED).question == turn


def test_filters_are_asked_of_the_last_question_for_papers() -> None:
    def change(turn: str, question: str) -> str | None:
        return f"{question} + {turn}" if "papers" in question and "2020" in turn else None

    listed = asked("Which papers draft?", FALCON, OTTER)
    changed = change_filters("and in 2020?", [listed], change)
    assert changed == Condensed("Which papers draft? + and in 2020?", follows=True, is_sure=True)
    one = PastTurn("And the first?", f'In "{FALCON.title}", how large is it?', (FALCON,))
    assert change_filters("and in 2020?", [listed, one], change) is None
    changed = change_filters("which of them are from 2020?", [listed, one], change)
    assert changed is not None
    assert changed.question == "Which papers draft? + which of them are from 2020?"
    assert change_filters("how large is it?", [listed], change) is None
    assert change_filters("and in 2020?", [listed, *NAMED], change) is None


@pytest.mark.parametrize("turn", ["", " ", "?", "...", "\n", "🙂", "x" * 9_000, "it " * 4_000])
@pytest.mark.parametrize("history", [[], NAMED, LISTED, [asked("", abstained=True)], [asked("?")]])
def test_turns_that_say_nothing_or_too_much_come_back(turn: str, history: list[PastTurn]) -> None:
    assert condense(turn, history).question == turn.strip()


@pytest.mark.parametrize(
    "turn",
    ["its", "the two", "And", "and the last one?", "what about", "that one", "there", "both?",
     "it$1\\g<0>", "\\1", "{it}", "[it](x)", "İt", "ﬁt it?", "it\x00", "how\u202eit"],
)  # fmt: skip
@pytest.mark.parametrize(
    "history",
    [NAMED, LISTED, TITLED, [asked("$1 \\g<0> (")], [asked("Compare A1 and B2.", abstained=True)]],
)
def test_odd_turns_are_read_somehow(turn: str, history: list[PastTurn]) -> None:
    found = condense(turn, history)
    assert found.question.strip()
    assert len(found.question) < MAX_CHARACTERS


def test_a_long_talk_stays_with_its_last_subject() -> None:
    talk = list(NAMED)
    for turn in ("How large is it?", "And its speed?", "Does it need training?") * 3:
        found = condense(turn, talk)
        talk.append(PastTurn(turn, found.question, (FALCON,)))
    assert all("FalconDraft" in turn.standalone for turn in talk)
    assert max(len(turn.standalone) for turn in talk) < 150
    assert all(before.standalone != after.standalone for before, after in pairwise(talk))


@pytest.mark.parametrize("turn", ["go on", "Continue, please!", "ok, carry on with the answer"])
def test_an_answer_that_was_stopped_goes_on(turn: str) -> None:
    stopped = replace(NAMED[-1], complete=False)
    assert condense(turn, [stopped]) == Condensed(stopped.standalone, follows=True, is_sure=True)
    assert condense(turn, NAMED).question != stopped.standalone
    assert condense("Continue the experiment?", [stopped]).question != stopped.standalone


@pytest.mark.parametrize(
    ("turn", "may_be"),
    [
        ("auf Deutsch bitte", True),
        ("Translate the answer above into plain German", True),
        ("Could you put that in a table with a row for each paper?", True),
        ("ok, now summarise it for a slide about decoding", True),
        ("I'd like your answer as a newspaper would print it", True),
        ("What is entropy", False),
        ("Is it good?", False),
        ("sparse attention?", False),
        ("List the papers that study length control in dialogue", False),
        ("How do models answer questions about tables?", False),
    ],
)
def test_turns_that_may_be_of_the_answer_before(turn: str, may_be: bool) -> None:
    assert may_be_of_answer(turn) is may_be
