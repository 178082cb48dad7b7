"""Parts of the page that are drawn by a module of ``static/`` from a JSON value.

What papers, models and people wrote reaches the document as text nodes only (``static/dom.js``), so
that none of it can become markup.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

STATIC = Path(__file__).with_name("static")
STATIC_PATH = "/page"
"""Where the server offers the files of ``STATIC``; ``/static`` is Gradio's own."""


def component(module: str, value: Any = None, *, elem_id: str, **props: Any) -> gr.HTML:
    """Returns a part that ``static/<module>.js`` draws: its ``mount`` is called once.

    Args:
        module: the name of the module.
        value: JSON types; ``mount`` reads them as ``props.value`` and watches them.
        elem_id: the id of the element that it is drawn in.
        **props: further values that the module watches.
    """
    return gr.HTML(
        value,
        html_template=f'<div class="part" data-part="{module}"></div>',
        js_on_load=(
            f"import(new URL('.{STATIC_PATH}/{module}.js?v={static_version()}', document.baseURI))"
            ".then((part) => part.mount(element.querySelector('.part'), props, trigger, watch))"
        ),
        apply_default_css=False,
        elem_id=elem_id,
        **props,
    )


@cache
def static_version() -> str:
    """Returns a digest of the static files, so that a browser never mixes two releases."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
