"""Who a paper is: readable ids that stay the same, and keys by which copies are recognised."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, unquote

from assistant.text.latex import decode
from assistant.text.repair import collapse
from assistant.types import Paper

SLUG_WORDS = 6
"""Words of the title in an id made from it: enough to tell most papers apart, short to type."""

MAX_ID_CHARS = 120
_DIGEST_CHARS = 8
_KEY_CHARS = 20

MAX_KEY_CHARS = 2_000
"""What is read of a file's own key: normal forms take the square of a text made for it."""

_DOI = re.compile(r"10\.\d{4,9}/[^\s{}\\\"]*[^\s{}\\\".,;'>]")
_ARXIV = r"\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}"
_ARXIV_ID = re.compile(rf"({_ARXIV})(?:v\d+)?")
_ARXIV_PREFIX = re.compile(r"(?:https?://)?(?:www\.)?(?:arxiv\.org/(?:abs|pdf)/|arxiv:\s*)", re.I)
_ARXIV_MENTION = re.compile(rf"arxiv(?:\.org/(?:abs|pdf)/|[:.]\s*)({_ARXIV})(?!\d)", re.IGNORECASE)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.({_ARXIV})(?:v\d+)?", re.IGNORECASE)
_LINK = re.compile(r"(?:https?|ftp)://[^\s/]\S*", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w.:/+-]+")
# Alone, or as the beginning of a compact date: 20170812, 201708.
_YEAR = re.compile(
    r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)?(?!\d)"
)

# Headings that journals print above many different texts: alone they identify nothing.
_GENERIC_TITLES = frozenset({
    "abstract", "abstracts", "acknowledgements", "bookreview", "bookreviews", "comment",
    "comments", "conclusion", "conclusions", "correction", "corrections", "corrigendum",
    "discussion", "editorial", "editorialboard", "editorsnote", "erratum", "errata", "foreword",
    "frontmatter", "indexofauthors", "inthisissue", "introduction", "lettertotheeditor",
    "letters", "news", "obituary", "preface", "reply", "response", "retraction", "review",
    "untitled", "summary", "tableofcontents",
})  # fmt: skip


def normal_doi(text: str | None) -> str | None:
    """Returns the bare lower-case DOI in ``text`` (a DOI, its link or 'doi:...'), or None."""
    if not text:
        return None
    if "%" in text:
        text = unquote(text)
    found = _DOI.search(text)
    return found.group().lower() if found else None


def normal_arxiv_id(text: str | None) -> str | None:
    """Returns the arXiv id that ``text`` consists of, without prefix and version, or None."""
    if not text:
        return None
    found = _ARXIV_ID.fullmatch(_ARXIV_PREFIX.sub("", text.strip()).removesuffix(".pdf"))
    return found[1] if found else None


def normal_url(text: str | None) -> str | None:
    """Returns the web address in ``text`` with signs no address may have encoded, or None."""
    text = (text or "").strip()
    if text.startswith("www."):
        text = f"https://{text}"
    return quote(text, safe="%/:=&?~#+!$,;'@()*[]") if _LINK.fullmatch(text) else None


def find_arxiv_id(*texts: str | None) -> str | None:
    """Returns the first arXiv id that a DOI, link or note among ``texts`` names, or None."""
    for text in texts:
        if text and (found := _ARXIV_DOI.search(text) or _ARXIV_MENTION.search(text)):
            return found[1]
    return None


