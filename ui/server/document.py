"""The HTML document that a browser loads first: Gradio's, with the page's style sheets in it."""

from __future__ import annotations

import re

from assistant_ui.parts.component import STATIC_PATH, STATIC_ROOT, list_static, static_version

_SCRIPT = re.compile(rb"<script(?=[\s>])")
# Cards for social networks, whose pictures are on other hosts, and an app's manifest, which
# there is none of.
_NOT_OURS = re.compile(
    rb"""[ \t]*<(?:meta\s+(?:property="og:|name="twitter:)[^>]*|link rel="manifest"[^>]*)>\n?"""
)


# Early, so that the page is never drawn in the other theme first.
_THEME_SCRIPT = (
    f'<script type="module" src=".{STATIC_PATH}/parts/static/theme_choice.js"></script>\n'
).encode()


def page_document(document: bytes, nonce: str) -> bytes:
    """Returns the document with ``nonce`` on its scripts and links to every style sheet.

    What papers hold stands in Gradio's document as JSON in which '<' is escaped, so that every
    script tag of it is Gradio's own.
    """
    document = _NOT_OURS.sub(b"", document)
    document = document.replace(b"</head>", _style_links() + _THEME_SCRIPT + b"</head>", 1)
    return _SCRIPT.sub(b"<script nonce=" + nonce.encode(), document)


def _style_links() -> bytes:
    version = static_version()
    # page.css first: the parts' own rules build on its variables.
    paths = sorted(list_static("*.css"), key=lambda path: path.name != "page.css")
    addresses = (f".{STATIC_PATH}/{path.relative_to(STATIC_ROOT).as_posix()}" for path in paths)
    return "".join(
        f'<link rel="stylesheet" href="{address}?v={version}">\n' for address in addresses
    ).encode()
