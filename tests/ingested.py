"""Papers read out of a text, for tests of readers."""

from __future__ import annotations

import io

from assistant.ingest import Format, read_papers
from assistant.reports import Skipped
from assistant.types import Paper

PUBMED = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>5</PMID><Article><ArticleTitle>{}"
    "</ArticleTitle><Abstract><AbstractText>We dug.</AbstractText></Abstract>{}</Article>{}"
    "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
)


def read(text: str | bytes, format: Format | None = None) -> tuple[list[Paper], list[Skipped]]:
    """Returns the papers in ``text`` and what was skipped."""
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    found = list(read_papers(io.BytesIO(content), format))
    papers = [item for item in found if isinstance(item, Paper)]
    return papers, [item for item in found if isinstance(item, Skipped)]


def read_one(text: str) -> Paper:
    """Returns the one paper in ``text``."""
    papers, skipped = read(text)
    assert len(papers) == 1, skipped
    return papers[0]
