"""The chat tab: its layout, and which event does what."""

from __future__ import annotations

from typing import Any

import gradio as gr
from assistant_ui.chat.actions import ChatActions
from assistant_ui.chat.visit import Visit
from assistant_ui.open_library import OpenLibrary
from assistant_ui.parts.component import component
from assistant_ui.parts.events import QUIET
from assistant_ui.server.limits import Limits, places_to_ask
from assistant_ui.shared_state import SharedState

PLACEHOLDER = "Ask your papers"


def chat_tab(page: gr.Blocks, library: OpenLibrary, shared: SharedState, limits: Limits) -> None:
    """Lays out the tab; called inside its ``gr.Tab``."""
    actions = ChatActions(library, limits)
    visitor = gr.BrowserState("", storage_key="abstract-assistant-visitor", secret=_STORAGE)
    last_chat = gr.BrowserState("", storage_key="abstract-assistant-chat", secret=_STORAGE)
    # Each visit gets one of its own, which its events change and never replace.
    visit: gr.State = gr.State(Visit())
    with gr.Row(elem_id="chat-columns"):
        with gr.Column(scale=0, min_width=220, elem_id="chats-column"):
            chats = component("chat/chats", {"chats": [], "current": ""}, elem_id="chats")
        with gr.Column(scale=1, min_width=280, elem_id="chat-column"):
            conversation = component("chat/conversation", elem_id="conversation", file=None)
            with gr.Row(elem_id="composer"):
                question = gr.Textbox(
                    label="Question",
                    placeholder=PLACEHOLDER,
                    lines=1,
                    max_lines=8,
                    max_length=20_000,
                    container=False,
                    scale=1,
                    elem_id="question",
                    autofocus=True,
                )
                send = gr.Button("Ask", variant="primary", scale=0, min_width=88, elem_id="send")
                stop = gr.Button("Stop", scale=0, min_width=88, elem_id="stop", visible=False)
    here = [visit, visitor, last_chat]
    shown = [conversation, chats, last_chat, send, stop]
    answering: dict[str, Any] = {
        "outputs": [conversation, chats, last_chat, question, send, stop, shared.last_papers],
        **places_to_ask(library.settings, library.assistant.llm_name).for_events(),
        # A question asked at once after an answer would be dropped by "once"; one at a time is
        # seen to by ``limits``.
        "trigger_mode": "multiple",
        **QUIET,
    }
    on_chat: dict[str, Any] = {"inputs": [*here, shared.chosen], **QUIET}
    opening = page.load(
        actions.open_last, outputs=[conversation, chats, last_chat, visitor], **on_chat
    )
    opening.then(actions.find_examples, outputs=[conversation], **on_chat)
    gr.on(
        [question.submit, send.click],
        actions.ask,
        [*here, question, shared.chosen],
        **answering,
    )
    gr.on(
        [conversation.example_select, conversation.retry, conversation.edit],
        actions.ask_from_part,
        [*here, shared.chosen],
        **answering,
    )
    stop.click(actions.stop, outputs=[conversation, send, stop], **on_chat)
    conversation.like(actions.rate, outputs=[conversation], **on_chat)
    conversation.download(actions.download, here, [conversation], **QUIET)
    conversation.clear(list, None, [shared.chosen], **QUIET)
    shared.chosen.change(actions.show_again, outputs=[conversation], **on_chat)
    changing = shared.n_changes.change(actions.show_again, outputs=[conversation], **on_chat)
    changing.then(actions.find_examples, outputs=[conversation], **on_chat)
    chats.select(actions.select, outputs=shown, **on_chat)
    chats.clear(actions.start_new, outputs=shown, **on_chat)
    chats.delete(actions.delete, outputs=shown, **on_chat)


# Gradio would make up a new one at each start, and no browser could read what it keeps.
_STORAGE = "abstract-assistant"
