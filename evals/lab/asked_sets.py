"""Every set of questions that weights are fitted on or measured by, asked of its library.

Six fields and the starter library are held out one by one. Beside them there are questions on
other abstracts, written for fitting: ``questions/match.jsonl`` for the match of vectors and
``questions/training.jsonl``, on abstracts that the other has not, for what uses it; and questions
on the fields that nothing is ever fitted on (the other files of ``questions``).
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from assistant_evals.lab.field_sets import NATURAL, read_fields
from assistant_evals.lab.fit_match import MatchExample
from assistant_evals.lab.flat_library import FlatLibrary, read_rows
from assistant_evals.metrics.facts import find_facts
from numpy.typing import NDArray

from assistant.embeddings.embedder import Embedder, open_embedder
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.evidence.gathering import PaperEvidence, QuestionEvidence
from assistant.text.language import is_english
from assistant.text.sentences import split_sentences
from assistant.types import Paper

QUESTIONS = Path(__file__).parent / "questions"
STARTER, TRAINING, UNSEEN = "starter", "training", "scifact"
"""Names of fields: the starter library, what is only fitted on, and a field only measured."""

COLLECTIONS = {
    "aerodynamics": "cranfield",
    "biomedicine": "scifact_train",
    "biomedicine-2": "scifact_train",
    "information-science": "cisi",
    UNSEEN: "scifact_train",
}
"""The collection that a field's abstracts are of. Some of its other abstracts have questions
written for fitting, which are held out with the field."""

GOLDEN = ("single", "unanswerable", "rough", "own_answerability", "own_broad")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the evidence for it.

    ``kind`` is the style of an answerable question ("named", "described", "rough", "list") and the
    kind of an unanswerable one; ``fresh`` questions are never fitted on. ``lacking`` is the
    evidence as if the library did not hold the paper that answers, None where there is no one such.
    """

    field: str
    kind: str
    fresh: bool
    row: dict[str, Any]
    evidence: QuestionEvidence
    lacking: QuestionEvidence | None = None

    @property
    def answerable(self) -> bool:
        """Whether the library holds the answer."""
        return bool(self.row.get("answerable", True))

    @property
    def has_sentences(self) -> bool:
        """Whether it is known which sentences of which one paper answer."""
        named = bool(self.row.get("sentences") or self.row.get("facts"))
        return self.answerable and len(self.row.get("papers", ())) == 1 and named

    def is_right(self) -> NDArray[np.bool_]:
        """Returns (n_papers,): whether each candidate is a paper that belongs."""
        wanted = set(self.row.get("papers", ()))
        return np.array([p.candidate.paper.paper_id in wanted for p in self.evidence.papers], bool)

    def answering(self, paper: PaperEvidence) -> NDArray[np.bool_]:
        """Returns (n_sentences,): whether each of a right paper's sentences answers.

        By their numbers, where the question has some; else by the facts that they hold.
        """
        if numbers := self.row.get("sentences"):
            return np.isin(np.arange(len(paper.texts)) + 1, numbers)
        facts = self.row.get("facts", ())
        return np.array([any(find_facts(text, facts)) for text in paper.texts], dtype=bool)


def is_held_out_with(asked: Asked, field: str) -> bool:
    """Returns whether ``asked`` is of ``field``, or of the collection that it is taken from."""
    return asked.field == field or (
        asked.field == TRAINING and asked.row["collection"] == COLLECTIONS.get(field)
    )


def open_vectors(with_words: bool = True) -> tuple[Embedder, WordEmbedder | None]:
    """Returns the embedder and that of words, kept in the file that ``EVALS_CACHE`` names."""
    path = os.environ.get("EVALS_CACHE")
    embedder = open_embedder(cache_path=Path(path) if path else None)
    return embedder, WordEmbedder(WordMiniLM(), embedder.cache) if with_words else None


def ask_sets(folder: Path, with_words: bool = True) -> list[Asked]:
    """Returns all sets over the measuring data in ``folder``.

    Training questions teach what words and the match of vectors tell: without them there are none.
    """
    embedder, words = open_vectors(with_words)
    fields = read_fields(folder)
    asked: list[Asked] = []
    for name, field in fields.items():
        own = STARTER if name == NATURAL else name
        library = FlatLibrary(field.papers, embedder, words)
        rows = list(field.questions)
        if own == STARTER:
            rows += [row for part in GOLDEN for row in read_rows(GOLDEN_FOLDER / f"{part}.jsonl")]
        asked += _ask(own, library, rows, fresh=False)
        asked += _ask(own, library, read_rows(QUESTIONS / f"{own}.jsonl"), fresh=True)
    ids = set(json.loads((QUESTIONS / f"{UNSEEN}.papers.json").read_text(encoding="utf-8")))
    corpus = read_rows(folder / "external" / "retrieval" / "scifact_train" / "corpus.jsonl")
    unseen = [Paper(r["_id"], r["title"], r["text"]) for r in corpus if r["_id"] in ids]
    library = FlatLibrary(unseen, embedder, words)
    asked += _ask(UNSEEN, library, read_rows(QUESTIONS / f"{UNSEEN}.jsonl"), fresh=True)
    if words is not None:
        asked += _ask_training(folder, embedder, words)
    return asked


