"""``assistant chat``: a conversation in the terminal, or of lines from a pipe."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, cast

import typer

from assistant.accounts import describe_notice
from assistant.cli import options, output
from assistant.cli.leave import ask_leave
from assistant.cli.live import say_live
from assistant.errors import AssistantError, QuestionError
from assistant.types import NO_FILTERS, Filters

if TYPE_CHECKING:
    from assistant.answers import Answer
    from assistant.conversation.chat import Chat
    from assistant.events import Event

PROMPT = "> "
MAX_LINE = 20_000
"""Characters of a line that are read: twice the longest question."""

INTERRUPTED = 128 + signal.SIGINT
_HELP = """\
/sources      what the last answer rests on, and what else was found
/new          begin anew, with nothing said before
/save FILE    write the conversation as Markdown
/quit         end (or Ctrl-D)
Ctrl-C stops an answer, of which stays what was checked; twice, it ends the chat."""


@options.take_filters
def chat(
    as_json: options.JsonOption = False,
    max_sentences: Annotated[
        int | None,
        typer.Option("--max-sentences", "-n", help="Sentences in an answer, at most.", metavar="N"),
    ] = None,
    as_typed: options.AsTypedOption = False,
    read_all: options.ReadAllOption = False,
    filters: Filters = NO_FILTERS,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> int:
    """Talk with your papers: each question is understood with those before it.

    Shows what a follow-up was read as. /help lists the commands. In a pipe, each line is a turn.

    [bold]Examples[/bold]
      assistant chat
      assistant chat --library thesis --year 2023..
      printf 'What is BiGS?\\nDoes it match BERT?\\n' | assistant chat --json
    """
    from assistant.api import Assistant

    with Assistant.open(library=library, home=home, max_sentences=max_sentences) as assistant:
        model = assistant.models.chat
        name = model.name if model else None
        talk = Talk(
            assistant.chat(filters), name, as_json=as_json, as_typed=as_typed, read_all=read_all
        )
        output.warn_all(assistant.notices)
        if sys.stdin.isatty() and sys.stdout.isatty():
            return talk.run_at_terminal()
        return talk.run_on_lines()


class Talk:
    """A conversation on standard input and output."""

    def __init__(
        self,
        chat: Chat,
        model: str | None,
        *,
        as_json: bool = False,
        as_typed: bool = False,
        read_all: bool = False,
    ) -> None:
        """Talks by ``chat``; ``model`` is the name of the LLM that writes, if one does.

        With ``as_typed`` no words of a turn are taken as filters; with ``read_all`` all papers of
        a list are read, whatever it takes.
        """
        self._chat = chat
        self._model = model
        self._as_json = as_json
        self._read_filters = not as_typed
        self._read_all = read_all
        self._saved: set[Path] = set()
        self._stopped = False

    def run_at_terminal(self) -> int:
        """Asks for turns until Ctrl-D, /quit or a second Ctrl-C; returns the exit code."""
        # Line editing and the last lines on the arrow keys, where the system has them.
        with suppress(ImportError):
            import readline  # noqa: F401
        output.say("Ask, or /help for the commands.", style="dim")
        with self._catch_interrupts():
            while True:
                try:
                    line = input(PROMPT)
                    if not self._take(line):
                        return 0
                except EOFError:
                    output.say()
                    return 0
                except AssistantError as error:
                    output.warn(str(error))
                except KeyboardInterrupt:
                    if self._stopped:
                        output.say()
                        return INTERRUPTED
                    self._stopped = True
                    output.say("\nstopped; Ctrl-C again ends the chat", style="dim")

    def run_on_lines(self) -> int:
        """Takes a turn from each line of standard input; returns the exit code.

        Raises:
            QuestionError: a line has no end.
        """
        # Bytes that are no text fail as a question does, and not the whole chat.
        cast(TextIOWrapper, sys.stdin).reconfigure(errors="surrogateescape")
        code = 0
        while line := sys.stdin.readline(MAX_LINE):
            if len(line) == MAX_LINE and not line.endswith("\n"):
                raise QuestionError(
                    f"a line of standard input is longer than {MAX_LINE:,} characters; "
                    "give each turn a line of its own"
                )
            if line.strip() and not self._as_json:
                output.say(PROMPT + line.strip())
            try:
                if not self._take(line):
                    break
            except AssistantError as error:
                code = max(code, error.exit_code)
                if self._as_json:
                    failed = {"question": line.strip(), "error": str(error)}
                    output.say_json(failed, indent=None)
                else:
                    output.warn(str(error))
        return code

    def _take(self, line: str) -> bool:
        """Answers or obeys a line; returns whether the chat goes on."""
        line = line.strip()
        word, _, rest = line.partition(" ")
        if not line:
            return True
        self._stopped = False
        if word in ("/quit", "/exit", "/q"):
            return False
        if word.startswith("/") and word[1:].isalpha():
            self._obey(word, rest.strip())
        else:
            self._answer(line)
        return True

    def _obey(self, command: str, argument: str) -> None:
        if command == "/help":
            output.say(_HELP)
        elif command == "/new":
            self._chat.reset()
            output.say("begun anew", style="dim")
        elif command == "/sources":
            self._say_sources()
        elif command == "/save":
            self._save(argument)
        else:
            raise QuestionError(f"there is no command {command!r}; /help lists them")

    def _answer(self, turn: str) -> None:
        noticed: list[str] = []
        with closing(self._stream(turn, noticed)) as events:
            if self._model is not None and not self._as_json and sys.stdout.isatty():
                answer = say_live(events, self._model)
            else:
                answer = _read_to_end(events)
                if self._as_json:
                    output.say_json(answer.to_dict(), indent=None)
                else:
                    output.say_answer(answer)
        output.warn_all(notice for notice in answer.notices if notice not in noticed)
        if not self._as_json:
            self._say_usage(answer)

    def _stream(self, turn: str, noticed: list[str]) -> Generator[Event, None, None]:
        """Yields the events of a turn, and says what it was read as before the first."""
        from assistant.events import Noticed, Retrieved

        def begin(read_all: bool) -> Generator[Event, None, None]:
            return self._chat.stream(turn, read_filters=self._read_filters, read_all=read_all)

        with closing(ask_leave(begin, read_all=self._read_all)) as events:
            for event in events:
                if isinstance(event, Noticed):
                    noticed.append(event.message)
                asked = event.standalone_question if isinstance(event, Retrieved) else turn
                if asked != turn and not self._as_json:
                    output.say(f"asked as: {asked}", style="dim")
                yield event

    def _say_usage(self, answer: Answer) -> None:
        if cost := output.format_usage(answer.usage):
            output.say(f"\n{cost}; this chat {output.format_usage(self._chat.usage)}", style="dim")

    def _say_sources(self) -> None:
        if not self._chat.turns:
            raise QuestionError("nothing was asked yet; ask something first")
        for source in self._chat.turns[-1].sources:
            year = f" ({source.year})" if source.year else ""
            cited = "" if source.cited else "not cited"
            said = (source.paper_id, describe_notice(source.notice), cited)
            told = ", ".join(filter(None, said))
            output.say(f"  [{source.label}] {source.title}{year}  ({told})")

    def _save(self, name: str) -> None:
        if not name:
            raise QuestionError("/save needs a file to write, as /save talk.md")
        if not self._chat.turns:
            raise QuestionError("nothing was asked yet; ask something first")
        path = Path(name).expanduser()
        if path.exists() and path not in self._saved:
            raise QuestionError(f"{name!r} is there already; give another name")
        from assistant.export.answers import export_answers

        text = export_answers(self._chat.turns, "markdown")
        try:
            path.write_text(text, encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise QuestionError(f"{name!r} cannot be written: {reason}; give another") from error
        self._saved.add(path)
        turns = output.format_count(len(self._chat.turns), "answer")
        output.say(f"{turns} written to {name}", style="dim")

    @contextmanager
    def _catch_interrupts(self) -> Iterator[None]:
        """Lets Ctrl-C stop what goes on here and nothing else."""

        def interrupt(_signum: int, _frame: object) -> NoReturn:
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def _read_to_end(events: Generator[Event, None, None]) -> Answer:
    from assistant.events import Done, Noticed

    for event in events:
        if isinstance(event, Noticed):
            output.warn(event.message)
        elif isinstance(event, Done):
            return event.answer
    raise AssertionError("unreachable: a stream ends with Done")
