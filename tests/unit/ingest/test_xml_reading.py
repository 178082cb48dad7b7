"""XML of papers: the fields of each kind, and what wraps records."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ingest.readers.xml import read_xml
from assistant.ingest.record import Record
from tests.ingested import PUBMED, read, read_one

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"


def test_pubmed_fields() -> None:
    papers, skipped = read((FIXTURES / "pubmed.xml").read_bytes())
    article, chapter = papers
    assert article.paper_id == "pmid:70000001"
    assert article.title == "Hedgerows store CO2 in Crataegus roots."
    assert article.abstract == (
        "Background: Hedges are counted nowhere. Methods: We dug 40 pits (p < 0.05). "
        "Roots held 10^3 grams."
    )
    assert article.authors == ("Ida M van Hoorn", "T Peck Jr", "HEDGE Study Group")
    assert (article.doi, article.year) == ("10.1000/hedge.1", 2018)
    assert (article.venue, article.volume, article.issue) == ("Annals of Hedge Ecology", "12", "3")
    assert (article.pages, article.entry_type, article.notice) == ("101-9", "article", "retracted")
    assert article.keywords == ("hedges", "carbon", "Soil")
    assert article.url == "https://pubmed.ncbi.nlm.nih.gov/70000001/"
    assert (chapter.title, chapter.venue) == ("Laying a hedge", "Handbook of Hedges")
    assert (chapter.entry_type, chapter.publisher) == ("chapter", "Hedge Press")
    assert (chapter.authors, chapter.editors) == (("Jan Doe",), ("Ann Roe",))
    assert [(one.line, one.reason) for one in skipped] == [(51, "'pmid:70000002' has no abstract")]


@pytest.mark.parametrize(
    ("ref_type", "notice"),
    [
        ("RetractionIn", "retracted"),
        ("ExpressionOfConcernIn", "concern"),
        ("ErratumIn", "corrected"),
        # These stand on the notice, or on what cites it: not on the paper itself.
        ("RetractionOf", None),
        ("ErratumFor", None),
        ("CommentIn", None),
    ],
)
def test_what_pubmed_says_was_published_on_a_paper_since(ref_type: str, notice: str | None) -> None:
    since = (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{ref_type}"><PMID>9</PMID>'
        "</CommentsCorrections></CommentsCorrectionsList>"
    )
    paper = read_one(PUBMED.format("Hedges.", "", since))
    assert (paper.notice, paper.paper_id) == (notice, "pmid:5")


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("[Hedges of the north].", "Hedges of the north"),
        ("[11C]PIB binding in hedges [abridged].", "[11C]PIB binding in hedges [abridged]."),
        ("[11C] and [18F]", "[11C] and [18F]"),
    ],
)
def test_brackets_of_a_translated_title_go_and_others_stay(title: str, read_as: str) -> None:
    assert read_one(PUBMED.format(title, "", "")).title == read_as


def test_the_particular_type_wins_over_journal_article() -> None:
    types = (
        "<PublicationTypeList><PublicationType>Journal Article</PublicationType>"
        "<PublicationType>Preprint</PublicationType></PublicationTypeList>"
    )
    assert read_one(PUBMED.format("Hedges", types, "")).entry_type == "preprint"


ENDNOTE = """<?xml version="1.0" encoding="UTF-8" ?><xml><records><record>
<database name="My.enl" path="C:\\My.enl">My.enl</database><source-app name="EndNote"
version="20.0">
EndNote</source-app><rec-number>7</rec-number><ref-type
name="{}">47</ref-type><contributors><authors>
<author><style face="normal" font="default" size="100%">Hoorn, Ida M.</style></author>
<author><style face="normal">HEDGE Study Group,</style></author></authors>
<secondary-authors><author><style>Roe, Ann</style></author></secondary-authors></contributors>
<titles><title><style face="normal">Growth of </style><style face="italic">Crataegus</style>
<style face="normal"> at 10</style><style face="superscript">5</style><style face="normal">
lux</style>
</title><secondary-title><style>Hedge Days</style></secondary-title></titles>
<pages><style>4-9</style></pages><volume>3</volume><number>2</number>
<keywords><keyword><style>light</style></keyword><keyword>roots</keyword></keywords>
<dates><year><style>2016</style></year></dates><publisher>Hedge Press</publisher>
<urls><related-urls><url>https://doi.org/10.1000/lux</url></related-urls></urls>
<abstract><style>Light was measured.&#xD;It mattered.</style></abstract></record></records></xml>"""


