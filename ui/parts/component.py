"""Parts of the page that are drawn from a JSON value by a module of JavaScript.

Each package keeps its modules and style sheets in its ``static`` folder, and the server offers them
under the same paths. What papers, models and people wrote reaches the document as text nodes only
(``parts/static/dom.js``), so that none of it can become markup.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

STATIC_ROOT = Path(__file__).resolve().parents[1]
"""The folder of ``assistant_ui``, below which the static files lie."""

STATIC_PATH = "/page"
"""Where the server offers the files below ``STATIC_ROOT``; ``/static`` is Gradio's own."""


def component(module: str, value: Any = None, *, elem_id: str, **props: Any) -> gr.HTML:
    """Returns a part that a module of JavaScript draws: its ``mount`` is called once.

    Args:
        module: ``map/map_plot`` for ``map/static/map_plot.js``.
        value: JSON types; ``mount`` reads them as ``props.value`` and watches them.
        elem_id: the id of the element that it is drawn in.
        **props: further values that the module watches.
    """
    folder, name = module.split("/")
    address = f"{STATIC_PATH}/{folder}/static/{name}.js?v={static_version()}"
    return gr.HTML(
        value,
        html_template=f'<div class="part" data-part="{name}"></div>',
        js_on_load=(
            f"import(new URL('.{address}', document.baseURI))"
            ".then((part) => part.mount(element.querySelector('.part'), props, trigger, watch))"
        ),
        apply_default_css=False,
        elem_id=elem_id,
        **props,
    )


def list_static(pattern: str = "*") -> list[Path]:
    """Returns the static files of all packages whose names match ``pattern``, in order of name."""
    return sorted(STATIC_ROOT.glob(f"*/static/{pattern}"), key=lambda path: path.name)


@cache
def static_version() -> str:
    """Returns a digest of the static files, so that a browser never mixes two releases."""
    digest = hashlib.sha256()
    for path in list_static():
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
