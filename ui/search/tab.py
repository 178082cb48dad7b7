"""The search tab: ranked papers, each with the sentence that matches best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.component import component
from assistant_ui.parts.errors_shown import describe_error, says_errors
from assistant_ui.parts.events import QUIET, read_sent
from assistant_ui.parts.paper_view import cut_at_quotes, reference_view
from assistant_ui.search.filter_form import list_inputs, read_filters, read_text
from assistant_ui.server.limits import places_to_search
from assistant_ui.shared_state import CHAT, SharedState, to_tab

from assistant import AssistantError, Filters, QuestionError, SearchResult

MAX_RESULTS = 100


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a visitor looks for."""

    query: str
    top_k: int
    filters: Filters


def search_tab(library: OpenLibrary, shared: SharedState) -> None:
    """Lays out the tab; called inside its ``gr.Tab``."""
    part = component("search/search_results", None, elem_id="search", filters=list_inputs())

    def search(event: gr.EventData) -> dict[str, Any]:
        sent = read_sent(event)
        # The browser waits for the number that it sent, since two searches may find the same.
        turn = sent.get("turn")
        try:
            request = read_request(sent)
            assistant = library.assistant
            results = assistant.search(request.query, request.top_k, filters=request.filters)
            return {"turn": turn, **search_view(request, results, assistant.n_papers)}
        except AssistantError as error:
            return {"turn": turn, "fault": describe_error(error)}

    def ask_only(event: gr.EventData) -> Any:
        return read_chosen(library, read_sent(event)), to_tab(CHAT)

    part.submit(
        says_errors(search),
        None,
        part,
        **places_to_search(library.settings).for_events(),
        **QUIET,
    )
    part.apply(says_errors(ask_only), None, [shared.chosen, shared.tabs], **QUIET)


def read_request(sent: Mapping[str, Any]) -> SearchRequest:
    """Returns the search that the browser sent.

    Raises:
        QuestionError: a field cannot be used as it stands.
    """
    filters = read_filters(sent)
    top_k = sent.get("top_k")
    if not isinstance(top_k, int) or not 1 <= top_k <= MAX_RESULTS:
        raise QuestionError(f"cannot show {top_k!r} papers; choose from 1 to {MAX_RESULTS}")
    query = read_text(sent.get("query"), "query")
    if not query:
        raise QuestionError("there is nothing to search for yet; write a few words or a question")
    return SearchRequest(query, top_k, filters)


def search_view(
    request: SearchRequest, results: Sequence[SearchResult], n_papers: int
) -> dict[str, Any]:
    """Returns what ``search/static/search_results.js`` draws, as JSON types."""
    return {
        "query": request.query,
        "filtered": bool(request.filters),
        "n_papers": n_papers,
        "results": [result_view(result) for result in results],
    }


def result_view(result: SearchResult) -> dict[str, Any]:
    """Returns a paper found as JSON types.

    ``abstract`` is in pieces, the matching sentence being cited by 0; ``scores`` are those of
    ``SearchResult``.
    """
    span = result.sentence
    paper = result.paper
    return {
        **reference_view(paper),
        "sentence": paper.abstract[span.start : span.end] if span else None,
        "abstract": cut_at_quotes(paper.abstract, [(span.start, span.end, 0)] if span else []),
        "scores": {
            "score": round(result.score, 4),
            "lexical": round(result.lexical, 4),
            "dense": round(result.dense, 4),
        },
    }


def read_chosen(library: OpenLibrary, sent: Mapping[str, Any]) -> list[str]:
    """Returns the ids that the browser sent, in their order.

    Raises:
        QuestionError: there are none, or too many.
        LibraryError: the library has no such paper.
    """
    ids = sent.get("paper_ids")
    if not isinstance(ids, list) or not 0 < len(ids) <= MAX_RESULTS:
        raise QuestionError(f"tick from 1 to {MAX_RESULTS} papers to ask about them")
    return [library.assistant.paper(i).paper_id for i in dict.fromkeys(map(str, ids))]
