"""What a table's column holds by the words of its name, where no program's own name is known.

'Authors, Primary', 'Author Names', 'Author/s' and 'authorships.author.display_name' all say
'author' and nothing that makes it another thing, such as an id or an address. So a field is told
by the word it must have and the words it must not have beside it; words that say nothing of
their own, such as 'full' or 'primary', are left out of account.

Source: header lines of exports by Covidence, Embase, OpenAlex, RefWorks, Publish or Perish, Rayyan,
ASReview, The Lens, Dimensions, IEEE Xplore, Web of Science, Zotero, Scopus, Europe PMC and ACM.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_NAME_CHARS = 80
"""A longer name is a text and no name of a column."""

# Words that say nothing of their own beside another.
_EMPTY_WORDS = frozenset({
    "primary", "full", "name", "names", "display", "paper", "article", "document", "item", "work",
    "citation", "reference", "record", "location", "value", "field", "list", "all", "the", "of",
    "original", "raw", "main", "s", "text", "string", "bibliographic", "biblio", "attributes",
    "study", "manuscript", "literal", "authorships", "metadata", "in", "english", "en",
})  # fmt: skip

# What a column is besides a paper's own: an id, a link, a count, another's name or date.
_OTHER = frozenset({
    "id", "ids", "identifier", "identifiers", "issn", "isbn", "eissn", "url", "link", "count",
    "counts", "number", "type", "language", "abbrev", "abbreviated", "abbreviation",
    "abbreviations", "iso", "code", "rank", "score", "status", "has", "is", "n", "length",
    "orcid", "orcids",
    "secondary", "tertiary", "subsidiary", "translated", "short", "uniform", "parallel", "series",
    "addresses", "address", "affiliation", "affiliations", "institution", "institutions", "country",
    "countries", "email", "emails", "corresponding", "first", "last", "position", "citations",
    "cited", "cites", "references", "rights", "copyright", "license", "added", "modified",
    "accessed", "access", "created", "updated", "query", "retrieved", "exported", "per",
    "notes", "note", "inverted", "index", "lookup", "vector", "embedding", "normalized", "hash",
    "label", "reviewer", "decision", "reason", "screening", "meeting", "job", "degree",
})  # fmt: skip

_VENUE_WORDS = frozenset({
    "journal", "periodical", "conference", "proceedings", "venue", "magazine", "container", "host",
    "anthology",
})  # fmt: skip
_VENUE_HOLDERS = frozenset({"source", "publication", "book", "secondary"})

_DETAILS = {
    "volume": "volume", "vol": "volume", "issue": "issue", "pages": "pages", "pagination": "pages",
    "publisher": "publisher",
}  # fmt: skip
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(maxsize=4096)
def field_meant(name: str) -> str | None:
    """Returns the field of papers that a column's ``name`` means by its words, or None."""
    if len(name) > MAX_NAME_CHARS:
        return None
    words = [word.lower() for word in _WORD.findall(name)]
    said = {_singular(word) for word in words if word not in _EMPTY_WORDS}
    if not said:
        return None
    rest = said & _OTHER
    if "doi" in said and not said & {"book", "series", "count", "has", "is"}:
        return "doi"
    if rest - {"secondary"}:
        return None
    if "abstract" in said:
        return "abstract" if said == {"abstract"} else None
    if said & {"keyword", "tag", "subject"}:
        return "keywords" if said <= {"keyword", "tag", "subject", "author"} else None
    if "author" in said:
        return "authors" if said == {"author"} else None
    if said & {"year", "date"}:
        return "year" if said <= {
            "year", "date", "publication", "published", "publish", "pub", "issued", "cover",
            "online", "print", "released", "release", "appeared", "early", "journal",
        } else None  # fmt: skip
    if "editor" in said:
        return "editors" if said == {"editor"} else None
    for word, field in _DETAILS.items():
        if word in said:
            return field if said <= {word, "journal", "publication", "source"} else None
    if "title" in said:
        beside = said - {"title"}
        if not beside:
            return "title"
        return "venue" if beside <= _VENUE_HOLDERS | _VENUE_WORDS else None
    if said & _VENUE_WORDS and said <= _VENUE_WORDS | _VENUE_HOLDERS:
        return "venue"
    return None


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and word[:-1] in _PLURALS else word


_PLURALS = frozenset({
    "author", "title", "abstract", "keyword", "editor", "journal", "year", "date", "tag",
    "subject", "periodical", "conference", "volume", "issue",
})  # fmt: skip
