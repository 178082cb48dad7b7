"""What a bad server does to a reply: one sentence before any text, an honest end after it."""

from __future__ import annotations

import json
import logging
import socket
import time

import pytest

from assistant.errors import ContextOverflowError, ModelError
from assistant.llm.openai_chat import OpenAIChat
from tests.llm_servers.asking import ASKED, OVERFLOW, failure, model_of, reply_to
from tests.llm_servers.scripted import KEY, Turn, scripted
from tests.llm_servers.steps import (
    Breaks,
    Drips,
    Page,
    Says,
    Status,
    Stream,
    chunk,
    refuses_parameter,
)

AZURE_FILTER = json.dumps(
    {
        "error": {
            "message": "secret detail",
            "param": "prompt",
            "code": "content_filter",
            "status": 400,
            "innererror": {"code": "ResponsibleAIPolicyViolation"},
        }
    }
)
MODERATED = json.dumps(
    {"error": {"code": 403, "message": "requires moderation and your input was flagged, secret"}}
)


@pytest.mark.parametrize(
    ("script", "says", "n_requests"),
    [
        ([Status(401)], "refused the key (HTTP 401); check the key", 1),
        ([Status(403)], "refused the key (HTTP 403)", 1),
        ([Status(404)], "has no model 'tiny' (HTTP 404); check the model", 1),
        ([Status(400)], "refused the request (HTTP 400)", 1),
        ([Page()], "answers with a web page: check ASSISTANT_LLM_BASE_URL", 1),
        ([Page(404)], "answers with a web page (HTTP 404): check ASSISTANT_LLM_BASE_URL", 1),
        ([Stream([b"data: {secret\n\n"])], "unusable reply, not a stream of chat", 1),
        ([Stream([[1, 2]])], "unusable reply, not a stream of chat", 1),
        ([Stream(["secret"])], "unusable reply, not a stream of chat", 1),
        ([Stream([{"id": "x"}])], "unusable reply, not a stream of chat", 1),
        ([Stream([{"choices": None}])], "unusable reply, not a stream of chat", 1),
        ([Stream([chunk({"content": None}, "stop")])], "unusable reply, one without text", 1),
        ([Says(" \n ")], "unusable reply, one without text", 1),
        ([Stream([chunk({"refusal": "secret"}, "stop")])], "it refused to answer", 1),
        ([Stream([chunk({}, "content_filter")])], "a content filter that held the answer", 1),
        ([Status(400, AZURE_FILTER)], "a content filter that held the answer back", 1),
        ([Status(403, MODERATED)], "a content filter that held the answer back", 1),
        ([Stream([json.loads(AZURE_FILTER)])], "a content filter that held the answer back", 1),
        ([Status(307, headers={"location": "http://x.invalid/"})], "sends on to another", 1),
        ([Stream([chunk({}, "tool_calls")])], "calls a tool in place of answering", 1),
        ([Says("", finish="length")], "50 tokens without any text", 1),
        ([Says("<think>secret", finish="length")], "only thought, for 50 tokens, and did", 1),
        ([Drips("thoughts")], "only thought, for longer than any answer is, and did not", 1),
        ([Drips("blanks")], "50 tokens without any text", 1),
        ([Drips("bytes")], "not a stream of chat completions", 1),
    ],
)
def test_what_another_try_cannot_mend_is_said_at_once(
    script: list[Turn], says: str, n_requests: int
) -> None:
    failed = failure(script)
    assert says in str(failed.error)
    assert failed.n_requests == n_requests
    assert not failed.error.retryable


TOOL = {"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def test_a_tool_call_is_no_answer() -> None:
    stream = [chunk({"tool_calls": [TOOL]}), chunk({}, "tool_calls")]
    assert "calls a tool in place of answering" in str(failure([Stream(stream)]).error)


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (Status(429), "is busy (HTTP 429); try again later"),
        (Status(500), "failed (HTTP 500)"),
        (Status(503), "failed (HTTP 503)"),
        (Page(502), "failed (HTTP 502)"),
        (Stream([{"error": {"message": "secret detail", "code": 500}}]), "failed (HTTP 500)"),
        (Stream([]), "its stream ended before any text"),
        (Stream([{"id": "x", "choices": []}]), "its stream ended before any text"),
        (Breaks("reset"), "hung up before it had answered"),
        (Breaks("cut"), "hung up before it had answered"),
        (Breaks("cut", headers=True), "hung up before it had answered"),
    ],
)
def test_what_may_pass_is_tried_twice_and_no_more(step: Turn, says: str) -> None:
    failed = failure([step, step, step])
    assert says in str(failed.error)
    assert failed.n_requests == 2
    assert failed.error.retryable


