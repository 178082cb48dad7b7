"""Fits what tells orders to whoever answers from research, and measures it by kinds left out.

    python -m assistant_evals.lab.fit_orders --data FOLDER

Attacks and benign controls are ours, a kind a heading (``evals/lab/orders``); the other texts are
sentences of real abstracts. For each kind of attack: how many of its texts are told, every sentence
of them, by a model that was fitted without that kind. For each collection: the share of its
sentences that are flagged, among those that nothing was fitted on. False statements without an
order are not fitted on, and measured only to say that they are not told.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from assistant_evals.lab.fit_extractive import fit_logistic, write_weights
from assistant_evals.lab.flat_library import papers_of, read_rows
from assistant_evals.lab.measuring_data import MeasuringData, parse_data
from numpy.typing import NDArray

from assistant.evidence.injection import WEIGHTS_FILE, flag_instructions
from assistant.evidence.linear_model import LinearModel, load_model
from assistant.evidence.order_features import FEATURES, compute_features
from assistant.text.language import is_english
from assistant.text.sentences import split_sentences

TEXTS = Path(__file__).parent / "orders"
NOT_TOLD = frozenset({"plain-fact"})
"""Kinds that give no order: nothing in the text tells them from a finding."""

FLAGGED = 0.006
"""The share of real sentences that may be flagged by themselves; neighbours add to it."""

PENALTY = 1e-3
WEIGHTS = {"attack": 1.0, "benign": 0.3, "real": 1.5}
"""What each of the three counts in the fit, all its sentences together."""

MAX_ABSTRACTS = 500
"""Of a collection, by chance."""

_Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of one kind and the (n_sentences, n_features) features of its sentences."""

    kind: str
    text: str
    rows: _Rows


def read_texts(path: Path) -> list[tuple[str, str]]:
    """Returns the (kind, text) of each line; a line that begins with "# " names a kind."""
    found, kind = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# ") and len(line.split()) == 2:
            kind = line[2:]
        elif line:
            found.append((kind, line))
    return found


def cut(text: str) -> list[str]:
    """Returns the sentences of ``text``."""
    return [text[span.start : span.end] for span in split_sentences(text)]


def read_features(name: str, *, stray: bool) -> list[Text]:
    """Returns our texts with their features; ``stray`` puts them into English abstracts."""
    return [
        Text(kind, text, _featurise(cut(text), stray=stray))
        for kind, text in read_texts(TEXTS / f"{name}.txt")
    ]


def read_abstracts(data: MeasuringData) -> dict[str, list[str]]:
    """Returns abstracts of each collection, chosen by chance."""
    found = {
        folder.name: [row["text"] for row in read_rows(folder / "papers.jsonl")]
        for folder in sorted((data.folder / "fields").iterdir())
    }
    for folder in sorted(data.collections.iterdir()):
        found[folder.name] = [row["text"] for row in read_rows(folder / "corpus.jsonl")]
    roles = data.folder / "external" / "roles" / "csabstruct" / "train.jsonl"
    found["csabstruct"] = [
        " ".join(json.loads(line)["sentences"])
        for line in roles.read_text(encoding="utf-8").splitlines()
    ]
    found["starter"] = [paper.abstract for paper in papers_of(data.starter)]
    found["feed"] = [paper.abstract for paper in papers_of(data.feed)]
    chooser = random.Random(1)
    return {
        name: chooser.sample(abstracts, min(MAX_ABSTRACTS, len(abstracts)))
        for name, abstracts in found.items()
    }


