"""Replies that a scripted model gives after looking at what it was shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_SENTENCE = re.compile(r"^\[([A-Z]{1,2}\d{1,3})\] (.*)$", re.MULTILINE)


def shown(request: dict[str, Any]) -> dict[str, str]:
    """Returns label -> sentence of what the request shows."""
    text = "\n".join(message["content"] for message in request["messages"])
    return dict(_SENTENCE.findall(text))


def label_of(request: dict[str, Any], words: str) -> str:
    """Returns the label of the first sentence shown that holds ``words``."""
    return next(label for label, text in shown(request).items() if words in text)


def citing(template: str, **words: str) -> Callable[[dict[str, Any]], str]:
    """Returns a reply in which each {name} is the label of the sentence with those words."""
    return lambda request: template.format(
        **{name: label_of(request, text) for name, text in words.items()}
    )


def prunes(request: dict[str, Any]) -> str:
    """A reader to whom papers belong by the first sentence that has "prun", with it as a detail."""
    found: dict[str, Any] = {}
    for block in request["messages"][-1]["content"].split("\n\n"):
        shown = re.search(r"^Paper (\d+):", block, re.MULTILINE)
        sentence = re.search(r"^\[(\d+)\] (.*prun.*)$", block, re.MULTILINE | re.IGNORECASE)
        if shown and sentence:
            number, text = int(sentence[1]), sentence[2]
            found[shown[1]] = [number, number, f"It is said here that {text[0].lower()}{text[1:]}"]
    return json.dumps(found)
