"""What publishers and archives say of an article in XML: PubMed, JATS, Crossref.

Source: National Library of Medicine, MEDLINE/PubMed XML Element Descriptions; ANSI/NISO Z39.96
(JATS), article-meta; Crossref's deposit and unixref schemas.
"""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element

from assistant.ingest.entry_types import read_entry_type
from assistant.ingest.notices import find_notice
from assistant.ingest.pages import join_pages
from assistant.ingest.readers.xml_fields import (
    Paths,
    first,
    join_texts,
    names,
    record_at,
    texts,
)
from assistant.ingest.record import Record
from assistant.ingest.titles import join_title

_PUBMED: Paths = {
    "title": ("Article/ArticleTitle", "Article/VernacularTitle"),
    "abstract": (
        "Article/Abstract/AbstractText", "Article/Abstract", "OtherAbstract[@Language='eng']/"
        "AbstractText", "OtherAbstract/AbstractText",
    ),
    "authors": ("Article/AuthorList/Author",),
    "year": (
        "Article/Journal/JournalIssue/PubDate", "Article/ArticleDate/Year", "DateCreated/Year",
    ),
    "venue": ("Article/Journal/Title", "Article/Journal/ISOAbbreviation", "MedlineJournalInfo/"
              "MedlineTA"),
    "volume": ("Article/Journal/JournalIssue/Volume",),
    "issue": ("Article/Journal/JournalIssue/Issue",),
    "keywords": ("KeywordList/Keyword", "MeshHeadingList/MeshHeading/DescriptorName"),
}  # fmt: skip

_PUBMED_BOOK: Paths = {
    "title": ("ArticleTitle", "Book/BookTitle"),
    "abstract": ("Abstract/AbstractText", "Abstract"),
    "authors": ("AuthorList[@Type='authors']/Author",),
    "editors": ("Book/AuthorList[@Type='editors']/Author", "AuthorList[@Type='editors']/Author"),
    "year": ("Book/PubDate", "ContributionDate/Year", "DateRevised/Year"),
    "volume": ("Book/Volume",),
    "publisher": ("Book/Publisher/PublisherName",),
    "keywords": ("KeywordList/Keyword",),
}

_PUBMED_BOOK_AUTHORS = (*_PUBMED_BOOK["authors"], "Book/AuthorList[@Type='authors']/Author")


def read_pubmed_article(element: Element, line: int) -> Record | None:
    """Returns the record of a PubmedArticle, or of the MedlineCitation of older files."""
    found = element.find("MedlineCitation")
    citation = element if found is None else found
    pmid = first(citation, "PMID")
    types = list(texts(citation, ("Article/PublicationTypeList/PublicationType",)))
    since = (one.get("RefType", "") for one in citation.iterfind("CommentsCorrectionsList/*"))
    title = first(citation, *_PUBMED["title"]) or ""
    begin, end = (first(citation, f"Article/Pagination/{name}Page") for name in ("Start", "End"))
    return record_at(
        citation,
        line,
        _PUBMED,
        key=f"pmid:{pmid}" if pmid else None,
        title=_without_brackets(title),
        raw_title=title or None,
        doi=first(
            element,
            "MedlineCitation/Article/ELocationID[@EIdType='doi']",
            "Article/ELocationID[@EIdType='doi']",
            "PubmedData/ArticleIdList/ArticleId[@IdType='doi']",
        ),
        url=_pubmed_url(pmid),
        pages=first(citation, "Article/Pagination/MedlinePgn") or join_pages(begin, end),
        entry_type=read_entry_type(types) or "article",
        notice=find_notice(types=types, updates=since),
    )


def read_pubmed_book(element: Element, line: int) -> Record | None:
    """Returns the record of a book in PubMed, or of the chapter that it is about."""
    found = element.find("BookDocument")
    document = element if found is None else found
    pmid = first(document, "PMID")
    chapter = first(document, "ArticleTitle")
    whole = _PUBMED_BOOK["authors"] if chapter else _PUBMED_BOOK_AUTHORS
    return record_at(
        document,
        line,
        _PUBMED_BOOK,
        authors=names(document, whole),
        key=f"pmid:{pmid}" if pmid else None,
        doi=first(document, "ArticleIdList/ArticleId[@IdType='doi']"),
        url=_pubmed_url(pmid),
        venue=first(document, "Book/BookTitle") if chapter else None,
        entry_type="chapter" if chapter else "book",
    )


def _pubmed_url(pmid: str | None) -> str | None:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None


