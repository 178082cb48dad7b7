"""The report as a page: one file that holds all it needs and runs nothing that was written."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import assistant_evals.report as report_folder
import pytest
from assistant_evals.report.html import embed_json, render_html

from tests.unit.evals.made_report import SCRIPT, empty_report, large_report, report

PARTS = Path(report_folder.__file__).with_name("report_page")


class Parsed(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "script":
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", {}))


def test_the_report_comes_back_as_it_was() -> None:
    made = report()
    parsed = Parsed(render_html(made))
    assert len(parsed.scripts) == 2
    assert json.loads(parsed.scripts[0]) == made


def test_hostile_texts_make_no_element() -> None:
    page = render_html(report())
    assert SCRIPT not in page
    assert page.count("</script>") == 2
    assert "img" not in {tag for tag, _ in Parsed(page).elements}
    suite = {"name": "<b>&\"'", "golden_digest": "", "n_cases": 0}
    assert "<title>Evals &lt;b&gt;&amp;" in render_html(report(suite=suite))


def test_json_in_a_script_is_ascii_without_an_opening_bracket() -> None:
    text = embed_json({"text": "<!--<script> \u2028\u2029 é \ud800"})
    assert text.isascii()
    assert "<" not in text
    assert json.loads(text) == {"text": "<!--<script> \u2028\u2029 é \ud800"}


def test_the_policy_allows_its_own_script_only() -> None:
    parsed = Parsed(render_html(report()))
    policy = next(
        attributes["content"]
        for tag, attributes in parsed.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(parsed.scripts[1].encode()).digest()).decode()
    assert policy is not None
    assert [part.strip() for part in policy.split(";")] == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        f"script-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_the_page_asks_for_nothing_else() -> None:
    parsed = Parsed(render_html(report()))
    links = [attributes.get("href") for _, attributes in parsed.elements if "href" in attributes]
    assert all(link and link.startswith(("#", "data:")) for link in links)
    assert not any("src" in attributes for _, attributes in parsed.elements)
    style = "".join(path.read_text() for path in PARTS.glob("*.css"))
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("path", sorted(PARTS.glob("*.js")), ids=lambda path: path.name)
def test_scripts_write_text_only_and_can_stand_in_a_page(path: Path) -> None:
    script = path.read_text()
    writes = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\("
    assert not re.search(writes, script)
    assert "<!--" not in script
    assert "</script" not in script.lower()
    assert "\r" not in script


def test_the_parts_are_short_enough_to_read() -> None:
    assert {p.name for p in PARTS.iterdir() if len(p.read_text().splitlines()) > 400} == set()


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        render_html(report(seed=float("nan")))


def test_pages_are_the_same_for_the_same_report_and_not_much_larger() -> None:
    assert render_html(report()) == render_html(report())
    made = large_report()
    assert len(render_html(made)) < len(json.dumps(made)) + 100_000
    assert render_html(empty_report()).startswith("<!doctype html>")
    assert render_html({}).startswith("<!doctype html>")
