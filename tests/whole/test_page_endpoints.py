"""The page's endpoints over a running server: a script's client, an agent's, and plain HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent

from assistant import Assistant
from tests.running_page import RunningPage, page_over

pytestmark = pytest.mark.slow

T = TypeVar("T")
QUESTION = "How is the length of a response controlled?"
AUTH = "ann:correct horse"


@pytest.fixture(scope="module")
def page(page_home: Path) -> Iterator[RunningPage]:
    with page_over(page_home, "--mcp") as running:
        yield running


@pytest.fixture(scope="module")
def client(page: RunningPage) -> Client:
    return Client(page.url, verbose=False, analytics_enabled=False)


def same_answer(answer: dict[str, Any], other: dict[str, Any]) -> bool:
    def kept(record: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in record.items() if k not in ("timings_ms", "notices")}

    return kept(json.loads(json.dumps(answer))) == kept(json.loads(json.dumps(other)))


def test_a_script_gets_what_the_command_prints(client: Client, page_home: Path) -> None:
    with Assistant.open(home=page_home, library="starter") as assistant:
        expected = assistant.ask(QUESTION).to_dict()
        found = [result.to_dict() for result in assistant.search("length control", 3)]
    answer = client.predict(QUESTION, api_name="/ask")
    assert same_answer(answer, expected)
    assert answer["sentences"][0]["citations"][0]["quote"]
    search = client.predict("length control", top_k=3, api_name="/search")
    assert [r["paper_id"] for r in search["results"]] == [r["paper_id"] for r in found]
    checked = client.predict("We are 2x faster.", "It is 3 times faster.", api_name="/check")
    assert checked["verdict"] == "unsupported"
    assert checked["flags"][0]["kind"] == "number"


def test_options_of_a_question(client: Client) -> None:
    only = client.predict(QUESTION, sentences=1, api_name="/ask")
    assert len(only["sentences"]) == 1
    late = client.predict(QUESTION, year_from=9000, api_name="/ask")
    assert late["abstained"]
    assert "None of the papers in this library passes the filters" in late["text"]
    paper_id = only["sources"][0]["paper_id"]
    one = client.predict(QUESTION, paper_ids=[paper_id], api_name="/ask")
    assert {source["paper_id"] for source in one["sources"]} == {paper_id}


@pytest.mark.parametrize(
    ("endpoint", "given", "said"),
    [
        ("/ask", {"question": "  "}, "question"),
        ("/ask", {"question": "q" * 10_001}, "10,001 characters long; ask in at most 10,000"),
        ("/ask", {"question": QUESTION, "sentences": 0}, "sentences 0 is out of range"),
        ("/ask", {"question": QUESTION, "year_from": 2, "year_to": 1}, "exchange them"),
        ("/ask", {"question": 5}, "question is not a text"),
        ("/search", {"query": "length", "top_k": 10**6}, "give 1 to 100"),
        ("/search", {"query": "length", "top_k": "five"}, "'five' is not a whole number"),
        ("/search", {"query": ""}, "que"),
        ("/check", {"source": "", "claim": "It is."}, "source"),
        ("/check", {"source": "s" * 20_001, "claim": "It is."}, "20,001 characters"),
        ("/check", {"source": "It is.", "claim": "1 " * 1_001}, "the claim has 2,002 characters"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    client: Client, endpoint: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(AppError) as caught:
        client.predict(**given, api_name=endpoint)
    assert said in str(caught.value)
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 5000])
def test_numbers_that_json_does_not_have(page: RunningPage, number: str) -> None:
    body = f'{{"data": ["length control", {number}, null, null]}}'
    response = httpx.post(
        page.url + "gradio_api/run/search",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert response.status_code in (400, 422, 500)
    assert "Traceback" not in response.text
    assert "site-packages" not in response.text


def test_only_the_three_endpoints_have_names(client: Client) -> None:
    info = client.view_api(return_format="dict", print_info=False)
    assert isinstance(info, dict)
    assert set(info["named_endpoints"]) == {"/ask", "/search", "/check"}
    assert not info["unnamed_endpoints"]
    described = httpx.get(f"{client.src}gradio_api/info").json()["named_endpoints"]
    for endpoint in described.values():
        assert endpoint["description"]
        assert all(parameter["parameter_name"] for parameter in endpoint["parameters"])


def test_events_of_the_page_cannot_be_called_by_name(page: RunningPage) -> None:
    config = httpx.get(page.url + "config").json()
    private = {d["api_name"] for d in config["dependencies"] if d["api_visibility"] == "private"}
    assert private
    for name in private:
        for way in ("run", "call", "call/v2"):
            called = httpx.post(f"{page.url}gradio_api/{way}/{name}", json={"data": []})
            assert called.status_code == 404


def test_two_scripts_know_nothing_of_each_other(page: RunningPage) -> None:
    first, second = (Client(page.url, verbose=False, analytics_enabled=False) for _ in range(2))
    first.predict(QUESTION, api_name="/ask")
    alone = second.predict("What does it lose in quality?", api_name="/ask")
    assert alone["standalone_question"] == "What does it lose in quality?"
    assert first.session_hash != second.session_hash


def test_many_scripts_at_once_are_all_answered(page: RunningPage) -> None:
    def ask(n: int) -> int:
        body = {"data": [f"{QUESTION} ({n})", None, None, None, None]}
        return httpx.post(page.url + "gradio_api/run/ask", json=body, timeout=120).status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(ask, range(20))) == {200}


def with_agent(url: str, talk: Callable[[ClientSession], Awaitable[T]], **headers: str) -> T:
    async def run() -> T:
        async with (
            httpx.AsyncClient(headers=headers, timeout=60) as http,
            streamable_http_client(f"{url}gradio_api/mcp/", http_client=http) as streams,
            ClientSession(streams[0], streams[1]) as session,
        ):
            await session.initialize()
            return await talk(session)

    return asyncio.run(run())


def test_an_agent_sees_three_tools_that_only_read(page: RunningPage) -> None:
    async def talk(session: ClientSession) -> None:
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == ["ask", "search", "check"]
        for tool in tools:
            assert tool.title
            assert len(tool.description or "") > 100
            assert tool.annotations is not None
            assert tool.annotations.readOnlyHint
            assert not tool.annotations.openWorldHint
            for parameter in tool.inputSchema["properties"].values():
                assert parameter["description"]
        assert (await session.list_resources()).resources == []
        assert (await session.list_prompts()).prompts == []

    with_agent(page.url, talk)


def test_an_agent_gets_the_same_answers_as_json(page: RunningPage, client: Client) -> None:
    async def talk(session: ClientSession) -> dict[str, Any]:
        results = {}
        for tool, arguments in (
            ("ask", {"question": QUESTION}),
            ("search", {"query": "length control", "top_k": 2}),
            ("check", {"source": "We are 2x faster.", "claim": "It is 3 times faster."}),
        ):
            result = await session.call_tool(tool, arguments)
            assert not result.isError
            (content,) = result.content
            assert isinstance(content, TextContent)
            results[tool] = json.loads(content.text)
        return results

    results = with_agent(page.url, talk)
    assert same_answer(results["ask"], client.predict(QUESTION, api_name="/ask"))
    assert len(results["search"]["results"]) == 2
    assert results["check"]["verdict"] == "unsupported"


def test_an_agent_is_told_what_was_wrong(page: RunningPage) -> None:
    async def talk(session: ClientSession) -> list[str]:
        said = []
        for tool, arguments in (
            ("search", {"query": "length", "top_k": 10**6}),
            ("ask", {"question": "q" * 10_001}),
            ("remove", {"paper_id": "a"}),
        ):
            result = await session.call_tool(tool, arguments)
            assert result.isError
            assert isinstance(result.content[0], TextContent)
            said.append(result.content[0].text)
        return said

    too_many, too_long, unknown = with_agent(page.url, talk)
    assert too_many == "top_k 1000000 is out of range; give 1 to 100"
    assert too_long == "the question is 10,001 characters long; ask in at most 10,000"
    assert "remove" in unknown


def test_an_agent_may_ask_several_things_at_once(page: RunningPage) -> None:
    async def talk(session: ClientSession) -> list[bool]:
        calls = (session.call_tool("ask", {"question": f"{QUESTION} ({n})"}) for n in range(6))
        return [result.isError for result in await asyncio.gather(*calls)]

    assert with_agent(page.url, talk) == [False] * 6


def test_scripts_and_agents_behind_a_password(page_home: Path) -> None:
    with page_over(page_home, "--mcp", "--auth", AUTH) as running:
        client = Client(
            running.url, auth=("ann", "correct horse"), verbose=False, analytics_enabled=False
        )
        assert client.predict(QUESTION, api_name="/ask")["sentences"]

        async def talk(session: ClientSession) -> bool:
            return (await session.call_tool("ask", {"question": QUESTION})).isError

        basic = base64.b64encode(AUTH.encode()).decode()
        assert with_agent(running.url, talk, authorization=f"Basic {basic}") is False
        refused = httpx.post(running.url + "gradio_api/mcp/", json={})
        assert refused.status_code == 401


def test_half_a_character_is_asked_and_answered(page: RunningPage) -> None:
    half = "\ud83d"
    calls: dict[str, list[Any]] = {
        "ask": [f"{QUESTION} {half}", None, None, [half], None],
        "search": [f"length {half}", 2, None, None],
        "check": [f"We are {half} fast.", f"We are fast {half}"],
    }
    for name, given in calls.items():
        response = httpx.post(
            f"{page.url}gradio_api/run/{name}",
            content=json.dumps({"data": given}),
            headers={"content-type": "application/json"},
            timeout=60,
        )
        assert response.status_code == 200, (name, response.text)
        assert "\ufffd" in response.content.decode()