def _ask(
    field: str, library: FlatLibrary, rows: Sequence[dict[str, Any]], *, fresh: bool
) -> Iterator[Asked]:
    for row in rows:
        # Product and lab treat other languages by a rule of their own.
        if not is_english(row["question"]):
            continue
        kind = str(row.get("style", "") if row.get("answerable", True) else row["kind"])
        papers = row.get("papers", ())
        whole = row.get("answerable", True) and len(papers) == 1 and not fresh
        yield Asked(
            field,
            kind.removeprefix("short-"),
            fresh,
            row,
            library.evidence(row["question"]),
            library.evidence(row["question"], without=papers[0]) if whole else None,
        )


def read_written(folder: Path, name: str) -> list[tuple[Paper, list[dict[str, Any]]]]:
    """Returns the abstracts of ``questions/<name>.jsonl``, each with its questions."""
    rows = read_rows(QUESTIONS / f"{name}.jsonl")
    texts: dict[tuple[str, str], Paper] = {}
    for name in dict.fromkeys(row["collection"] for row in rows):
        texts |= {(name, paper.paper_id): paper for paper in _read_collection(folder, name)}
    found: dict[tuple[str, str], tuple[Paper, list[dict[str, Any]]]] = {}
    for row in rows:
        key = (row["collection"], row["abstract"])
        paper = dataclasses.replace(texts[key], paper_id="/".join(key))
        own = found.setdefault(key, (paper, []))[1]
        answerable = bool(row["sentences"])
        own.append(
            row
            | {
                "id": f"{paper.paper_id}/{len(own)}",
                "answerable": answerable,
                "kind": row["kind"] if answerable else "near-miss",
                "style": "training",
                "papers": [paper.paper_id] if answerable else [],
                "closest": [paper.paper_id],
            }
        )
    return list(found.values())


def _read_collection(folder: Path, name: str) -> Iterator[Paper]:
    external = folder / "external"
    if name != "csabstruct":
        for row in read_rows(external / "retrieval" / name / "corpus.jsonl"):
            yield Paper(row["_id"], row["title"], row["text"].strip())
        return
    for part in ("train", "dev", "test"):
        for i, row in enumerate(read_rows(external / "roles" / name / f"{part}.jsonl"), 1):
            yield Paper(f"{part}-{i}", "", " ".join(row["sentences"]))


def match_examples(
    folder: Path, embedder: Embedder, without: str | None = None
) -> list[MatchExample]:
    """Returns the questions of ``questions/match.jsonl`` as vectors.

    Those on abstracts of the collection ``without`` are left out.

    Raises:
        ValueError: a question names a sentence that its abstract has not.
    """
    written = [
        (paper, rows)
        for paper, rows in read_written(folder, "match")
        if rows[0]["collection"] != without
    ]
    sentences = [
        [paper.abstract[span.start : span.end] for span in split_sentences(paper.abstract)]
        for paper, _ in written
    ]
    # All at once is quicker than one by one; the embedder remembers them.
    embedder.embed([text for texts in sentences for text in texts])
    embedder.embed([row["question"] for _, rows in written for row in rows])
    examples = []
    for texts, (_, rows) in zip(sentences, written, strict=True):
        vectors = embedder.embed(texts)
        for row in rows:
            right = np.isin(np.arange(len(texts)) + 1, row["sentences"])
            if right.sum() != len(set(row["sentences"])):
                raise ValueError(f"{row['id']}: {len(texts)} sentences, not {row['sentences']}")
            if not right.all():
                (question,) = embedder.embed([row["question"]])
                examples.append(MatchExample(question, vectors, right))
    return examples


def _ask_training(folder: Path, embedder: Embedder, words: WordEmbedder) -> Iterator[Asked]:
    written = read_written(folder, TRAINING)
    for name in dict.fromkeys(rows[0]["collection"] for _, rows in written):
        own = [(p, rows) for p, rows in written if rows[0]["collection"] == name]
        library = FlatLibrary([paper for paper, _ in own], embedder, words)
        for row in (row for _, rows in own for row in rows):
            kind = "training" if row["answerable"] else "near-miss"
            yield Asked(TRAINING, kind, False, row, library.evidence(row["question"]))
