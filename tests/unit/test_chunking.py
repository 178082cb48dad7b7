from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llamaindex.nodes import to_node
from assistant.text.passages import MAX_PASSAGE_TOKENS, chunk_paper, format_passage
from assistant.text.sentences import split_sentences
from assistant.text.tokens import count_tokens
from assistant.types import Paper


def paper(abstract: str) -> Paper:
    return Paper("lee-2020", "A Title", abstract)


SENTENCE = "We measure one thing after the other."


def test_a_short_abstract_is_one_passage() -> None:
    (passage,) = chunk_paper(paper("One thing. Another thing."))
    assert passage.passage_id == "lee-2020#1"
    assert passage.text == "One thing. Another thing."
    assert passage.n_tokens == count_tokens(passage.text)


def test_no_text_has_a_passage_without_sentences() -> None:
    (passage,) = chunk_paper(paper(" \n"))
    assert (passage.text, passage.sentences, passage.n_tokens) == ("", (), 0)


def test_two_passages_are_about_equal() -> None:
    n_tokens = count_tokens(" ".join([SENTENCE] * 30))
    first, second = chunk_paper(paper(" ".join([SENTENCE] * 30)), max_tokens=n_tokens - 10)
    assert abs(len(first.sentences) - len(second.sentences)) <= 1
    assert second.passage_id == "lee-2020#2"


def test_an_over_long_sentence_is_a_passage_by_itself() -> None:
    long = "It holds " + "very " * 60 + "much."
    passages = chunk_paper(paper(f"{SENTENCE} {long} {SENTENCE}"), max_tokens=20)
    assert [passage.text for passage in passages] == [SENTENCE, long, SENTENCE]
    assert passages[1].n_tokens > 20


@given(st.lists(st.integers(1, 25), min_size=1, max_size=30), st.integers(10, MAX_PASSAGE_TOKENS))
def test_every_sentence_is_in_exactly_one_passage(lengths: list[int], most: int) -> None:
    abstract = "  ".join("word " * (n - 1) + "End." for n in lengths)
    passages = chunk_paper(paper(abstract), max_tokens=most)
    assert tuple(span for p in passages for span in p.sentences) == split_sentences(abstract)
    for passage in passages:
        assert passage.text == abstract[passage.start : passage.end]
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        spaces = 2 * len(passage.sentences)  # white space between sentences may be a token each
        assert len(passage.sentences) == 1 or passage.n_tokens <= most + spaces


def test_embedded_texts() -> None:
    (passage,) = chunk_paper(paper("One thing. Another thing."))
    assert format_passage("A Title", passage) == "A Title\nOne thing. Another thing."
    assert format_passage("", passage) == "One thing. Another thing."


def test_a_node_carries_its_place() -> None:
    (passage,) = chunk_paper(paper("One thing. Another thing."))
    node = to_node(paper("One thing. Another thing."), passage)
    assert node.node_id == "lee-2020#1"
    assert node.ref_doc_id == "lee-2020"
    assert node.get_content() == passage.text
    assert node.metadata["sentences"] == [1, 2]
    assert (node.start_char_idx, node.end_char_idx) == (passage.start, passage.end)
    assert node.metadata["paper_id"] == "lee-2020"


@pytest.mark.parametrize("max_tokens", [0, -1])
def test_a_passage_needs_room(max_tokens: int) -> None:
    with pytest.raises(ValueError, match="max_tokens"):
        chunk_paper(paper("One thing."), max_tokens=max_tokens)