def test_endnote_fields() -> None:
    paper = read_one(ENDNOTE.format("Conference Proceedings"))
    assert paper.title == "Growth of Crataegus at 10^5 lux"
    assert paper.abstract == "Light was measured. It mattered."
    assert paper.authors == ("Ida M. Hoorn", "HEDGE Study Group")
    assert (paper.editors, paper.entry_type) == (("Ann Roe",), "conference-paper")
    assert (paper.venue, paper.volume, paper.issue, paper.pages) == ("Hedge Days", "3", "2", "4-9")
    assert (paper.year, paper.publisher, paper.doi) == (2016, "Hedge Press", "10.1000/lux")
    assert paper.keywords == ("light", "roots")
    assert "7" not in paper.paper_id.split("-")


def test_endnotes_second_authors_of_a_book_are_no_editors_of_it() -> None:
    assert read_one(ENDNOTE.format("Book")).editors == ()
    edited = read_one(ENDNOTE.format("Edited Book"))
    assert (edited.authors, edited.editors) == ((), ("Ida M. Hoorn", "HEDGE Study Group"))


def oai(metadata: str, more: str = "") -> str:
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024</responseDate>'
        "<ListRecords><record><header><identifier>oai:x:1</identifier></header><metadata>"
        f"{metadata}</metadata></record>{more}</ListRecords></OAI-PMH>"
    )


def test_arxivs_own_formats_have_the_first_versions_date() -> None:
    dated = "<created>2019-12-31</created><updated>2021-02-01</updated>"
    people = (
        "<authors><author><keyname>van Hoorn</keyname><forenames>Ida</forenames><suffix>Jr</suffix>"
        "</author><author><keyname>HEDGE Collaboration</keyname></author></authors>"
    )
    texts = "<title>Hedge\n  fields</title><abstract>  We count $x^2$ hedges.\n</abstract>"
    new = read_one(
        oai(
            '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2001.00001</id>'
            f"{dated}{people}{texts}<doi>10.1000/FIELDS</doi></arXiv>"
        )
    )
    assert (new.paper_id, new.arxiv_id, new.year) == ("arxiv:2001.00001", "2001.00001", 2019)
    assert new.authors == ("Ida van Hoorn Jr", "HEDGE Collaboration")
    assert (new.abstract, new.doi) == ("We count $x^2$ hedges.", "10.1000/fields")
    assert new.entry_type == "preprint"
    raw = read_one(
        oai(
            '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>hep-th/9901001</id>'
            '<version version="v1"><date>Fri, 1 Jan 1999 08:00:00 GMT</date></version>'
            '<version version="v2"><date>Mon, 3 Jan 2000 08:00:00 GMT</date></version>'
            f"<authors>Ida van Hoorn, Tom Peck and Ann Roe</authors>{texts}"
            "<journal-ref>Hedge Lett. 3 (2001) 4</journal-ref></arXivRaw>"
        )
    )
    assert (raw.arxiv_id, raw.year, raw.venue) == ("hep-th/9901001", 1999, "Hedge Lett. 3 (2001) 4")
    assert raw.authors == ("Ida van Hoorn", "Tom Peck", "Ann Roe")
    assert raw.entry_type is None


DUBLIN_CORE = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Hedge rows</dc:title>'
    "<dc:creator>Hoorn, Ida</dc:creator><dc:creator>Peck, Tom</dc:creator>"
    "<dc:subject>Ecology</dc:subject><dc:description>Comment: 4 pages</dc:description>"
    "<dc:description>Rows of hedges were walked along.</dc:description><dc:date>2011-05-04"
    "</dc:date>"
    "<dc:type>info:eu-repo/semantics/doctoralThesis</dc:type>"
    "<dc:identifier>http://arxiv.org/abs/1105.00001</dc:identifier>"
    "<dc:identifier>doi:10.1000/rows</dc:identifier></oai_dc:dc>"
)


def test_dublin_core_and_what_an_archive_says_beside_it() -> None:
    more = (
        '<record><header status="deleted"><identifier>oai:x:2</identifier></header></record>'
        "<resumptionToken completeListSize='90'>tok|1</resumptionToken>"
    )
    papers, skipped = read(oai(DUBLIN_CORE, more))
    assert papers[0].abstract == "Rows of hedges were walked along."
    assert papers[0].authors == ("Ida Hoorn", "Tom Peck")
    assert (papers[0].doi, papers[0].year) == ("10.1000/rows", 2011)
    assert papers[0].arxiv_id == "1105.00001"
    assert papers[0].entry_type == "thesis"
    assert [(one.reason, one.n_records) for one in skipped] == [
        ("its archive has deleted the record 'oai:x:2'", 1),
        ("the archive's list goes on: ask it for resumptionToken='tok|1' too", None),
    ]
    assert not read(oai(DUBLIN_CORE, "<resumptionToken/>"))[1]