def fit(attacks: Sequence[Text], benign: Sequence[Text], real: _Rows) -> LinearModel:
    """Returns the model by which ``attacks`` differ from the others."""
    told = [text.rows for text in attacks if text.kind not in NOT_TOLD]
    controls = [text.rows for text in benign]
    shares = [
        *(np.full(len(rows), WEIGHTS["attack"] / len(told) / len(rows)) for rows in told),
        *(np.full(len(rows), WEIGHTS["benign"] / len(controls) / len(rows)) for rows in controls),
        np.full(len(real), WEIGHTS["real"] / len(real)),
    ]
    rows = np.concatenate([*told, *controls, real])
    labels = np.zeros(len(rows))
    labels[: sum(map(len, told))] = 1.0
    # Few rows are alike in nothing: each is fitted once, with the weight of all like it.
    alike, places = np.unique(np.c_[rows, labels], axis=0, return_inverse=True)
    weights = np.bincount(places.ravel(), np.concatenate(shares)).astype(np.float64)
    found, bias = fit_logistic(alike[:, :-1], alike[:, -1], PENALTY, weights)
    model = LinearModel(FEATURES, found, bias)
    return LinearModel(FEATURES, found, bias - float(np.quantile(model.score(real), 1 - FLAGGED)))


def measure_kinds(
    attacks: Sequence[Text], benign: Sequence[Text], real: _Rows
) -> dict[str, tuple[float, int]]:
    """Returns for each kind of attack the share told by a model fitted without it, and how many."""
    found = {}
    for kind in dict.fromkeys(text.kind for text in attacks):
        model = fit([text for text in attacks if text.kind != kind], benign, real)
        own = [bool((model.score(text.rows) >= 0).all()) for text in attacks if text.kind == kind]
        found[kind] = float(np.mean(own)), len(own)
    return found


def measure_controls(
    attacks: Sequence[Text], benign: Sequence[Text], real: _Rows
) -> dict[str, tuple[float, int]]:
    """Returns for each kind of control the share flagged by a model fitted without it."""
    found = {}
    for kind in dict.fromkeys(text.kind for text in benign):
        model = fit(attacks, [text for text in benign if text.kind != kind], real)
        own = [bool((model.score(text.rows) >= 0).any()) for text in benign if text.kind == kind]
        found[kind] = float(np.mean(own)), len(own)
    return found


def main() -> None:
    """Fits the model, writes it, and prints what it tells and what it flags."""
    attacks = read_features("attacks", stray=True)
    benign = read_features("benign", stray=False)
    fitted: list[str] = []
    held: dict[str, list[str]] = {}
    for name, abstracts in read_abstracts(parse_data(__doc__)).items():
        fitted += [
            one for abstract in abstracts if _is_fitted_on(abstract) for one in cut(abstract)
        ]
        held[name] = [abstract for abstract in abstracts if not _is_fitted_on(abstract)]
    real = _featurise(fitted)
    model = fit(attacks, benign, real)
    write_weights(WEIGHTS_FILE, {"order": model}, "evals/lab/orders and real abstracts")
    print("kind of attack, told without having seen it, n")
    kinds = measure_kinds(attacks, benign, real)
    for kind, (share, n) in kinds.items():
        print(f"{kind:16} {share:.2f} {n}")
    told = [(share * n, n) for kind, (share, n) in kinds.items() if kind not in NOT_TOLD]
    print(f"{'all that order':16} {sum(s for s, _ in told) / sum(n for _, n in told):.2f}")
    print("benign control, flagged without having seen it, n")
    for kind, (share, n) in measure_controls(attacks, benign, real).items():
        print(f"{kind:20} {share:.2f} {n}")
    load_model.cache_clear()
    print("collection, sentences flagged in their abstracts, n")
    every: list[bool] = []
    for name, abstracts in held.items():
        flags = [flag for abstract in abstracts for flag in _flag(abstract)]
        every += flags
        print(f"{name:20} {np.mean(flags):.4f} {len(flags)}")
    print(f"{'all':20} {np.mean(every):.4f} {len(every)}")


def _is_fitted_on(abstract: str) -> bool:
    return zlib.crc32(abstract.encode()) % 2 == 0


def _flag(abstract: str) -> list[bool]:
    spans = [(span.start, span.end) for span in split_sentences(abstract)]
    return flag_instructions(abstract, spans)


def _featurise(sentences: Sequence[str], *, stray: bool = False) -> _Rows:
    rows = [compute_features(text, stray and not is_english(text)) for text in sentences]
    return np.array(rows).reshape(len(rows), len(FEATURES))


if __name__ == "__main__":
    main()
