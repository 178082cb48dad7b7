"""What agents see of the endpoints over MCP: three tools that only read, with JSON results."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

TITLES = {
    "ask": "Ask the paper library",
    "search": "Search the paper library",
    "check": "Check a claim against a text",
}


def fit_for_agents(page: gr.Blocks) -> None:
    """Makes the tools of the mounted page what they are in fact: read-only, in JSON.

    Gradio writes results as Python does, and tells agents nothing of what a tool may change.

    Raises:
        RuntimeError: Gradio could not start its MCP server.
    """
    from mcp import types

    gradio_server: Any = page.mcp_server_obj
    if gradio_server is None or not page.mcp_server:
        raise RuntimeError(f"the MCP server did not start: {getattr(page, 'mcp_error', None)}")

    def as_json(output: list[Any], _root_url: str) -> list[types.TextContent]:
        return [
            types.TextContent(type="text", text=json.dumps(value, ensure_ascii=False))
            for value in output
        ]

    gradio_server.postprocess_output_data = as_json
    handlers = gradio_server.mcp_server.request_handlers
    list_all = handlers[types.ListToolsRequest]

    async def list_tools(request: types.ListToolsRequest) -> types.ServerResult:
        result: types.ServerResult = await list_all(request)
        for tool in result.root.tools:  # type: ignore[union-attr]
            tool.title = TITLES[tool.name]
            tool.annotations = types.ToolAnnotations(
                title=TITLES[tool.name],
                readOnlyHint=True,
                destructiveHint=False,
                idempotentHint=True,
                openWorldHint=False,
            )
        return result

    handlers[types.ListToolsRequest] = list_tools
