"""The engine as LlamaIndex knows query engines: for pipelines that are built of its parts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.llamaindex.nodes import to_node

if TYPE_CHECKING:
    from llama_index.core.prompts.mixin import PromptMixinType

    from assistant.answer.engine import Engine
    from assistant.answers import Answer


class AbstractQueryEngine(BaseQueryEngine):
    """Answers with quotations; a Response carries the whole Answer in ``metadata["answer"]``.

    ``source_nodes`` are the passages of every paper considered, those cited first.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(callback_manager=None)
        self._engine = engine

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._engine.answer(query_bundle.query_str)
        return Response(
            response=answer.text,
            source_nodes=self._make_nodes(answer),
            metadata={"answer": answer.to_dict()},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _make_nodes(self, answer: Answer) -> list[NodeWithScore]:
        nodes = []
        for source in answer.sources:
            paper, passages = self._engine.read_passages(source.paper_id)
            nodes += [
                NodeWithScore(node=to_node(paper, passage), score=source.score)
                for passage in passages
            ]
        return nodes