def test_an_archives_error_is_told() -> None:
    _, skipped = read(
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        '<error code="noRecordsMatch">none in June</error></OAI-PMH>'
    )
    assert "noRecordsMatch: 'none in June'" in skipped[0].reason


MODS = (
    '<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods ID="hoorn2015"><titleInfo>'
    "<nonSort>The</nonSort><title>hedge :</title><subTitle>a view</subTitle></titleInfo>"
    '<titleInfo type="alternative"><title>Other</title></titleInfo>'
    '<name type="personal"><namePart type="given">Ida</namePart><namePart type="family">van Hoorn'
    '</namePart><namePart type="date">1970-</namePart><role><roleTerm>aut</roleTerm></role></name>'
    "<genre>{}</genre><abstract>Seen from above.</abstract><subject><topic>views</topic></subject>"
    '<relatedItem type="host"><titleInfo><title>Hedge Letters</title></titleInfo>'
    '<name><namePart>Roe, Ann</namePart><role><roleTerm type="code">edt</roleTerm></role></name>'
    "<genre>{}</genre><originInfo><dateIssued>2015</dateIssued></originInfo>"
    '<part><detail type="volume"><number>3</number></detail><detail type="issue"><number>4</number>'
    '</detail><extent unit="pages"><start>5</start><end>9</end></extent></part></relatedItem>'
    '<identifier type="doi">10.1000/view</identifier></mods></modsCollection>'
)


def test_mods_fields() -> None:
    paper = read_one(MODS.format("", "periodical"))
    assert (paper.paper_id, paper.title) == ("hoorn2015", "The hedge: a view")
    assert (paper.authors, paper.editors) == (("Ida van Hoorn",), ("Ann Roe",))
    assert (paper.venue, paper.volume, paper.issue) == ("Hedge Letters", "3", "4")
    assert (paper.pages, paper.year, paper.doi) == ("5-9", 2015, "10.1000/view")
    assert (paper.keywords, paper.entry_type) == (("views",), "article")
    assert read_one(MODS.format("conference paper", "book")).entry_type == "conference-paper"
    assert read_one(MODS.format("", "book")).entry_type == "chapter"


def test_jats_front_matter_without_the_body() -> None:
    paper = read_one(
        '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "JATS.dtd">'
        '<pmc-articleset><article article-type="research-article"><front><journal-meta>'
        "<journal-title-group><journal-title>Hedge Letters</journal-title></journal-title-group>"
        "<publisher><publisher-name>Hedge Press</publisher-name></publisher></journal-meta>"
        '<article-meta><article-id pub-id-type="doi">10.1000/front</article-id><title-group>'
        "<article-title>Hedges in <italic>front</italic></article-title></title-group>"
        '<contrib-group><contrib contrib-type="author"><name><surname>Hoorn</surname><given-names>'
        'Ida</given-names></name><xref rid="a">1</xref></contrib><contrib contrib-type="author">'
        '<collab>HEDGE group</collab></contrib></contrib-group><pub-date pub-type="epub">'
        "<year>2013</year></pub-date><volume>4</volume><issue>1</issue><fpage>7</fpage>"
        "<lpage>8</lpage><abstract abstract-type='graphical'><p>A picture</p></abstract>"
        "<abstract><title>Abstract</title><sec><title>Background</title><p>None is known.</p></sec>"
        "<sec><title>RESULTS:</title><p>At p &lt; 0.01, some.</p></sec></abstract>"
        "<kwd-group><kwd>fronts</kwd></kwd-group></article-meta></front><body><p>Not this.</p>"
        "</body></article></pmc-articleset>"
    )
    assert paper.title == "Hedges in front"
    assert paper.abstract == "Background: None is known. Results: At p < 0.01, some."
    assert paper.authors == ("Ida Hoorn", "HEDGE group")
    assert (paper.venue, paper.volume, paper.issue) == ("Hedge Letters", "4", "1")
    assert (paper.pages, paper.year, paper.doi) == ("7-8", 2013, "10.1000/front")
    assert (paper.publisher, paper.entry_type) == ("Hedge Press", "article")
    assert paper.keywords == ("fronts",)


