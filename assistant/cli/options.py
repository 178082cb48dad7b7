"""Options that several commands share."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from assistant.errors import QuestionError
from assistant.filters import FILTERS, FilterField
from assistant.types import Filters


def _parse_folder(text: str) -> Path:
    # Path("") is the current folder, which no one means by an empty variable in a script.
    if not text:
        raise QuestionError("--home names no folder; give one or leave the option out")
    return Path(text)


LibraryOption = Annotated[
    str | None,
    typer.Option("--library", "-l", help="Which library to use.", metavar="NAME"),
]
HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Folder that holds your libraries.",
        metavar="FOLDER",
        parser=_parse_folder,
    ),
]
# A flag takes no value; without this its help would show one.
NO_VALUE = ""
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.", metavar=NO_VALUE)]
WaitOption = Annotated[
    int,
    typer.Option(
        "--wait",
        min=0,
        show_default=False,
        help="Where another process is writing to the library, wait for it this long.",
        metavar="SECONDS",
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file",
        help="JSON Lines of questions, one JSON line printed for each. - is standard input.",
        metavar="QUESTIONS.jsonl",
    ),
]
AsTypedOption = Annotated[
    bool,
    typer.Option(
        "--as-typed",
        help="Take no author, year or venue in the question as a filter.",
        metavar=NO_VALUE,
    ),
]
ReadAllOption = Annotated[
    bool,
    typer.Option(
        "--read-all",
        help="Let an LLM read all papers of a list, whatever tokens it takes.",
        metavar=NO_VALUE,
    ),
]
TopKOption = Annotated[
    int | None,
    typer.Option("-k", "--top-k", help="How many papers; else ASSISTANT_TOP_K.", metavar="K"),
]
_YEARS = re.compile(r"(?P<first>\d{4})?(?P<dots>\.\.)?(?P<last>\d{4})?")


_Command = Callable[..., Any]


def take_filters(command: _Command) -> _Command:
    """Returns ``command`` with an option for each filter in place of its parameter ``filters``.

    Typer reads options off a function's signature, so the options are written into that.
    """
    hints = get_type_hints(command, include_extras=True)
    parameters = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name == "filters":
            parameters += [_filter_option(one) for one in FILTERS]
        else:
            parameters.append(parameter.replace(annotation=hints[parameter.name]))

    @functools.wraps(command)
    def with_filters(**values: Any) -> Any:
        given = {one.name: values.pop(one.name) for one in FILTERS}
        return command(filters=make_filters(given), **values)

    del with_filters.__wrapped__
    with_filters.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_filters.__annotations__ = {p.name: p.annotation for p in parameters}
    return with_filters


def _filter_option(one: FilterField) -> inspect.Parameter:
    flag = f"--{one.name.replace('_', '-')}"
    kind: Any = {"years": str | None, "flag": bool}.get(one.kind, list[str] | None)
    repeated = "; may be repeated." if one.kind in ("names", "venues", "texts", "ids") else ""
    help = one.help + (repeated or ("" if one.kind == "years" else "."))
    option = typer.Option(flag, help=help, metavar=one.metavar)
    return inspect.Parameter(
        one.name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=False if one.kind == "flag" else None,
        annotation=Annotated[kind, option],
    )


def make_filters(given: Mapping[str, Any]) -> Filters:
    """Returns the filters that the options ask for; ``given`` are their values by name.

    Raises:
        QuestionError: the years are not a year or a range.
    """
    fields: dict[str, Any] = {}
    for one in FILTERS:
        value = given.get(one.name)
        if one.kind == "years":
            bounds = parse_years(value) if value is not None else (None, None)
            fields.update(zip(one.fields, bounds, strict=True))
        else:
            fields[one.fields[0]] = bool(value) if one.kind == "flag" else tuple(value or ())
    return Filters(**fields)


def parse_years(years: str) -> tuple[int | None, int | None]:
    """Returns the first and last year of ``2023``, ``2020..2024``, ``2020..`` or ``..2024``.

    Raises:
        QuestionError: ``years`` is none of these, or the range is empty.
    """
    match = _YEARS.fullmatch(years.strip())
    if not match or not (match["first"] or match["last"]):
        raise QuestionError(f"--year {years!r} is not a year or range; write 2023 or 2020..2024")
    if not match["dots"]:
        if match["last"]:
            raise QuestionError(f"--year {years!r} is not a year; write 2020..2024 for a range")
        return int(match["first"]), int(match["first"])
    first = int(match["first"]) if match["first"] else None
    last = int(match["last"]) if match["last"] else None
    if first is not None and last is not None and first > last:
        raise QuestionError(f"--year {years!r} is empty; write the earlier year first")
    return first, last
