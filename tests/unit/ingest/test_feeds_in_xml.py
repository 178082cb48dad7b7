"""RSS and Atom: which of an item's texts is its abstract, and who its authors are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ingest.readers.markup import paragraphs
from tests.ingested import read, read_one

RSS = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" '
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Journal</title>'
    "<description>All of it</description><item>{}</item></channel></rss>"
)


def test_rss_fields() -> None:
    paper = read_one(
        RSS.format(
            "<media:title>A picture</media:title><title>Hedges &amp; walls</title>"
            "<link>https://example.org/walls</link>"
            "<description><![CDATA[<p>Publication date: May 2020</p><p>Walls took 10<sup>3</sup> "
            "stones &ndash; hedges <i>none</i>.</p><p><b>Author(s):</b> I. Hoorn</p>]]>"
            "</description>"
            "<dc:creator>Ida Hoorn</dc:creator><dc:creator>Tom Peck</dc:creator>"
            "<prism:doi>10.1000/Walls</prism:doi><prism:volume>8</prism:volume>"
            "<prism:publicationName>Hedge Letters</prism:publicationName>"
            "<pubDate>Tue, 05 May 2020 00:00:00 GMT</pubDate>"
        )
    )
    assert paper.title == "Hedges & walls"
    assert paper.abstract == "Walls took 10^3 stones – hedges none."
    assert (paper.authors, paper.doi) == (("Ida Hoorn", "Tom Peck"), "10.1000/walls")
    assert (paper.venue, paper.volume, paper.year) == ("Hedge Letters", "8", 2020)
    assert paper.url == "https://example.org/walls"


@pytest.mark.parametrize(
    ("texts", "abstract"),
    [
        (
            "<description>Short of it.</description><content:encoded><![CDATA[<div><p>Hedge Lett. "
            "2020.</p><p><b>ABSTRACT</b></p><p>Long of it.</p><p>PMID:<a href='x'>1</a></p>"
            "</div>]]>"
            "</content:encoded>",
            "Long of it.",
        ),
        (
            "<description>arXiv:2401.00001v1 Announce Type: new \nAbstract: We walk.</description>",
            "We walk.",
        ),
        (
            "<description>A hedge keeps the wind off the...</description><content:encoded>"
            "&lt;p&gt;A hedge keeps the wind off the field.&lt;/p&gt;</content:encoded>",
            "A hedge keeps the wind off the field.",
        ),
        # A blog's words are what they are, and "abstract" in a sentence is no heading.
        (
            "<description>Hedges make abstract art. More in the post.</description>",
            "Hedges make abstract art. More in the post.",
        ),
        ("<description>We found p &lt; 0.05 and n &gt; 3.</description>",
         "We found p < 0.05 and n > 3."),
    ],
)  # fmt: skip
def test_the_abstract_among_an_items_texts(texts: str, abstract: str) -> None:
    assert read_one(RSS.format(f"<title>Hedges</title>{texts}")).abstract == abstract


def test_one_element_for_all_authors_and_addresses_that_are_no_names() -> None:
    text = "<title>Hedges</title><description>They grow.</description>"
    many = read_one(RSS.format(f"{text}<dc:creator>Ida Hoorn, Tom Peck, Ann Roe</dc:creator>"))
    assert many.authors == ("Ida Hoorn", "Tom Peck", "Ann Roe")
    mail = read_one(RSS.format(f"{text}<author>a@example.org (Ida Hoorn)</author>"))
    assert mail.authors == ("Ida Hoorn",)
    assert read_one(RSS.format(f"{text}<author>a@example.org</author>")).authors == ()


def test_an_item_without_an_abstract_is_no_paper() -> None:
    with_dates = "<title>Hedges</title><description>&lt;p&gt;Source: Hedge Letters&lt;/p&gt;"
    _, skipped = read(RSS.format(f"{with_dates}</description>"))
    assert [one.reason for one in skipped] == ["'Hedges' has no abstract"]


def test_rss_1_and_entities_that_are_declared_nowhere() -> None:
    paper = read_one(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<item rdf:about="https://example.org/1"><title>Gr&uuml;ne&nbsp;Hecken</title>'
        "<description>Sie wachsen.</description><dc:identifier>doi:10.1000/gruen</dc:identifier>"
        "</item></rdf:RDF>"
    )
    assert (paper.title, paper.doi) == ("Grüne Hecken", "10.1000/gruen")
    assert paper.url == "https://example.org/1"


def test_atom_with_text_as_xhtml() -> None:
    paper = read_one(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:example.org,2020:1</id>'
        '<title type="html">&lt;i&gt;Crataegus&lt;/i&gt;&lt;br/&gt;roots</title>'
        '<author><name>Ida Hoorn</name></author><content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>H<sub>2</sub>O.</p></div>'
        "</content>"
        "<published>2020-01-01</published></entry></feed>"
    )
    assert (paper.title, paper.abstract, paper.year) == ("Crataegus roots", "One. H2O.", 2020)


TAGS = ["p", "br", "div", "sub", "sup", "script", "b", "a", "h2", "x"]


@given(
    parts=st.lists(
        st.tuples(st.sampled_from(["<{}>", "</{}>", "<{}/>", "{}"]), st.sampled_from(TAGS))
    )
)
@settings(max_examples=100, deadline=None)
def test_html_of_any_kind_becomes_paragraphs(parts: list[tuple[str, str]]) -> None:
    text = " ".join(form.format(tag) for form, tag in parts)
    for paragraph in paragraphs(text):
        assert isinstance(paragraph, str)
    if "script" not in text and "</" in text:
        assert not any("<p>" in one or "<div>" in one for one in paragraphs(text))