def test_crossrefs_chapter_in_its_book() -> None:
    paper = read_one(
        '<doi_records xmlns="http://www.crossref.org/xschema/1.1"><doi_record><crossref><book>'
        '<book_metadata><contributors><person_name contributor_role="editor"><given_name>Ann'
        "</given_name><surname>Roe</surname></person_name></contributors><titles><title>All hedges"
        "</title></titles><publisher><publisher_name>Hedge Press</publisher_name></publisher>"
        "<publication_date media_type='online'><year>2012</year></publication_date>"
        "<doi_data><doi>10.1000/book</doi></doi_data></book_metadata><content_item><contributors>"
        '<person_name contributor_role="author"><given_name>Ida</given_name><surname>Hoorn'
        "</surname>"
        "</person_name></contributors><titles><title>One hedge</title></titles>"
        '<jats:abstract xmlns:jats="http://www.ncbi.nlm.nih.gov/JATS1"><jats:p>It stands.</jats:p>'
        "</jats:abstract><pages><first_page>3</first_page><last_page>4</last_page></pages>"
        "<doi_data><doi>10.1000/chapter</doi></doi_data></content_item></book></crossref>"
        "</doi_record></doi_records>"
    )
    assert (paper.title, paper.venue, paper.doi) == ("One hedge", "All hedges", "10.1000/chapter")
    assert (paper.authors, paper.editors) == (("Ida Hoorn",), ("Ann Roe",))
    assert (paper.year, paper.publisher, paper.pages) == (2012, "Hedge Press", "3-4")
    assert (paper.entry_type, paper.abstract) == ("chapter", "It stands.")


def test_dblp_zotero_and_tei() -> None:
    dblp = next(
        read_xml(
            [
                b'<!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp><inproceedings key="conf/h/H1">'
                b"<author>J&uuml;rgen Peck 0002</author><title>Hedges.</title><year>2009</year>"
                b"<pages>1-5</pages><booktitle>HEDGE</booktitle><ee>https://doi.org/10.1000/db</ee>"
                b"</inproceedings></dblp>"
            ]
        )
    )
    assert isinstance(dblp, Record)
    assert (dblp.key, dblp.authors, dblp.doi) == ("conf/h/H1", ("Jürgen Peck",), "10.1000/db")
    assert (dblp.entry_type, dblp.venue, dblp.pages) == ("conference-paper", "HEDGE", "1-5")
    zotero = read_one(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:z="http://www.zotero.org/namespaces/export#" '
        'xmlns:bib="http://purl.org/net/biblio#" '
        ""
        ""
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:foaf="http://xmlns.com/foaf/0.1/" '
        'xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">'
        '<bib:Article rdf:about="https://example.org/z"><z:itemType>journalArticle</z:itemType>'
        "<dcterms:isPartOf><bib:Journal><dc:title>Hedge Letters</dc:title><prism:volume>2"
        "</prism:volume><dc:identifier>DOI 10.1000/z</dc:identifier></bib:Journal>"
        "</dcterms:isPartOf>"
        "<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Hoorn</foaf:surname>"
        "<foaf:givenName>Ida</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>"
        "<dc:title>Hedges again</dc:title><dcterms:abstract>They return.</dcterms:abstract>"
        "<dc:date>May 2018</dc:date><bib:pages>1-2</bib:pages></bib:Article></rdf:RDF>"
    )
    assert (zotero.authors, zotero.venue, zotero.doi) == (
        ("Ida Hoorn",), "Hedge Letters", "10.1000/z"
    )  # fmt: skip
    assert (zotero.year, zotero.entry_type, zotero.volume) == (2018, "article", "2")
    tei = read_one(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Hedges in '
        "TEI</title></titleStmt><sourceDesc><biblStruct><analytic><author><persName><forename>Ida"
        '</forename><forename type="middle">M</forename><surname>Hoorn</surname></persName>'
        "</author>"
        '</analytic><monogr><imprint><date when="2014-02"/></imprint></monogr>'
        '<idno type="DOI">10.1000/tei</idno></biblStruct></sourceDesc></fileDesc><profileDesc>'
        "<abstract><div><p><s>They are encoded.</s><s>Twice.</s></p></div></abstract></profileDesc>"
        "</teiHeader><text><body><p>Not this.</p></body></text></TEI>"
    )
    assert (tei.title, tei.authors) == ("Hedges in TEI", ("Ida M Hoorn",))
    assert (tei.abstract, tei.year) == ("They are encoded. Twice.", 2014)
    assert tei.doi == "10.1000/tei"