def _without_brackets(title: str) -> str:
    """Returns a title without the square brackets that say it was translated."""
    bare = title.rstrip(".")
    if bare.startswith("[") and bare.endswith("]") and "[" not in bare[1:]:
        return bare[1:-1]
    return title


_JATS: Paths = {
    "title": ("article-meta/title-group/article-title",),
    "authors": (
        "article-meta/contrib-group/contrib[@contrib-type='author']",
        "article-meta/contrib-group/contrib[@contrib-type='collab']",
    ),
    "editors": ("article-meta/contrib-group/contrib[@contrib-type='editor']",),
    "year": (
        "article-meta/pub-date[@pub-type='collection']/year",
        "article-meta/pub-date[@date-type='collection']/year",
        "article-meta/pub-date/year",
    ),
    "venue": (
        "journal-meta/journal-title-group/journal-title", "journal-meta/journal-title",
        "journal-meta/journal-id",
    ),
    "volume": ("article-meta/volume",),
    "issue": ("article-meta/issue",),
    "publisher": ("journal-meta/publisher/publisher-name",),
    "doi": ("article-meta/article-id[@pub-id-type='doi']",),
    "keywords": ("article-meta/kwd-group/kwd",),
}  # fmt: skip


def read_jats(element: Element, line: int) -> Record | None:
    """Returns the record in a JATS article's front matter.

    Of its abstracts those of a type of their own (graphical, for laymen) are left out.
    """
    meta = element.find("article-meta")
    if meta is None:
        return None
    abstracts = [one for one in meta.findall("abstract") if not one.get("abstract-type")]
    authors = {} if first(element, *_JATS["authors"]) else {"authors": _contributors(meta)}
    pages = join_pages(first(meta, "fpage"), first(meta, "lpage"))
    return record_at(
        element,
        line,
        _JATS,
        abstract=join_texts(abstracts[0], ".") if abstracts else "",
        pages=pages or first(meta, "page-range", "elocation-id"),
        url=first(meta, "self-uri@xlink.href"),
        entry_type=read_entry_type([element.get("article-type")]) or "article",
        **authors,
    )


def _contributors(meta: Element) -> tuple[str, ...]:
    return record_at(meta, 0, {"authors": ("contrib-group/contrib",)}).authors


_CROSSREF_WORKS = (
    "journal_article", "conference_paper", "content_item", "posted_content", "dissertation",
    "report-paper", "dataset", "book",
)  # fmt: skip
"""Crossref's elements of works: the first that a record has is what it is about."""

_CROSSREF: Paths = {
    "title": (".//titles/title",),
    "abstract": ("abstract", ".//abstract"),
    "authors": (
        ".//person_name[@contributor_role='author']", ".//organization[@contributor_role='author']",
    ),
    "editors": (".//person_name[@contributor_role='editor']",),
    "year": (
        ".//publication_date[@media_type='print']/year", ".//publication_date/year",
        ".//posted_date/year", ".//approval_date/year",
    ),
    "doi": (".//doi_data/doi",),
    "url": (".//doi_data/resource",),
    "publisher": (".//publisher/publisher_name", ".//institution/institution_name"),
}  # fmt: skip

_CROSSREF_AROUND: Paths = {
    "venue": (
        ".//journal_metadata/full_title", ".//proceedings_title", ".//book_metadata/titles/title",
        ".//book_series_metadata/titles/title",
    ),
    "volume": (".//journal_volume/volume", ".//volume"),
    "issue": (".//journal_issue/issue",),
    "year": _CROSSREF["year"],
    "editors": _CROSSREF["editors"],
    "publisher": (*_CROSSREF["publisher"], ".//crm-item[@name='publisher-name']"),
}  # fmt: skip


def read_crossref(element: Element, line: int) -> Record | None:
    """Returns the record of the article, paper, chapter or book in Crossref's ``doi_record``."""
    found = ((name, element.find(f".//{name}")) for name in _CROSSREF_WORKS)
    name, work = next(((n, w) for n, w in found if w is not None), ("", None))
    if work is None:
        return None
    around = record_at(element, line, _CROSSREF_AROUND)
    own = record_at(work, line, _CROSSREF)
    entry_type = read_entry_type([name])
    is_part = entry_type in ("article", "conference-paper", "chapter")
    return replace(
        own,
        title=join_title(own.title, first(work, ".//titles/subtitle")),
        year=own.year or around.year,
        publisher=own.publisher or around.publisher,
        editors=own.editors or around.editors,
        venue=around.venue if is_part else None,
        volume=around.volume,
        issue=around.issue,
        pages=join_pages(first(work, ".//first_page"), first(work, ".//last_page")),
        entry_type=entry_type,
    )
