"""Our search as a LlamaIndex retriever, for pipelines of LlamaIndex users."""

from __future__ import annotations

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.llamaindex.nodes import to_node
from assistant.retrieval.search import PaperSearch, SearchedLibrary
from assistant.types import Filters


class PaperRetriever(BaseRetriever):
    """Returns the passages of the best papers as nodes, best paper first.

    Passages of one paper follow one another in the order of its abstract and share its score,
    which is comparable within one answer only.
    """

    def __init__(
        self,
        search: PaperSearch,
        library: SearchedLibrary,
        top_k: int = 10,
        filters: Filters | None = None,
    ) -> None:
        """Retrieves at most ``top_k`` papers among those that ``filters`` allow."""
        super().__init__()
        self._search = search
        self._library = library
        self._top_k = top_k
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._search.search(query_bundle.query_str, self._top_k, self._filters)
        return [
            NodeWithScore(
                node=to_node(self._library.paper(ranked.row), passage), score=ranked.score
            )
            for ranked in found.papers
            for passage in self._library.passages(ranked.row)
        ]