@pytest.mark.parametrize("step", [Status(429), Status(500), Breaks("reset"), Stream([])])
def test_a_second_try_may_succeed(step: Turn) -> None:
    reply = reply_to([step, "Yes. [A1]"])
    assert reply.text == "Yes. [A1]"
    assert reply.finish == "stop"


def test_the_second_try_waits_as_long_as_the_server_asks() -> None:
    asked: list[float] = []

    def busy(_: object) -> Status:
        asked.append(time.monotonic())
        return Status(429, headers={"retry-after": "1"})

    def ready(_: object) -> str:
        asked.append(time.monotonic())
        return "Yes."

    assert reply_to([busy, ready]).text == "Yes."
    assert asked[1] - asked[0] >= 1


@pytest.mark.parametrize(("header", "seconds"), [("3600", "3600"), ("21", "21")])
def test_a_server_that_asks_for_much_patience_is_not_waited_for(header: str, seconds: str) -> None:
    failed = failure([Status(429, headers={"retry-after": header}), "Yes."])
    assert f"is busy (HTTP 429); try again in {seconds} s" in str(failed.error)
    assert failed.n_requests == 1


def test_an_empty_purse_is_told_from_a_busy_server() -> None:
    body = '{"error": {"code": "insufficient_quota", "message": "secret"}}'
    failed = failure([Status(429, body)])
    assert "no credit left for this key" in str(failed.error)
    assert not failed.error.retryable


@pytest.mark.parametrize(
    "step",
    [
        Status(400, json.dumps(OVERFLOW)),
        Status(400, '{"error": {"code": "context_length_exceeded", "param": "messages"}}'),
        Status(400, '{"message": "This model\'s maximum context length is 4096 tokens"}'),
        Status(500, '{"error": "the prompt is larger than the context window"}'),
        Stream([OVERFLOW]),
    ],
)
def test_a_prompt_that_does_not_fit_is_told_apart(step: Turn) -> None:
    failed = failure([step])
    assert isinstance(failed.error, ContextOverflowError)
    assert failed.n_requests == 1


def test_a_server_that_hangs_is_explained() -> None:
    failed = failure([Breaks("hang")], silence_s=0.3)
    assert "was silent for 0 s" in str(failed.error)
    assert failed.n_requests == 1
    assert failed.error.retryable


@pytest.mark.parametrize(
    "what", ["comments", "headers", "bytes"], ids=["comments", "headers", "bytes"]
)
def test_a_server_that_only_shows_life_is_left_when_time_is_up(what: str) -> None:
    failed = failure([Drips(what, every=0.05)], timeout_s=1)
    assert "did not finish within 1 s" in str(failed.error)
    assert failed.n_requests == 1


@pytest.mark.parametrize(
    "thoughts", [Drips("thoughts", every=0.05), Drips("words", every=0.05, text="<think> Hm")]
)
def test_a_model_that_thinks_without_end_is_left_when_time_is_up(thoughts: Turn) -> None:
    failed = failure([thoughts], timeout_s=1)
    assert "only thought, for 1 s, and did not begin its answer; turn its thinking off" in str(
        failed.error
    )
    assert failed.n_requests == 1
    # An answer is then made of quotations.
    assert failed.error.retryable


def test_thoughts_before_an_answer_are_no_fault() -> None:
    thought = Stream(
        [chunk({"reasoning_content": "Hm."}), chunk({"content": "Yes."}), chunk({}, "stop")]
    )
    reply = reply_to([thought])
    assert (reply.text, reply.finish) == ("Yes.", "stop")


def test_a_port_where_nothing_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        model = OpenAIChat("tiny", base_url=f"http://127.0.0.1:{held.getsockname()[1]}/v1")
        with pytest.raises(ModelError, match="cannot be reached; check the address") as caught:
            model.complete(ASKED, max_tokens=5)
    assert caught.value.retryable


def test_a_name_that_does_not_exist() -> None:
    model = OpenAIChat("tiny", base_url="http://no-such-host.invalid:1/v1")
    with pytest.raises(ModelError, match=r"no-such-host\.invalid:1/v1' cannot be reached"):
        model.complete(ASKED, max_tokens=5)


def test_the_password_in_an_address_is_not_shown() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        model = OpenAIChat("tiny", base_url=f"http://me:hush@127.0.0.1:{port}/v1", api_key="hush2")
        with pytest.raises(ModelError) as caught:
            model.complete(ASKED, max_tokens=5)
    assert "hush" not in f"{caught.value} {model.endpoint!r}"


def test_the_counts_are_the_servers_or_else_ours() -> None:
    theirs = reply_to([Says("One two three.", usage=(101, 23))])
    assert (theirs.prompt_tokens, theirs.completion_tokens) == (101, 23)
    ours = reply_to([Says("One two three.", usage=None)])
    assert 8 < ours.prompt_tokens < 30
    assert ours.completion_tokens == 4


