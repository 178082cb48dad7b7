"""The prompts: one folder a task, one file a version; a released version is never edited.

from assistant_prompts import load

prompt = load("answer")
messages = prompt.render(question="...", passages="...", max_sentences="4")
"""

from assistant_prompts.loader import Prompt, PromptError, load

__all__ = ["Prompt", "PromptError", "load"]
