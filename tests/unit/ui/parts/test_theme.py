"""The colours of the page: readable in light and dark, and named in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from assistant_ui.parts.component import STATIC_ROOT, list_static
from assistant_ui.parts.theme import theme

PAGE_CSS = (STATIC_ROOT / "parts/static/page.css").read_text(encoding="utf-8")
TEXT = 4.5
CONTROL = 3.0
# WCAG 2.2, 1.4.3 and 1.4.11: text, and the outline of a control.
PAIRS = [
    ("ink", "paper", TEXT),
    ("ink", "panel", TEXT),
    ("ink", "sunk", TEXT),
    ("ink", "mark", TEXT),
    ("ink", "mark-strong", TEXT),
    ("ink", "accent-soft", TEXT),
    ("ink-soft", "paper", TEXT),
    ("ink-soft", "panel", TEXT),
    ("ink-soft", "sunk", TEXT),
    ("ink-soft", "accent-soft", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "panel", TEXT),
    ("accent", "sunk", TEXT),
    ("accent", "accent-soft", TEXT),
    ("accent-ink", "accent", TEXT),
    ("accent-ink", "accent-strong", TEXT),
    ("ok", "paper", TEXT),
    ("ok", "panel", TEXT),
    ("warn", "paper", TEXT),
    ("warn", "panel", TEXT),
    ("warn", "sunk", TEXT),
    ("bad", "paper", TEXT),
    ("bad", "panel", TEXT),
    ("bad", "sunk", TEXT),
    ("bad", "accent-soft", TEXT),
    ("line-strong", "panel", CONTROL),
    ("line-strong", "paper", CONTROL),
]


def variables(selector: str) -> dict[str, str]:
    block = re.search(rf"^{re.escape(selector)} {{\n(.*?)^}}", PAGE_CSS, re.MULTILINE | re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block[1]))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", [":root", "body.dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_that_meet_can_be_told_apart(
    mode: str, front: str, back: str, least: float
) -> None:
    colours = variables(mode)
    assert contrast(colours[front], colours[back]) >= least


def test_dark_mode_changes_every_colour_and_nothing_else() -> None:
    light, dark = variables(":root"), variables("body.dark")
    colours = {name for name, value in light.items() if value.startswith(("#", "rgb"))}
    assert set(dark) == colours


@pytest.mark.parametrize("path", list_static("*.css"), ids=lambda path: path.name)
def test_styles_name_their_colours(path: Path) -> None:
    declarations = re.findall(r"^\s*([\w-]+):\s*([^;{}]+);", path.read_text("utf-8"), re.MULTILINE)
    assert declarations
    fixed = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)
    assert [d for d in declarations if not d[0].startswith("--") and fixed.search(d[1])] == []


def test_the_theme_takes_its_colours_from_the_page() -> None:
    look = theme()
    named = set(variables(":root"))
    for value in (look.body_background_fill, look.button_primary_background_fill_dark):
        match = re.fullmatch(r"var\(--([\w-]+)\)", str(value))
        assert match is not None
        assert match[1] in named


def test_the_theme_fetches_no_font() -> None:
    look = theme()
    assert look._stylesheets == []
    assert look._font_css == []
    assert re.findall(r"url\((?!['\"]data:)", look._get_theme_css()) == []
