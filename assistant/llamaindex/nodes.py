"""Passages as LlamaIndex nodes."""

from __future__ import annotations

from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

from assistant.types import Paper, Passage


def to_node(paper: Paper, passage: Passage) -> TextNode:
    """Returns ``passage`` as a LlamaIndex node, its paper as the source document.

    The metadata hold the paper id, the title, the sentence numbers and the offsets into the
    abstract, whether the text is the "abstract" or an "account" of it, and a notice such as
    "retracted"; none of it is shown to a model but the title.
    """
    metadata = {
        "paper_id": paper.paper_id,
        "title": paper.title,
        "text_kind": paper.text_kind,
        "notice": paper.notice,
        "sentences": [span.number for span in passage.sentences],
        "start": passage.start,
        "end": passage.end,
    }
    hidden = [name for name in metadata if name != "title"]
    return TextNode(
        id_=passage.passage_id,
        text=passage.text,
        metadata=metadata,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=hidden,
        relationships={
            NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper.paper_id),
        },
    )
