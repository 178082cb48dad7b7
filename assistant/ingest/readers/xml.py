"""The kinds of XML that papers come in: which element is a record, and who reads it.

A new kind is a function that reads one element and its line in ``_RECORDS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.ingest.readers import xml_articles, xml_feeds, xml_lists
from assistant.ingest.readers.xml_records import ReadElement, RecordCutter, cut_records, look_at
from assistant.ingest.record import Fault, Record

_RECORDS: dict[str, ReadElement] = {
    "PubmedArticle": xml_articles.read_pubmed_article,
    "MedlineCitation": xml_articles.read_pubmed_article,
    "PubmedBookArticle": xml_articles.read_pubmed_book,
    "front": xml_articles.read_jats,
    "doi_record": xml_articles.read_crossref,
    "entry": xml_feeds.read_entry,
    "item": xml_feeds.read_item,
    "arXiv": xml_feeds.read_arxiv_record,
    "arXivRaw": xml_feeds.read_arxiv_record,
    "oai_dc.dc": xml_feeds.read_dublin_core,
    "mods": xml_lists.read_mods,
    "teiHeader": xml_lists.read_tei_header,
    **{
        f"bib.{kind}": xml_lists.read_zotero
        for kind in (
            "Article", "BookSection", "Book", "Document", "Report", "Thesis", "Manuscript",
            "ConferenceProceedings",
        )
    },
}  # fmt: skip
"""Readers by elements that are records under whichever root."""

_RECORDS_OF: dict[tuple[str, str], ReadElement] = {
    ("xml", "record"): xml_lists.read_endnote,
    ("records", "record"): xml_lists.read_endnote,
    ("XML", "RECORD"): xml_lists.read_old_endnote,
    ("rdf.RDF", "rdf.Description"): xml_lists.read_zotero,
    ("OAI-PMH", "header"): xml_feeds.read_oai_header,
    ("OAI-PMH", "error"): xml_feeds.read_oai_error,
    ("OAI-PMH", "resumptionToken"): xml_feeds.read_resumption,
    **{
        ("dblp", kind): xml_lists.read_dblp
        for kind in (
            "article", "inproceedings", "proceedings", "book", "incollection", "phdthesis",
            "mastersthesis", "data",
        )
    },
}  # fmt: skip
"""Readers by the root and the element, for names that mean something else elsewhere."""

_WEB_PAGE = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|div|table|p)\b",
    re.IGNORECASE | re.DOTALL,
)
"""How web pages and parts of them begin that are not always XML."""

_INSTEAD = "BibTeX, RIS, MEDLINE (.nbib) or CSV"

_NOT_READ = {
    "html": f"a web page; save the records that it shows as {_INSTEAD}",
    "PubmedArticleSet": "PubMed XML without a record in it; search again and save it as MEDLINE",
    "eSearchResult": "a list of ids from PubMed; fetch their records as MEDLINE (.nbib) or XML",
    "eSummaryResult": "PubMed's summaries, which have no abstracts; fetch MEDLINE (.nbib) or XML",
    "OAI-PMH": "an answer of OAI-PMH in a format that is not read; ask for oai_dc, or for arXiv",
    "collection": f"XML with the root 'collection', perhaps MARC; export it as MODS, or {_INSTEAD}",
    "Workbook": "a workbook in Excel's XML of 2003; save it as .xlsx or CSV",
    "Sources": f"Word's list of sources, which has no abstracts; export {_INSTEAD}",
    "feed": f"an Atom feed without an entry; export the records as {_INSTEAD}",
    "rss": f"an RSS feed without an item; export the records as {_INSTEAD}",
    "svg": "a picture; it holds no papers",
    "opml": "a list of feeds; save the feeds themselves",
}
"""What XML is that is read by none of the readers, by its root, and what to do."""


def read_xml(chunks: Iterable[bytes]) -> Iterator[Record | Fault]:
    """Yields the records of XML in order; XML that breaks off ends in a fault."""
    return cut_records(chunks, RecordCutter(_find_reader))


def find_what_else(head: bytes) -> str | None:
    """Returns what the markup that begins with ``head`` is and what to do, if it is not read.

    XML that has no sound beginning is read: the reader says where it breaks off.
    """
    if _WEB_PAGE.match(head):
        return _NOT_READ["html"]
    cutter = RecordCutter(_find_reader)
    try:
        is_sound = look_at(head, cutter)
    except ValueError:
        return None
    if cutter.has_records or (cutter.root and not is_sound and cutter.root not in _NOT_READ):
        return None
    if not cutter.root:
        return f"a page or XML that is not valid; export the records as {_INSTEAD}"
    root = cutter.root.removeprefix("other.")
    named = f"XML with the root {root[:60]!r}, which is not read; export {_INSTEAD}"
    return _NOT_READ.get(root, named)


def _find_reader(root: str, name: str) -> ReadElement | None:
    return _RECORDS_OF.get((root, name)) or _RECORDS.get(name)
