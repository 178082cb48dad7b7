"""Lists of papers for tests, and what is read out of one."""

from __future__ import annotations

import io
import json
from typing import Any

from assistant.ingest import Format, read_papers
from assistant.reports import Skipped
from assistant.types import Paper

PUBMED = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>5</PMID><Article><ArticleTitle>{}"
    "</ArticleTitle><Abstract><AbstractText>We dug.</AbstractText></Abstract>{}</Article>{}"
    "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
)

TEA = {"id": "tea", "title": "On Tea", "abstract": "Tea is a drink. It is brewed from leaves."}
MILK = {"id": "milk", "title": "On Milk", "abstract": "Milk is white. It comes from cows."}
BIBTEX = """
@article{lee2021, title = {On Tea}, author = {Lee, Ada}, year = 2021, journal = {Leaves},
  abstract = {Tea is a drink. It is brewed from leaves at 80 degrees.}, doi = {10.1234/TEA}}
@article{broken2020, title = {Never closed, abstract = {x},
@article{ono2022, title = {On Coffee}, author = {Ono, Kei}, year = 2022,
  abstract = {Coffee is roasted. Its beans lose 15\\% of their weight.}}
"""


def rows(*papers: dict[str, Any]) -> str:
    """Returns ``papers`` as JSON Lines."""
    return "".join(json.dumps(paper) + "\n" for paper in papers)


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
