"""Conversations with the starter library: from Python, through a pipe, and on a real terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Filters
from assistant.conversation.chat import CONDENSE, Chat
from assistant.errors import ModelError, QuestionError
from assistant.events import Done, Noticed, Retrieved
from tests.llm_servers.replies import citing
from tests.llm_servers.scripted import KEY, ScriptedServer, Turn, scripted
from tests.llm_servers.steps import Says, Status
from tests.whole.conftest import EXECUTABLE, Ran

FIRST = "What speedup does Kangaroo reach on Spec-Bench?"
FOLLOW_UP = "Does it need training?"
KANGAROO = "kangaroo-lossless-self-speculative-decoding-via"
FACT = "1.68"
REPLY = citing("Kangaroo reaches up to 1.68 times [{a}].", a=FACT)
SECOND = citing("Kangaroo trains an adapter module [{a}].", a="adapter")


@pytest.fixture
def assistant(starter: Path) -> Iterator[Assistant]:
    with Assistant.open() as opened:
        yield opened


@pytest.fixture
def chat(assistant: Assistant) -> Chat:
    return assistant.chat()


@contextmanager
def llm_chat(
    *replies: Turn, otherwise: Turn | None = None, **settings: Any
) -> Iterator[tuple[Chat, ScriptedServer]]:
    with (
        scripted(replies, otherwise=otherwise) as server,
        Assistant.open(
            library="starter",
            llm="openai:scripted",
            llm_base_url=server.url,
            llm_api_key=KEY,
            **settings,
        ) as assistant,
    ):
        yield assistant.chat(), server


def test_a_follow_up_is_answered_from_the_paper_spoken_of(chat: Chat) -> None:
    first, second = chat.ask(FIRST), chat.ask(FOLLOW_UP)
    assert first.question == first.standalone_question == FIRST
    assert second.question == FOLLOW_UP
    assert second.standalone_question.startswith('In "Kangaroo: Lossless')
    assert second.standalone_question.endswith(", does it need training?")
    assert chat.turns == (first, second)
    assert set(second.timings_ms) == {CONDENSE, "retrieve", "answer"}
    for answer in chat.turns:
        labels = [c.label for s in answer.sentences for c in s.citations]
        assert labels[0] == "1"
        assert KANGAROO in {c.paper_id for s in answer.sentences for c in s.citations}
        assert {s.label for s in answer.sources if s.cited} == set(labels)


def test_what_a_turn_is_read_as_comes_before_its_answer(chat: Chat) -> None:
    chat.ask(FIRST)
    events = list(chat.stream(FOLLOW_UP))
    assert isinstance(events[0], Retrieved)
    assert events[0].standalone_question == chat.turns[-1].standalone_question
    assert events[-1] == Done(chat.turns[-1])


def test_thanks_are_no_part_of_what_is_spoken_of(chat: Chat) -> None:
    chat.ask(FIRST)
    thanks = chat.ask("thanks!")
    assert thanks.standalone_question == "thanks!"
    assert "Kangaroo" in chat.ask(FOLLOW_UP).standalone_question


def test_a_turn_that_fails_or_is_left_before_it_says_anything_is_no_turn(chat: Chat) -> None:
    chat.ask(FIRST)
    for turn in ("", "?!", "x" * 20_000, "a\x00b"):
        with pytest.raises(QuestionError):
            chat.ask(turn)
    events = chat.stream(FOLLOW_UP)
    next(events)
    events.close()
    assert [answer.question for answer in chat.turns] == [FIRST]
    chat.reset()
    assert chat.turns == ()
    assert chat.ask(FOLLOW_UP).standalone_question == FOLLOW_UP


def test_a_chat_is_saved_and_gone_on_with(chat: Chat, assistant: Assistant) -> None:
    chat.ask(FIRST)
    chat.ask("Who won the marathon in 1998?")
    record = json.loads(json.dumps(chat.to_dict()))
    again = Chat.from_dict(assistant, record)
    assert again.turns == chat.turns
    assert again.to_dict() == chat.to_dict()
    assert again.ask(FOLLOW_UP).standalone_question == chat.ask(FOLLOW_UP).standalone_question


@pytest.mark.parametrize(
    "record",
    [{}, {"schema": 9, "turns": []}, {"schema": 1, "turns": "x"}, {"schema": 1, "turns": [{}]},
     {"schema": 1, "turns": [], "filters": {"year_from": "soon"}}],
)  # fmt: skip
def test_what_is_no_saved_chat_is_said(assistant: Assistant, record: dict[str, Any]) -> None:
    with pytest.raises(QuestionError, match="start a new chat"):
        Chat.from_dict(assistant, record)


def test_filters_hold_for_every_turn(assistant: Assistant) -> None:
    filters = Filters(paper_ids=(KANGAROO,))
    chat = assistant.chat(filters)
    for turn in (FIRST, FOLLOW_UP, "What about another paper?"):
        assert {source.paper_id for source in chat.ask(turn).sources} <= {KANGAROO}
    assert Chat.from_dict(assistant, json.loads(json.dumps(chat.to_dict()))).filters == filters


def test_an_llm_reads_the_turn_with_the_talk_before_it(starter: Path) -> None:
    with llm_chat(REPLY, "Does Kangaroo need training?", SECOND) as (chat, server):
        first = chat.ask(FIRST)
        assert len(server.requests) == 1
        second = chat.ask(FOLLOW_UP)
    assert second.standalone_question == "Does Kangaroo need training?"
    prompt = server.prompt(1)
    assert f"Asked: {FIRST}" in prompt
    assert "Answered: Kangaroo reaches up to 1.68 times.\n" in prompt
    assert "Papers: [1] Kangaroo: Lossless" in prompt
    assert prompt.endswith(f"Last message: {FOLLOW_UP}")
    assert first.prompts.keys() == {"answer"}
    assert second.prompts.keys() == {"answer", CONDENSE}
    assert second.prompts[CONDENSE].startswith("v2:")
    assert (first.usage.prompt_tokens, second.usage.prompt_tokens) == (11, 22)
    assert (chat.usage.prompt_tokens, chat.usage.completion_tokens) == (33, 21)
    assert not second.notices


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("It needs training.\nSo does every other model.", "more than one line"),
        ("Paris became the French capital centuries ago.", "other things"),
        (Says("Does Kangaroo need", finish="length"), "broke off"),
        (Status(500), "could not be used"),
    ],
)
def test_a_reading_that_cannot_be_used_is_said_and_made_by_rule(
    starter: Path, reply: Turn, why: str
) -> None:
    tries = [reply, reply] if isinstance(reply, Status) else [reply]
    with llm_chat(REPLY, *tries, SECOND) as (chat, _):
        chat.ask(FIRST)
        events = list(chat.stream(FOLLOW_UP))
    answer = chat.turns[-1]
    assert answer.standalone_question.startswith('In "Kangaroo: Lossless')
    (notice,) = [event.message for event in events if isinstance(event, Noticed)]
    assert why in notice
    assert "by rule" in notice
    assert notice in answer.notices


def test_a_refused_key_is_an_error_of_the_turn(starter: Path) -> None:
    with llm_chat(REPLY, Status(401)) as (chat, _):
        chat.ask(FIRST)
        with pytest.raises(ModelError, match="key"):
            chat.ask(FOLLOW_UP)
        assert len(chat.turns) == 1


def test_what_is_read_of_a_long_talk_stays_short(starter: Path) -> None:
    def reply(request: dict[str, Any]) -> str:
        said = request["messages"][-1]["content"]
        return "How fast is Kangaroo?" if "Last message" in said else REPLY(request)

    with llm_chat(otherwise=reply) as (chat, server):
        chat.ask(FIRST)
        for _ in range(11):
            chat.ask(FOLLOW_UP)
        prompts = [server.prompt(n) for n in range(len(server.requests))]
    readings = [prompt for prompt in prompts if "Last message" in prompt]
    assert len(readings) == 11
    assert max(map(len, readings)) < 12_000


def piped(
    lines: str | bytes, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs ``assistant chat`` with ``lines`` on its standard input."""
    text = lines.encode() if isinstance(lines, str) else lines
    ran = subprocess.run(
        [str(EXECUTABLE), "chat", *arguments],
        input=text,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
    )
    return subprocess.CompletedProcess(
        ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode()
    )


