"""Signals unwind a command, the end of its terminal too, but where nohup has it go on."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from assistant.cli import app, interrupts, output


@pytest.fixture(autouse=True)
def usual_handlers() -> Iterator[None]:
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    usual = [(each, signal.getsignal(each)) for each in signals]
    yield
    for each, handler in usual:
        signal.signal(each, handler)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_stopped_says_by_what(
    sign: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    app._catch_signals()
    with pytest.raises(SystemExit) as stop, output.tell_stop():
        signal.raise_signal(sign)
    assert stop.value.code == 128 + sign
    told = capsys.readouterr().err
    assert sign.name in told
    assert "the library is as it was" in told


def test_ctrl_c_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    app._catch_signals()
    with pytest.raises(KeyboardInterrupt), output.tell_stop():
        signal.raise_signal(signal.SIGINT)
    interrupts._interrupts.clear()
    assert "stopped by Ctrl-C" in capsys.readouterr().err


def test_a_command_under_nohup_goes_on() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    app._catch_signals()
    signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
