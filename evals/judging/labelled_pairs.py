"""How well the groundedness check agrees with people: a claim, its source, and a label 0 or 1.

Rows are JSON Lines of ``source``, ``claim`` and ``label``, 1 where the source bears the claim out,
with an ``id`` and a ``kind`` if wanted. A row with ``paper_id`` in place of ``source`` is about the
abstract of that paper of the starter library.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from assistant_evals.errors import PairsError
from assistant_evals.judging.claims import Half, load_claims, read_starter_abstracts
from assistant_evals.metrics.groundedness import BORNE_OUT
from assistant_evals.metrics.label_agreement import (
    balanced_accuracy,
    balanced_accuracy_interval,
    cohen_kappa,
    expected_calibration_error,
    precision_recall_f1,
    reliability,
    threshold_for_precision,
)
from assistant_evals.metrics.resampling import resample_counts
from assistant_evals.metrics.roc import auroc_and_interval

from assistant import MIN_LEXICAL

SUPPORTED_SCORE = 0.5
"""The shipped threshold on the score's scale: where the words are just enough, MIN_LEXICAL."""

WANTED_PRECISION = 0.9

PairJudge = Callable[[str, str], tuple[float, str] | None]
"""Told source and claim; returns score, [0, 1], and verdict, or None where it could not judge."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and the text it is judged by; ``label`` is 1 where the text bears it out."""

    source: str
    claim: str
    label: int
    id: str = ""
    kind: str = ""


