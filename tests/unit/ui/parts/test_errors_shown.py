from __future__ import annotations

import inspect
import logging
from collections.abc import Iterator

import gradio as gr
import pytest
from assistant_ui.parts.errors_shown import (
    ELSEWHERE,
    NOT_TAKEN,
    as_toast,
    describe_call,
    describe_error,
    hide_paths,
    says_errors,
)

from assistant.errors import IngestError, LibraryError, QuestionError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/ann/papers/x.bib:41: entry 'a' has no title", "x.bib:41: entry 'a' has no title"),
        ("cannot read '/home/ann lee/my papers/x.bib'", "cannot read 'x.bib'"),
        ('cannot read "/home/ann/x.bib"; try', "cannot read 'x.bib'; try"),
        ("the disk of /var/lib/assistant is full", f"the disk of {ELSEWHERE} is full"),
        ("see '/var'", f"see '{ELSEWHERE}'"),
        ("in (/var/lib/a, /srv/b/c.txt)", f"in ({ELSEWHERE}, c.txt)"),
        (r"cannot read C:\Users\ann\x.bib now", "cannot read x.bib now"),
        (r"cannot read 'C:\\Users\\ann\\x.bib'", "cannot read 'x.bib'"),
        (r"cannot read \\host\share\x.bib now", "cannot read x.bib now"),
        ("cannot read ~/papers/x.bib", "cannot read x.bib"),
        ("file:///home/ann/x.bib fails", "x.bib fails"),
    ],
)
def test_paths_are_cut_to_the_name_of_the_file(text: str, shown: str) -> None:
    assert hide_paths(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "use a URL such as http://localhost:8000/v1/models",
        "see https://doi.org/10.1/a.b or 'https://arxiv.org/abs/1'",
        "precision and/or recall, 3/4 of them",
        "cs.CL/9901001 is no year",
        "DOI 10.1000/182/x is not known",
        "`assistant ingest FILE` makes one",
        "it ends in /v1 mostly",
    ],
)
def test_what_is_no_path_stays(text: str) -> None:
    assert hide_paths(text) == text


def test_an_error_for_the_visitor_keeps_its_sentence() -> None:
    assert describe_error(QuestionError("ask something")) == "ask something"
    assert "/home" not in describe_error(IngestError("cannot read '/home/ann/x.bib'"))


def test_what_was_not_foreseen_is_told_by_a_number_that_the_log_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        shown = describe_error(ValueError("secret in /home/ann"))
    assert "secret" not in shown
    number = shown.split("id ")[1][:6]
    assert number in caplog.text
    assert "secret in /home/ann" in caplog.text


def test_two_failures_have_two_numbers() -> None:
    assert describe_error(ValueError()) != describe_error(ValueError())


def test_a_notice_holds_no_markup() -> None:
    toast = as_toast(LibraryError("there is no paper '<img src=x onerror=alert(1)>'"))
    assert "<" not in str(toast.message)
    assert "&lt;img" in str(toast.message)


def test_functions_and_generators_raise_notices_only() -> None:
    @says_errors
    def fails() -> None:
        raise QuestionError("no")

    @says_errors
    def stream() -> Iterator[int]:
        yield 1
        raise KeyError("/home/ann")

    with pytest.raises(gr.Error, match="no"):
        fails()
    assert inspect.isgeneratorfunction(stream)
    values = stream()
    assert next(values) == 1
    with pytest.raises(gr.Error, match="Something failed here"):
        next(values)


def test_a_stopped_stream_closes_the_one_inside() -> None:
    closed = []

    @says_errors
    def stream() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    values = stream()
    next(values)
    values.close()  # type: ignore[attr-defined]
    assert closed == [True]


def test_signatures_are_kept_for_gradio() -> None:
    @says_errors
    def ask(question: str, request: gr.Request) -> str:
        return question

    assert list(inspect.signature(ask).parameters) == ["question", "request"]
    assert ask.__name__ == "ask"


def failure(module: str) -> Exception:
    """Returns what a function of that module raises, with its traceback."""
    place: dict[str, object] = {"__name__": module}
    exec("def fail(): raise KeyError('a', 'b')", place)
    try:
        place["fail"]()  # type: ignore[operator]
    except KeyError as error:
        return error
    raise AssertionError


def test_only_failures_of_our_own_functions_are_logged_with_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for module in ("gradio.queueing", "assistant_ui.server.limits", "assistants.other"):
        group = ExceptionGroup("unhandled errors", [failure(module)])
        assert describe_call(group) == NOT_TAKEN
    assert not any(record.exc_info for record in caplog.records)
    assert "KeyError" in caplog.text
    for module in ("assistant_ui.chat.actions", "assistant.api", "assistant"):
        assert "Something failed here (id" in describe_call(failure(module))
        assert caplog.records[-1].exc_info


def test_what_is_logged_of_a_call_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    describe_call(ValueError("a\nb" * 1_000))
    (record,) = caplog.records
    assert "\n" not in record.getMessage()
    assert len(record.getMessage()) < 300