def test_a_pipe_is_a_turn_a_line(starter: Path) -> None:
    ran = piped(f"{FIRST}\n\n{FOLLOW_UP}\n/sources\n/new\n{FOLLOW_UP}")
    assert ran.returncode == 0
    assert "\x1b" not in ran.stdout
    talk, _, anew = ran.stdout.partition("begun anew")
    assert talk.count("\n> ") == 3
    assert talk.startswith(f"> {FIRST}\n")
    assert 'asked as: In "Kangaroo: Lossless' in talk
    assert talk.count("Sources") == 2
    assert f"({KANGAROO})" in talk
    assert "asked as" not in anew
    assert "Traceback" not in ran.stderr


def test_an_error_is_a_line_and_the_chat_goes_on(starter: Path) -> None:
    ran = piped(b"?!\n/nothing\n/save\n/sources\n\xff\xfe\xfa?\nx\0y\n" + FIRST.encode() + b"\n")
    assert ran.returncode == 2
    messages = [line for line in ran.stderr.splitlines() if "you have no library" not in line]
    assert len(messages) == 6
    assert all(line.startswith("assistant: ") for line in messages)
    assert FACT in ran.stdout


def test_json_is_one_answer_a_line(starter: Path) -> None:
    ran = piped(f"{FIRST}\n?!\n{FOLLOW_UP}\n/quit\n{FIRST}\n", "--json")
    assert ran.returncode == 2
    first, failed, second = map(json.loads, ran.stdout.splitlines())
    assert first["question"] == first["standalone_question"] == FIRST
    assert failed["question"] == "?!"
    assert "no letter" in failed["error"]
    assert second["standalone_question"].startswith('In "Kangaroo: Lossless')


