"""Which strings are queries of services, and what they ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import IngestError
from assistant.ingest.services import Query, find_query
from assistant.ingest.services.naming import MAX_QUERY_CHARS
from assistant.text.half_characters import mend_halves


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("doi:10.1234/Tea.5", "doi", "10.1234/tea.5"),
        ("DOI: https://doi.org/10.1234/tea", "doi", "10.1234/tea"),
        ("https://doi.org/10.1234/tea%2F5", "doi", "10.1234/tea/5"),
        ("http://dx.doi.org/10.1234/tea", "doi", "10.1234/tea"),
        ("doi:10.48550/arXiv.2105.00001", "arxiv_id", "2105.00001"),
        ("arxiv:2105.00001v3", "arxiv_id", "2105.00001"),
        ("arXiv:hep-th/9901001", "arxiv_id", "hep-th/9901001"),
        ("https://arxiv.org/abs/2105.00001v2", "arxiv_id", "2105.00001"),
        ("https://www.arxiv.org/pdf/2105.00001.pdf", "arxiv_id", "2105.00001"),
        ("http://export.arxiv.org/abs/math.AG/0601001", "arxiv_id", "math.AG/0601001"),
        ("arxiv:tea leaves", "arxiv", "tea leaves"),
        ("https://arxiv.org/list/cs.CL/recent", "arxiv_listing", "cs.CL recent"),
        ("https://arxiv.org/list/hep-th/2021-05?skip=0&show=50", "arxiv_listing", "hep-th 2021-05"),
        ("https://arxiv.org/list/cond-mat.mes-hall/new", "arxiv_listing", "cond-mat.mes-hall new"),
        ("pmid:12345678", "pmid", "12345678"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", "pmid", "12345678"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/12345678", "pmid", "12345678"),
        ("openalex: tea leaves ", "openalex", "tea leaves"),
        ("crossref:tea", "crossref", "tea"),
        ("europepmc:tea", "europepmc", "tea"),
        ("zotero:", "zotero", ""),
        ("zotero:Thesis/Tea", "zotero", "Thesis/Tea"),
    ],
)
def test_a_query_is_read(typed: str, kind: str, text: str) -> None:
    assert find_query(typed) == Query(kind, text, typed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path",
    ["papers.bib", "-", ".", "C:\\tea", "notes/doi:10.1234/tea", "./arxiv:tea", "ftp://tea", "doi"],
)
def test_paths_are_no_queries(path: str) -> None:
    assert find_query(path) is None


def test_a_file_goes_before_a_query_of_its_name() -> None:
    Path("arxiv:tea").write_text("")
    assert find_query("arxiv:tea") is None
    assert find_query("arxiv:coffee") is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("doi:tea", "names no DOI; one is written like"),
        ("https://doi.org/", "names no DOI"),
        ("pmid:PMC123", "names no article of PubMed; one is written like pmid:"),
        ("openalex: ", "says nothing after the colon; write, say, doi:"),
        ("https://example.org/papers", "no papers can be taken from the address"),
        ("https://arxiv.org/search/?query=tea", "no papers can be taken from the address"),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=tea", "no papers can be taken from the address"),
        ("https://arxiv.org.example.org/abs/2105.00001", "no papers can be taken from"),
        ("https://[tea", "no papers can be taken from the address"),
        ("arxiv:" + "x" * MAX_QUERY_CHARS, "is longer than 2,000 characters; shorten it"),
    ],
)
def test_what_can_be_no_query_is_refused(typed: str, said: str) -> None:
    with pytest.raises(IngestError) as caught:
        find_query(typed)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 400


def test_half_characters_are_mended_so_that_the_query_can_be_sent() -> None:
    query = find_query("openalex:tea \udcff")
    assert query is not None
    assert query.text.startswith("tea ")
    query.text.encode()


@given(
    st.sampled_from(["doi:", "pmid:", "arxiv:", "zotero:", "https://", "https://arxiv.org/", ""]),
    st.text(st.characters(), max_size=80),
)
def test_any_string_is_a_query_a_path_or_refused(beginning: str, rest: str) -> None:
    try:
        query = find_query(beginning + rest)
    except IngestError:
        return
    if query is not None:
        assert query.typed == mend_halves(beginning + rest)
        (query.text + query.typed).encode()
