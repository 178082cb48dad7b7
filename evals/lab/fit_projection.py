"""Fits the directions in which word vectors are kept.

    python -m assistant_evals.lab.fit_projection --data FOLDER [--outside cranfield scifact_train]

The directions of most variance of MiniLM's word-piece states at length 1, every text set weighing
the same: the starter library and collections of other fields. No question takes part. Measured on
described questions: 384, 128, 96, 64 and 48 directions rank within noise of one another.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from assistant_evals.lab.flat_library import papers_of
from assistant_evals.lab.judged_collections import beir_collection
from assistant_evals.lab.retrieval import OUTSIDE_SAMPLES
from numpy.typing import NDArray

from assistant.embeddings.minilm import DIM, MiniLM
from assistant.starter.papers import locate_starter
from assistant.text.word_vectors import PROJECTION_FILE, WORD_DIM


def directions(text_sets: Sequence[Sequence[str]], model: MiniLM) -> NDArray[np.float32]:
    """Returns the principal directions of the states, (64, 384) float32, orthonormal rows."""
    total = np.zeros((DIM, DIM))
    for texts in text_sets:
        moment, n_states = np.zeros((DIM, DIM)), 0
        for reading in model.read(texts):
            units = reading.states / np.linalg.norm(reading.states, axis=1, keepdims=True)
            moment += units.T @ units
            n_states += len(units)
        total += moment / n_states
    vectors = np.linalg.eigh(total)[1][:, ::-1][:, :WORD_DIM].T
    # The sign of a direction is arbitrary: its largest part is made positive.
    largest = np.abs(vectors).argmax(axis=1)
    signs = np.sign(vectors[np.arange(WORD_DIM), largest])
    return np.asarray(vectors * signs[:, np.newaxis], dtype=np.float32)


def main() -> None:
    """Writes the directions that the package ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--outside", nargs="*", choices=OUTSIDE_SAMPLES, default=[])
    options = parser.parse_args()
    folder = options.data / "external" / "retrieval"
    sets = [papers_of(locate_starter())]
    sets += [list(beir_collection(folder / n, OUTSIDE_SAMPLES[n]).papers) for n in options.outside]
    texts = [[f"{paper.title}\n{paper.abstract}" for paper in papers] for papers in sets]
    np.save(PROJECTION_FILE, directions(texts, MiniLM()))
    print(f"{PROJECTION_FILE}: {WORD_DIM} directions")


if __name__ == "__main__":
    main()