def test_help_shows_how(command: Callable[..., Ran]) -> None:
    ran = command("chat", "--help")
    assert ran.code == 0
    assert "assistant chat --library thesis" in ran.out


def test_a_chat_of_quotations_loads_no_llm(starter: Path) -> None:
    code = (
        "import sys; from assistant import Assistant; chat = Assistant.open().chat(); "
        f"chat.ask({FIRST!r}); chat.ask({FOLLOW_UP!r}); "
        "print({'llama_index', 'openai', 'tiktoken'} & {m.split('.')[0] for m in sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_a_chat_is_saved_as_markdown(starter: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.md"
    there.write_text("mine")
    lines = (f"{FIRST}", "/save talk.md", FOLLOW_UP, "/save talk.md", f"/save {there}",
             "/save no/such/folder/x.md")  # fmt: skip
    ran = piped("\n".join(lines))
    assert "1 answer written to talk.md" in ran.stdout
    text = Path("talk.md").read_text()
    assert text.count("## ") >= 2
    assert text.index(FIRST) < text.index(FOLLOW_UP)
    assert '*Asked as: In "Kangaroo: Lossless' in text
    assert there.read_text() == "mine"
    assert ran.stderr.count("give another") == 2


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ('"$A" chat < /dev/null', 0),
        ('"$A" chat <&-', 0),
        ('head -c 100000 /dev/zero | tr "\\0" x | "$A" chat', 2),
        ('yes "What is BiGS?" | "$A" chat | head -3; exit "${PIPESTATUS[1]}"', 141),
        ('echo "What is BiGS?" | "$A" chat > /dev/full', 3),
        ('"$A" chat --library nowhere < /dev/null', 2),
        ('"$A" chat --year soon < /dev/null', 2),
    ],
)
def test_inputs_and_outputs_that_fail(starter: Path, script: str, code: int) -> None:
    ran = subprocess.run(
        ["bash", "-c", script], env={**os.environ, "A": str(EXECUTABLE)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
