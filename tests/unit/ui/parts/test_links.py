"""Links of papers: to known hosts, by https, and to nowhere else."""

from __future__ import annotations

import pytest
from assistant_ui.parts.links import known_link, paper_link

from assistant import Paper


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://arxiv.org/abs/2101.00001", "https://arxiv.org/abs/2101.00001"),
        ("http://www.nature.com/articles/x#s1", "https://www.nature.com/articles/x"),
        (" https://openreview.net/forum?id=a ", "https://openreview.net/forum?id=a"),
        ("https://evil.example/", None),
        ("https://arxiv.org.evil.example/", None),
        ("https://arxiv.org@evil.example/", None),
        ("https://user:pw@arxiv.org/", None),
        ("https://arxiv.org:8443/", None),
        ("https://arxiv.org:no/", None),
        ("javascript:alert(1)//arxiv.org", None),
        ("data:text/html,x", None),
        ("//arxiv.org/abs/1", None),
        ("ftp://arxiv.org/", None),
        ("https://[", None),
        ("", None),
        (None, None),
    ],
)
def test_only_known_hosts_are_linked(url: str | None, link: str | None) -> None:
    assert known_link(url) == link


def test_a_doi_and_an_arxiv_id_make_the_link_themselves() -> None:
    paper = Paper("p", "T", "A.", doi="10.1/<x>?y#z", arxiv_id="1", url="https://evil.example")
    assert paper_link(paper) == "https://doi.org/10.1/%3Cx%3E%3Fy%23z"
    assert paper_link(Paper("p", "T", "A.", arxiv_id="cs/9901001")) == (
        "https://arxiv.org/abs/cs/9901001"
    )
    assert paper_link(Paper("p", "T", "A.")) is None
