"""HTML in a field of a record -> its paragraphs as plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from assistant.text.repair import collapse

MAX_HTML_CHARS = 1_000_000
"""A longer text is left as it is: no abstract is so long, whatever its tags."""

_SIGN = re.compile(r"</[A-Za-z]|<(?:br|p|div|img)\b", re.IGNORECASE)
_BLOCKS = frozenset({
    "p", "br", "div", "section", "article", "blockquote", "li", "ul", "ol", "tr", "td", "table",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "dl", "dt", "dd", "pre", "figure",
})  # fmt: skip
_KEPT = frozenset({"sub", "sup"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNREAD = frozenset({"script", "style"})


def paragraphs(text: str) -> list[str]:
    """Returns the paragraphs of HTML, a heading with a colon after it; of plain text, the text.

    Raised and lowered characters keep their tags, which ``text.repair`` reads.
    """
    if len(text) > MAX_HTML_CHARS or not _SIGN.search(text):
        return [text]
    parser = _Paragraphs()
    parser.feed(text)
    parser.close()
    return parser.end_paragraph()


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[str] = []
        self._pieces: list[str] = []
        self._unread = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _BLOCKS:
            self.end_paragraph()
        elif tag in _KEPT:
            self._pieces.append(f"<{tag}>")
        elif tag in _UNREAD:
            self._unread = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_paragraph(":" if tag in _HEADINGS else "")
        elif tag in _KEPT:
            self._pieces.append(f"</{tag}>")
        elif tag == self._unread:
            self._unread = ""

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._pieces.append(data)

    def end_paragraph(self, mark: str = "") -> list[str]:
        text = collapse("".join(self._pieces))
        self._pieces = []
        if text:
            self._done.append(text if text.endswith(mark) else text + mark)
        return self._done
