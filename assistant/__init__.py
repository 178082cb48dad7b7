"""Answers over a library of paper abstracts, every sentence with the quote that supports it.

from assistant import Assistant

with Assistant.open() as assistant:
    answer = assistant.ask("Which papers study length control?")
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from assistant.accounts import describe_notice, describe_paper, describe_text
from assistant.answers import Answer, Premise
from assistant.errors import (
    AssistantError,
    ContextOverflowError,
    DamagedLibraryError,
    IngestError,
    LibraryError,
    LockedError,
    ModelError,
    PromptError,
    QuestionError,
    ServiceError,
    SettingsError,
    StoreError,
    UnreadableError,
)
from assistant.events import (
    Checked,
    Cited,
    Done,
    Event,
    Noticed,
    Progressed,
    ReadingLimited,
    Replaced,
    Retrieved,
    SearchedAgain,
    SentenceStarted,
    TextAdded,
)
from assistant.filters import FILTERS, FilterField
from assistant.reports import IngestReport, LibraryStats, Skipped
from assistant.surveys import ListedPaper, ReadingCost, SurveyCount
from assistant.suspects import Suspect
from assistant.types import (
    Abstention,
    AbstentionReason,
    AnswerFormat,
    AskOptions,
    Citation,
    Filters,
    Flag,
    Paper,
    PaperFormat,
    SearchResult,
    Sentence,
    SentenceSpan,
    Source,
    TextKind,
    TurnOptions,
    Usage,
    Verdict,
)

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.configured_models import open_judge
    from assistant.conversation.chat import Chat
    from assistant.evidence.injection import list_suspect
    from assistant.export.answers import export_answers
    from assistant.export.papers import export_papers
    from assistant.files.kept import clean_home
    from assistant.grounding.checker import MIN_LEXICAL
    from assistant.ingest import read_papers
    from assistant.opened_library import STARTER
    from assistant.settings import Settings, load_settings
    from assistant.starter.papers import locate_starter

__version__ = version("abstract-assistant")

# From 1.32 on onnxruntime looks up its maker's host and writes a device id; its own call that
# disables this comes too late, so it is told before anything imports it. Whatever the variable was
# is overwritten: empty and 0 would permit both, and nothing here has a use for them.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_SLOW_TO_IMPORT = {
    "Assistant": "assistant.api",
    "Chat": "assistant.conversation.chat",
    "MIN_LEXICAL": "assistant.grounding.checker",
    "STARTER": "assistant.opened_library",
    "Settings": "assistant.settings",
    "clean_home": "assistant.files.kept",
    "export_answers": "assistant.export.answers",
    "export_papers": "assistant.export.papers",
    "list_suspect": "assistant.evidence.injection",
    "load_settings": "assistant.settings",
    "open_judge": "assistant.configured_models",
    "read_papers": "assistant.ingest",
    "locate_starter": "assistant.starter.papers",
}

__all__ = [
    "FILTERS",
    "MIN_LEXICAL",
    "STARTER",
    "Abstention",
    "AbstentionReason",
    "Answer",
    "AnswerFormat",
    "AskOptions",
    "Assistant",
    "AssistantError",
    "Chat",
    "Checked",
    "Citation",
    "Cited",
    "ContextOverflowError",
    "DamagedLibraryError",
    "Done",
    "Event",
    "FilterField",
    "Filters",
    "Flag",
    "IngestError",
    "IngestReport",
    "LibraryError",
    "LibraryStats",
    "ListedPaper",
    "LockedError",
    "ModelError",
    "Noticed",
    "Paper",
    "PaperFormat",
    "Premise",
    "Progressed",
    "PromptError",
    "QuestionError",
    "ReadingCost",
    "ReadingLimited",
    "Replaced",
    "Retrieved",
    "SearchResult",
    "SearchedAgain",
    "Sentence",
    "SentenceSpan",
    "SentenceStarted",
    "ServiceError",
    "Settings",
    "SettingsError",
    "Skipped",
    "Source",
    "StoreError",
    "SurveyCount",
    "Suspect",
    "TextAdded",
    "TextKind",
    "TurnOptions",
    "UnreadableError",
    "Usage",
    "Verdict",
    "__version__",
    "clean_home",
    "describe_notice",
    "describe_paper",
    "describe_text",
    "export_answers",
    "export_papers",
    "list_suspect",
    "load_settings",
    "locate_starter",
    "open_judge",
    "read_papers",
]


def __getattr__(name: str) -> Any:
    """Returns the names that are slow to import only when they are asked for."""
    if name in _SLOW_TO_IMPORT:
        return getattr(import_module(_SLOW_TO_IMPORT[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