def read_pairs(path: Path) -> list[Pair]:
    """Returns the pairs of a JSON Lines file, in order.

    Raises:
        PairsError: the file cannot be read, a row of it cannot be used, or its labels are all one.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise PairsError(f"{path}: {error.strerror}; name a JSON Lines file of pairs") from error
    except UnicodeDecodeError as error:
        raise PairsError(f"{path}: not UTF-8 text; save the file as UTF-8") from error
    pairs = []
    abstracts: dict[str, str] = {}
    # Not splitlines(): texts may hold other line separators unescaped.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        row = _row(line, f"{path.name}:{number}")
        if "source" not in row and "paper_id" in row and not abstracts:
            abstracts = read_starter_abstracts()
        pairs.append(_pair(row, abstracts, f"{path.name}:{number}"))
    if not pairs:
        raise PairsError(
            f"{path.name}: no pairs; give a line such as "
            '{"source": "...", "claim": "...", "label": 1} for each'
        )
    labels = {pair.label for pair in pairs}
    if len(labels) == 1:
        raise PairsError(
            f"{path.name}: every label is {labels.pop()}; give pairs of both labels, "
            "for with one nothing can be told apart"
        )
    return pairs


def read_own_pairs(half: Half | None = "held_out") -> list[Pair]:
    """Returns the shipped pairs of one half, or of both where ``half`` is None."""
    abstracts = read_starter_abstracts()
    return [
        Pair(abstracts[c.paper_id], c.claim, c.label, c.id, c.kind)
        for c in load_claims()
        if half in (None, c.half)
    ]


def judge_pairs(
    name: str, pairs: Sequence[Pair], judge: PairJudge, *, seed: int = 0
) -> dict[str, Any]:
    """Returns how ``judge`` agrees with the labels of ``pairs``, as JSON types.

    ``n`` are the pairs judged and ``n_errors`` those that were not, which count nowhere else.
    ``threshold`` and ``threshold_for_precision`` are on the scale of the score, ``min_lexical`` is
    the same limit on the share of words. Measures are None where they do not apply; ``when`` is
    left for who keeps the result.

    Raises:
        ValueError: a score is not in [0, 1].
    """
    found = [judge(pair.source, pair.claim) for pair in pairs]
    judged = [(pair, *got) for pair, got in zip(pairs, found, strict=True) if got is not None]
    scores = [score for _, score, _ in judged]
    labels = [pair.label for pair, _, _ in judged]
    said = [int(verdict in BORNE_OUT) for _, _, verdict in judged]
    precision, recall, f1 = precision_recall_f1(said, labels)
    at = threshold_for_precision(scores, labels, WANTED_PRECISION)
    above = [int(at is not None and score >= at) for score in scores]
    area, *area_interval = _auroc_and_interval(scores, labels, seed) or (None,)
    accuracy_interval = balanced_accuracy_interval(said, labels, seed=seed)
    return {
        "name": name,
        "when": None,
        "n": len(judged),
        "n_errors": len(pairs) - len(judged),
        "roc_auc": area,
        "roc_auc_interval": area_interval or None,
        "balanced_accuracy": balanced_accuracy(said, labels),
        "balanced_accuracy_interval": accuracy_interval and list(accuracy_interval),
        "threshold": SUPPORTED_SCORE,
        "min_lexical": MIN_LEXICAL,
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "kappa": cohen_kappa(said, labels),
        "ece": expected_calibration_error(scores, labels),
        "reliability": reliability(scores, labels),
        "threshold_for_precision": {
            "wanted": WANTED_PRECISION,
            "threshold": at,
            "recall": None if at is None else precision_recall_f1(above, labels)[1],
        },
        "kinds": _kinds([pair.kind for pair, _, _ in judged], said, labels),
    }


def _auroc_and_interval(
    scores: Sequence[float], labels: Sequence[int], seed: int
) -> tuple[float, float, float] | None:
    """Returns the area under the ROC curve and its 95 % interval, pairs drawn anew."""
    if len(set(labels)) < 2:
        return None
    found, truth = np.array(scores), np.array(labels) == 1
    counts = resample_counts(len(labels), seed=seed)
    return auroc_and_interval(found[truth], found[~truth], counts[:, truth], counts[:, ~truth])


def _kinds(
    kinds: Sequence[str], said: Sequence[int], labels: Sequence[int]
) -> dict[str, dict[str, Any]]:
    """Returns n and the share of right verdicts for each kind that rows name."""
    rights: dict[str, list[bool]] = defaultdict(list)
    for kind, verdict, label in zip(kinds, said, labels, strict=True):
        if kind:
            rights[kind].append(verdict == label)
    return {kind: {"n": len(r), "share_right": sum(r) / len(r)} for kind, r in rights.items()}


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise PairsError(
            f"{where}: not valid JSON ({error.msg}, column {error.colno}); "
            "put one JSON object on each line"
        ) from None
    except (ValueError, RecursionError):
        raise PairsError(f"{where}: JSON that cannot be read; mend or remove the line") from None
    if not isinstance(row, dict):
        raise PairsError(f"{where}: not a JSON object; put one JSON object on each line")
    return row


def _pair(row: Mapping[str, Any], abstracts: Mapping[str, str], where: str) -> Pair:
    label = row.get("label")
    if type(label) is not int or label not in (0, 1):
        fault = "'label' is missing" if "label" not in row else f"'label' is {label!r:.80}"
        raise PairsError(
            f"{where}: {fault}; give 1 where the source bears the claim out, else 0, as a number"
        )
    return Pair(
        source=_source(row, abstracts, where),
        claim=_text(row, "claim", where),
        label=label,
        id=_name(row, "id", where),
        kind=_name(row, "kind", where),
    )


def _source(row: Mapping[str, Any], abstracts: Mapping[str, str], where: str) -> str:
    if "source" in row or "paper_id" not in row:
        return _text(row, "source", where)
    paper_id = row["paper_id"]
    if not isinstance(paper_id, str) or paper_id not in abstracts:
        raise PairsError(
            f"{where}: 'paper_id' {paper_id!r:.80} is no paper of the starter library; "
            "give the text as 'source'"
        )
    return abstracts[paper_id]


def _text(row: Mapping[str, Any], field: str, where: str) -> str:
    if field not in row:
        raise PairsError(f"{where}: {field!r} is missing; add it as text")
    text = row[field]
    if not isinstance(text, str):
        raise PairsError(f"{where}: {field!r} is {text!r:.80}; give text")
    if not any(char.isalnum() for char in text):
        raise PairsError(f"{where}: {field!r} holds no words; give text or remove the line")
    return text


def _name(row: Mapping[str, Any], field: str, where: str) -> str:
    name = row.get(field, "")
    if not isinstance(name, str):
        raise PairsError(f"{where}: {field!r} is {name!r:.80}; give text or leave it out")
    return name
