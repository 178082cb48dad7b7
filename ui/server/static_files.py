"""The files that the page's parts are made of, and the library that draws its charts."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from assistant_ui.parts.component import STATIC_ROOT
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PLOTLY = Path("map/static/plotly.min.js")
"""Where ``map/static/map_plot.js`` looks for plotly, which ships this file itself."""

_PLOTLY_FILE = Path(str(files("plotly") / "package_data" / PLOTLY.name))
_FOREVER = "public, max-age=31536000, immutable"


class PartFiles(StaticFiles):
    """Serves the ``static`` folders; a browser keeps what it asked for by its version."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC_ROOT)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Returns the file at that path, and what the system says of it; ("", None) for no file."""
        if Path(path) == PLOTLY:
            return str(_PLOTLY_FILE), _PLOTLY_FILE.stat()
        match Path(path).parts:
            case (_, "static", _):
                return super().lookup_path(path)
        # Beside these folders lies the page's own code.
        return "", None

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Returns a file; where its address has no version it is asked for anew each time."""
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=") and response.status_code == 200
        response.headers["Cache-Control"] = _FOREVER if versioned else "no-cache"
        return response
