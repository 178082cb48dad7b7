"""Settings that other programs might have left in the environment, or in a folder's ``.env``."""

from __future__ import annotations

from pathlib import Path

OF_CHROMA = {
    "CHROMA_OTEL_COLLECTION_ENDPOINT": "http://127.0.0.1:9",
    "CHROMA_OTEL_GRANULARITY": "all",
    "CHROMA_PRODUCT_TELEMETRY_IMPL": "this.Zen",
    "CHROMA_SERVER_SSL_VERIFY": "false",
    "CHROMA_SERVER_HEADERS": '{"x-theirs": "1"}',
    "ANONYMIZED_TELEMETRY": "true",
    "MIGRATIONS": "yes",
}
OF_OTHERS = {
    "ORT_DISABLE_TELEMETRY": "0",
    "GRADIO_ANALYTICS_ENABLED": "True",
    "HF_HUB_DISABLE_TELEMETRY": "0",
    "DO_NOT_TRACK": "0",
}


def write_env(folder: Path) -> None:
    """Writes Chroma's into the folder's ``.env``."""
    lines = (f"{name}={value}\n" for name, value in OF_CHROMA.items())
    (folder / ".env").write_text("".join(lines), encoding="utf-8")