def year_in(text: str) -> int | None:
    """Returns the first number in ``text`` that can be a year of publication, or None."""
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def title_words(title: str) -> list[str]:
    """Returns the title's words without case, accents, punctuation and LaTeX grouping."""
    text = unicodedata.normalize("NFKD", decode(title, braces=True)).casefold()
    text = "".join(_spell(sign) for sign in text if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", text)


def _spell(sign: str) -> str:
    # So that `$\\alpha$` and 'α' are one title.
    if "\u03b1" <= sign <= "\u03c9":
        return unicodedata.name(sign, sign).split()[-1].lower()
    return sign


def title_key(title: str) -> str:
    """Returns what is left of a title when only its letters and digits count."""
    return "".join(title_words(title))


def slug(title: str) -> str:
    """Returns the first words of the title, hyphenated; for a title without any, a digest."""
    words = unicodedata.normalize("NFKD", title).casefold()
    words = "".join(sign for sign in words if not unicodedata.combining(sign))
    words = unicodedata.normalize("NFC", words)
    text = "-".join(re.findall(r"[^\W_]+", words)[:SLUG_WORDS])
    return _bound(text) if text else f"paper-{_digest(title)}"


def sanitise_key(key: str) -> str | None:
    """Returns a file's own key with signs that ids cannot have as hyphens; None if none is left."""
    text = unicodedata.normalize("NFC", key[:MAX_KEY_CHARS])
    text = _UNSAFE.sub("-", text).strip("-")
    return _bound(text) if any(sign.isalnum() for sign in text) else None


def _bound(text: str) -> str:
    if len(text) <= MAX_ID_CHARS:
        return text
    return f"{text[: MAX_ID_CHARS - _DIGEST_CHARS - 1]}-{_digest(text)}"


def _digest(text: str, n_chars: int = _DIGEST_CHARS) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:n_chars]


def paper_id(key: str | None, title: str, doi: str | None, arxiv_id: str | None) -> str:
    """Returns the file's own key, or else the arXiv id, the DOI, or the title's first words."""
    if key and (own := sanitise_key(key)):
        return own
    if arxiv_id:
        return f"arxiv:{arxiv_id}"
    if doi and (named := sanitise_key(f"doi:{doi}")):
        return named
    return slug(title)


def dedupe_keys(paper: Paper) -> tuple[str, ...]:
    """Returns the keys that a copy of ``paper`` shares: DOI, arXiv id, normalised title.

    The surest comes first. Titles such as 'Editorial' are no key.
    """
    # Many abstracts begin with the same words: one without a title is the same as a whole.
    is_titled = paper.title_kind == "given"
    title = title_key(paper.title) if is_titled else _digest(title_key(paper.abstract))
    keys = (
        f"doi:{paper.doi}" if paper.doi else None,
        f"arxiv:{paper.arxiv_id}" if paper.arxiv_id else None,
        f"title:{title}" if title and title not in _GENERIC_TITLES else None,
    )
    return tuple(key for key in keys if key)


def text_keys(paper: Paper) -> tuple[str, ...]:
    """Returns the keys of a paper's texts: of title and abstract, and of the abstract alone.

    By the first a record is found again among any number of one title, by the second one whose
    title was corrected.
    """
    abstract = collapse(paper.abstract)
    text = f"{title_key(paper.title)} {abstract}"
    return f"text:{_digest(text, _KEY_CHARS)}", f"abstract:{_digest(abstract, _KEY_CHARS)}"


def is_generic(title: str) -> bool:
    """Whether a title stands above many different texts, as 'Editorial' does."""
    return title_key(title) in _GENERIC_TITLES


class Identifiers:
    """The ids given out in one reading, about a hundred bytes a paper.

    One id stands for one title: another paper under the same id gets the next free '-2', '-3'.
    ``notify`` is told where that takes a paper's own key from it.
    """

    def __init__(self, notify: Callable[[str], None] = lambda _: None) -> None:
        self.notify = notify
        self._titles: dict[int, int] = {}
        self._numbers: dict[int | tuple[int, int], int] = {}

    def claim(self, wanted: str, title: str) -> str:
        """Returns ``wanted``, or its first numbered form that no paper of another title has."""
        of_id, of_title = hash(wanted), hash(title_key(title) or title)
        if self._titles.setdefault(of_id, of_title) == of_title:
            return wanted
        # Where the last search ended: a file whose papers all have one key is no quadratic work.
        number = self._numbers.get((of_id, of_title)) or self._numbers.get(of_id, 2)
        while self._titles.setdefault(hash(f"{wanted}-{number}"), of_title) != of_title:
            number += 1
        self._numbers[of_id] = max(number, self._numbers.get(of_id, 2))
        self._numbers[of_id, of_title] = number
        return f"{wanted}-{number}"
