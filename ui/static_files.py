"""The files that the page's parts are made of, and the library that draws its charts."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from assistant_ui.component import STATIC
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PLOTLY = "plotly.min.js"
_PLOTLY_FILE = Path(str(files("plotly") / "package_data" / PLOTLY))
_FOREVER = "public, max-age=31536000, immutable"


class PartFiles(StaticFiles):
    """Serves the folder of parts; a browser keeps what it asked for by its version."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Returns the file of that name, and what the system says of it."""
        if path == PLOTLY:
            return str(_PLOTLY_FILE), _PLOTLY_FILE.stat()
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Returns a file; where its address has no version it is asked for anew each time."""
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=") and response.status_code == 200
        response.headers["Cache-Control"] = _FOREVER if versioned else "no-cache"
        return response