def test_thoughts_are_not_part_of_the_answer() -> None:
    pieces = ["<thi", "nk>Hm", ", [A9]?</th", "ink>\n\n", "Yes. ", "[A1]"]
    assert reply_to([Says("", pieces=pieces)]).text == "Yes. [A1]"


def test_parameters_that_a_model_refuses_are_left_out_from_then_on() -> None:
    refusals = ("temperature", "max_tokens", "stream_options", "response_format")
    script = [refuses_parameter(name) for name in refusals]
    with scripted(script, otherwise="{}") as server:
        model = model_of(server)
        assert model.complete(ASKED, max_tokens=50, json_object=True).text == "{}"
        assert len(server.requests) == 5
        assert {*refusals} <= {*server.requests[0]}
        assert not {*refusals} & {*server.requests[-1]}
        assert server.requests[-1]["max_completion_tokens"] > 50
        model.complete(ASKED, max_tokens=50, json_object=True)
        assert len(server.requests) == 6


def test_a_server_that_refuses_everything_is_given_up() -> None:
    names = ("temperature", "max_tokens", "stream_options", "max_completion_tokens")
    failed = failure([refuses_parameter(name) for name in (*names, "model", "messages")])
    assert "refused the request (HTTP 400)" in str(failed.error)
    assert failed.n_requests == 5


def test_a_model_without_a_system_role_gets_its_instructions_with_the_question() -> None:
    refusal = Status(400, '{"message": "System role not supported", "param": null}')
    with scripted([refusal], otherwise="Yes.") as server:
        model = model_of(server)
        for _ in range(2):
            assert model.complete(ASKED, max_tokens=5).text == "Yes."
        assert len(server.requests) == 3
        for sent in server.requests[1:]:
            (message,) = sent["messages"]
            assert message == {"role": "user", "content": "You are brief.\n\nIs it so?"}


def test_a_server_that_comes_later_is_asked_then() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    model = OpenAIChat("tiny", base_url=f"http://127.0.0.1:{port}/v1")
    assert model.context_tokens is None
    rows = {"data": [{"id": "tiny", "max_model_len": 4096}]}
    with scripted(models=rows, port=port):
        assert model.context_tokens == 4096


def test_what_is_sent() -> None:
    with scripted(["Yes."]) as server:
        model_of(server).complete(ASKED, max_tokens=50)
        assert server.keys == [KEY]
        (sent,) = server.requests
    assert sent["model"] == "tiny"
    assert [(m["role"], m["content"]) for m in sent["messages"]] == [
        ("system", "You are brief."),
        ("user", "Is it so?"),
    ]
    assert sent["max_tokens"] == 50
    assert sent["stream_options"] == {"include_usage": True}
    assert sent["temperature"] == 0
    assert "response_format" not in sent
    assert "return_progress" not in sent


def test_a_server_says_how_much_it_has_room_for_and_is_asked_once() -> None:
    rows = {"data": [{"id": "other", "max_model_len": 1}, {"id": "tiny", "max_model_len": 4096}]}
    with scripted(otherwise="Yes.", models=rows) as server:
        model = model_of(server)
        assert model.context_tokens == 4096
        model.complete(ASKED, max_tokens=5)
        model.complete(ASKED, max_tokens=5)
        assert model.context_tokens == 4096
        assert server.lists == 1


def test_the_user_knows_better_how_much_room_there_is() -> None:
    with scripted(models={"data": [{"id": "tiny", "max_model_len": 4096}]}) as server:
        model = OpenAIChat("tiny", base_url=server.url, context_tokens=1024)
        assert model.context_tokens == 1024
        assert server.lists == 0


def test_a_proxy_does_not_stand_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    rows = {"data": [{"id": "tiny", "max_model_len": 4096}]}
    with scripted(["Yes."], models=rows) as server:
        model = model_of(server)
        assert model.context_tokens == 4096
        assert model.complete(ASKED, max_tokens=5).text == "Yes."


def test_a_proxy_that_is_not_there_is_a_server_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    model = OpenAIChat("tiny", base_url="http://llm.example.org/v1")
    with pytest.raises(ModelError, match="cannot be reached"):
        model.complete(ASKED, max_tokens=5)


def test_neither_key_nor_body_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    failure([Status(401, body='{"error": {"message": "secret: ' + KEY + '"}}')])
    reply_to([Stream([chunk({"content": "Some"}), {"error": {"message": f"secret {KEY}"}}])])
    assert caplog.records
    assert not [r for r in caplog.records if "secret" in r.getMessage() or KEY in r.getMessage()]
    assert not [r for r in caplog.records if r.exc_info]
