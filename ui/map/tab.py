"""The map tab: the papers as points, their clusters as lists, and one paper beside them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

import gradio as gr
from assistant_ui.map.cluster_terms import cluster_terms
from assistant_ui.map.paper_map import (
    MAX_SAMPLE,
    PaperMap,
    map_papers,
    paper_vectors,
    rows_to_name,
    sample_rows,
)
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.component import component
from assistant_ui.parts.errors_shown import describe_error, says_errors
from assistant_ui.parts.events import QUIET, read_text
from assistant_ui.parts.paper_view import paper_view
from assistant_ui.shared_state import CHAT, SharedState, to_tab

from assistant import AssistantError, Paper

MAX_POINTS = 20_000
"""Papers that are shown; of a larger library as many, evenly drawn."""


class CurrentMap:
    """The map of one library, drawn anew whenever its papers changed; any thread may ask."""

    def __init__(self, library: OpenLibrary) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._view: dict[str, Any] = {}

    def view(self) -> dict[str, Any]:
        """Returns what ``map/static/map.js`` draws; visitors who come while it is made wait for it.

        Raises:
            LibraryError, StoreError: the library cannot be read.
        """
        assistant = self._library.assistant
        with self._lock:
            stats = assistant.stats()
            key = f"{stats.library}:{stats.digest}"
            if self._view.get("digest") != key:
                papers = assistant.papers()
                rows = sample_rows(len(papers), MAX_POINTS)
                vectors = paper_vectors(*assistant.passage_vectors(), len(papers))
                shown = [papers[int(row)] for row in rows]
                view = map_view(shown, map_papers(vectors[rows]), len(papers))
                self._view = {"digest": key, **view}
            return self._view


def map_tab(library: OpenLibrary, shared: SharedState) -> None:
    """Lays out the tab; called inside its ``gr.Tab``."""
    current = CurrentMap(library)
    part = component("map/map", None, elem_id="map", marked=[], paper=None, fault=None)

    def open_map(last_papers: list[str], event: gr.EventData) -> Any:
        try:
            view = current.view()
        except AssistantError as error:
            return gr.HTML(fault=describe_error(error))
        if read_text(event, "digest") == view["digest"]:
            return gr.HTML(marked=last_papers, fault=None)
        return gr.HTML(value=view, marked=last_papers, paper=None, fault=None)

    def choose(event: gr.EventData) -> Any:
        paper_id = read_text(event, "paper_id")
        return gr.HTML(paper=paper_view(library.assistant.paper(paper_id)) if paper_id else None)

    def ask_only(event: gr.EventData) -> Any:
        return [library.assistant.paper(read_text(event, "paper_id")).paper_id], to_tab(CHAT)

    part.expand(says_errors(open_map), shared.last_papers, part, concurrency_id="map", **QUIET)
    part.select(says_errors(choose), None, part, **QUIET)
    part.submit(says_errors(ask_only), None, [shared.chosen, shared.tabs], **QUIET)


def map_view(papers: Sequence[Paper], drawn: PaperMap, n_papers: int) -> dict[str, Any]:
    """Returns the map as JSON types, its papers column by column.

    Args:
        papers: the papers shown, in the order of the map's rows.
        drawn: their map.
        n_papers: how many papers the library has.
    """
    named = rows_to_name(drawn.clusters, drawn.n_clusters)
    names = cluster_terms(
        [f"{papers[row].title}\n{papers[row].abstract}" for row in named],
        [int(drawn.clusters[row]) for row in named],
        drawn.n_clusters,
    )
    return {
        "n_papers": n_papers,
        "about": about(drawn, n_papers),
        "clusters": [
            {"name": cluster_name(terms, number), "n_papers": int((drawn.clusters == number).sum())}
            for number, terms in enumerate(names)
        ],
        "ids": [paper.paper_id for paper in papers],
        "titles": [paper.title for paper in papers],
        "years": [paper.year for paper in papers],
        "x": [round(float(x), 4) for x in drawn.positions[:, 0]],
        "y": [round(float(y), 4) for y in drawn.positions[:, 1]],
        "cluster": drawn.clusters.tolist(),
    }


def cluster_name(terms: Iterable[str], number: int) -> str:
    """Returns 'pruning, low-rank, weights'; 'cluster 3' where no word tells it from the others."""
    return ", ".join(terms) or f"cluster {number + 1}"


def about(drawn: PaperMap, n_papers: int) -> list[str]:
    """Returns how to read the map, a sentence each."""
    n_shown = len(drawn.positions)
    if drawn.method == "none":
        return []
    said = [
        "Papers about the same matter lie close together; the axes have no meaning by themselves."
    ]
    if drawn.method == "umap":
        said.append("Laid out by UMAP: near neighbours count, distances between groups do not.")
    elif drawn.explained is not None:
        said.append(
            f"Laid out by PCA: its two axes hold {100 * drawn.explained:.0f} % of what tells the "
            "papers apart, so papers that look close may still differ."
        )
    if drawn.n_clusters > 1:
        said.append("Clusters are found by k-means and named by the words that tell them apart.")
    if n_shown < n_papers:
        said.append(f"{n_shown:,} of {n_papers:,} papers are shown, evenly drawn.")
    if n_shown > MAX_SAMPLE:
        said.append(
            f"The number of clusters and their names are found on {MAX_SAMPLE:,} of the papers."
        )
    return said
