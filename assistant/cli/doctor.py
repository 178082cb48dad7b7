"""``assistant doctor``: what is configured, what works, what does not, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import options, output

if TYPE_CHECKING:
    from assistant.settings import Settings


def doctor(
    models: Annotated[
        bool,
        typer.Option(
            "--models",
            help="List the models of the LLM server instead: of the one that is configured, else "
            "of those on this machine.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Check settings, folders, models and the library; exit 1 where something fails.

    Each part gets a line, and a second one with what mends it.

    [bold]Examples[/bold]
      assistant doctor
      assistant doctor --library thesis --json
      assistant doctor --models
    """
    from assistant.cli.examination import examine
    from assistant.settings import describe_settings, load_settings

    settings = load_settings(library=library, home=home)
    if models:
        _say_models(settings, as_json)
        return
    checks = list(examine(settings))
    if as_json:
        output.say_json(
            {
                "settings": {name: value for name, value, _ in describe_settings(settings)},
                "checks": [check.to_dict() for check in checks],
            }
        )
    else:
        for check in checks:
            mark = {"ok": "ok  ", "note": "note", "failed": "FAIL"}[check.status]
            output.say(f"{mark}  {check.name}: {check.finding}")
            if check.remedy:
                output.say(f"      {check.remedy}")
        output.say("\nSettings")
        for name, value, meaning in describe_settings(settings):
            output.say(f"  {name}={value}".ljust(50) + f"  {meaning}")
    if any(check.status == "failed" for check in checks):
        raise typer.Exit(1)


def _say_models(settings: Settings, as_json: bool) -> None:
    """Prints what servers list, each model by the name that ASSISTANT_LLM takes."""
    from dataclasses import asdict

    from assistant.cli.setup import say_how_to_have_one
    from assistant.llm.opening import find_address, find_configured_llm
    from assistant.llm.served_models import find_local_servers, list_models
    from assistant.servers.providers import PROVIDERS, split_name

    kind, _ = split_name(find_configured_llm(settings)) or ("", "")
    if kind in PROVIDERS:
        found = [list_models(kind, *find_address(kind, settings))]
    else:
        found = find_local_servers()
    if as_json:
        output.say_json({"servers": [asdict(server) for server in found]})
    for server in found if not as_json else ():
        output.say(f"{server.title} at {server.url}")
        for name in server.names:
            output.say(f"  {name}")
    if not found:
        if not as_json:
            say_how_to_have_one()
        raise typer.Exit(1)
