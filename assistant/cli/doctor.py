"""``assistant doctor``: what is configured, what works, what does not, and how to mend it."""

from __future__ import annotations

import typer

from assistant.cli import options, output


def doctor(
    as_json: options.JsonOption = False,
    library: options.LibraryOption = None,
    home: options.HomeOption = None,
) -> None:
    """Check settings, folders, models and the library; exit 1 where something fails.

    Each part gets a line, and a second one with what mends it.

    [bold]Examples[/bold]
      assistant doctor
      assistant doctor --library thesis --json
    """
    from assistant.cli.examination import examine
    from assistant.settings import describe_settings, load_settings

    settings = load_settings(library=library, home=home)
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
