"""Those who ask the page of a soak over HTTP: scripts, and clients that are slow on purpose."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Callable

import httpx
from assistant_evals.lab.soak_papers import N_STABLE, Ledger, judge_answer, write_question
from assistant_evals.lab.soak_record import Record
from assistant_evals.lab.soak_roles import list_editions

_WAIT_S = 120
_DRIP_S = 1.0
_DRIPS = 60
_OF_THE_LLM = "the LLM server"
"""Begins the sentence for a reply that no second attempt would mend."""


class Asker:
    """Asks a page one question after the other until ``over`` is set.

    A call that a kill of the page cut short, as ``find_life`` shows, which is None while it is
    down, counts as one that met nobody.
    """

    def __init__(
        self,
        port: int,
        ledger: Ledger,
        record: Record,
        over: threading.Event,
        find_life: Callable[[], int | None],
    ) -> None:
        self._url = f"http://127.0.0.1:{port}/gradio_api/call/ask"
        self._ledger = ledger
        self._record = record
        self._over = over
        self._find_life = find_life

    def ask_on(self, seed: int) -> None:
        """Asks until it is over."""
        dice = random.Random(seed)
        while not self._over.is_set():
            life, (kind, detail) = self._find_life(), self._ask(dice.randrange(N_STABLE))
            stayed = life is not None and life == self._find_life() and not self._over.is_set()
            if kind == "error" and not stayed:
                kind = "away"
            self._record.add("page", kind, detail)
            self._over.wait(0.05 if kind == "answered" else 1.0)

    def _ask(self, number: int) -> tuple[str, str]:
        low = self._ledger.done
        try:
            with httpx.Client(timeout=_WAIT_S, trust_env=False) as client:
                question = [write_question(number), None, None, None, None]
                asked = client.post(self._url, json={"data": question}).raise_for_status()
                said = client.get(f"{self._url}/{asked.json()['event_id']}").text
        except httpx.HTTPError as error:
            return "error", f"{type(error).__name__}: {error}"
        # Heartbeats come before what ends the call.
        event, _, data = said.strip().split("\n\n")[-1].partition("\ndata: ")
        if event != "event: complete":
            return ("LLM faulted" if _OF_THE_LLM in data else "error"), said
        answer = json.loads(data)[0]
        outcome = judge_answer(number, answer, list_editions(low, self._ledger.begun))
        return outcome, "" if outcome == "answered" else f"{number}: {answer['text']}"


def drip(port: int, record: Record, over: threading.Event) -> None:
    """Sends the page a request byte by byte, and again, until it is over."""
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * _DRIPS
    while not over.is_set():
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=_DRIP_S) as slow:
                for byte in request:
                    slow.sendall(bytes([byte]))
                    if over.wait(_DRIP_S):
                        return
            record.add("slow clients", "served to the end")
        except OSError:
            record.add("slow clients", "turned away")
        over.wait(_DRIP_S)
