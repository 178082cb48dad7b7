"""``assistant setup``: finds an LLM, tries it, and writes it into the user's settings file."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import options, output

if TYPE_CHECKING:
    from assistant.settings import Settings

_QUESTION = "How much faster does speculative decoding make T5-XXL?"
"""What the starter library answers in one sentence."""

_HOW_TO_HAVE_ONE = """\
Without an LLM, answers are quotations. To have one write them, do one of these and run
`assistant setup` again:
  Ollama      install it from ollama.com, then: ollama pull MODEL
  LM Studio   install it from lmstudio.ai, load a model and start its server
  a file      pip install 'abstract-assistant[local]'
              assistant setup --llm gguf:FILE, or gguf:hf:OWNER/REPOSITORY/FILE.gguf
  a provider  export OPENROUTER_API_KEY=...
              assistant setup --llm openrouter:MODEL; openai, anthropic and gemini likewise
  elsewhere   assistant setup --base-url http://HOST:PORT/v1"""


def setup(
    llm: Annotated[
        str | None,
        typer.Option(
            "--llm",
            help="The model to take, such as ollama:MODEL; else you choose.",
            metavar="NAME",
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url", help="Where the server is, if not at its usual address.", metavar="URL"
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            "-y",
            help="Ask nothing: take the first model found, and write it if it answers.",
            metavar=options.NO_VALUE,
        ),
    ] = False,
    home: options.HomeOption = None,
) -> None:
    """Choose the LLM that writes answers, try it, and keep the choice.

    Looks for servers on this machine (Ollama, LM Studio, llama.cpp, vLLM), asks the chosen model
    one question over the starter library, and writes its name into your own settings file. Keys
    are never written.

    [bold]Examples[/bold]
      assistant setup
      assistant setup --llm openrouter:MODEL
      assistant setup --base-url http://gpu.example.org:8000/v1 --yes
    """
    from assistant.cli.user_settings import write_settings
    from assistant.opened_library import STARTER
    from assistant.servers.providers import PROVIDERS, split_name
    from assistant.settings import Settings, find_user_file, load_settings

    settings = load_settings(home=home, llm=llm, llm_base_url=base_url)
    file = find_user_file()
    # Read anew with each choice and not copied: which key may be sent depends on the address.
    flags: dict[str, Any] = {} if home is None else {"home": home}
    url = base_url or _find_address(settings)
    chosen = llm or _choose(_find_models(Settings(**flags, llm_base_url=url)), yes)
    kept: dict[str, Any] = {"llm": chosen, "llm_base_url": url}
    _try(Settings(**flags, **kept, library=STARTER))
    if not yes and not typer.confirm(f"Write this choice to {file}?", default=True):
        raise typer.Exit
    write_settings(file, kept)
    output.say(f"Written to {file}.")
    if load_settings().llm != chosen:
        output.warn("ASSISTANT_LLM or an assistant.toml here names another LLM and goes before it")
    kind, _ = split_name(chosen) or ("", "")
    variable = PROVIDERS[kind].key_variable if kind in PROVIDERS else None
    if variable is not None and url is None:
        output.say(f"The key is not written: keep {variable} set, in your shell's start-up file.")


def say_how_to_have_one(address: str | None = None) -> None:
    """Prints that there is no LLM at ``address`` or any usual one, and how to have one."""
    from assistant.servers.providers import PROVIDERS

    usual = ", ".join(f"{p.title} ({p.url})" for p in PROVIDERS.values() if p.is_local)
    output.say(f"No LLM was found at the address of {address or usual}.")
    output.say(_HOW_TO_HAVE_ONE)


def _find_address(settings: Settings) -> str | None:
    """Returns the base URL that a variable or a file of the folder gives.

    What the user's own file says is about to be written anew.
    """
    from assistant.settings import find_user_file, read_file

    url = settings.llm_base_url
    return None if url == read_file(find_user_file()).get("llm_base_url") else url


def _find_models(settings: Settings) -> list[str]:
    """Returns the models to choose from, each by the name that ASSISTANT_LLM takes.

    Raises:
        ModelError: there is a base URL, and the server there cannot be asked.
        Exit: none is listed.
    """
    from assistant.llm.opening import find_address
    from assistant.llm.served_models import find_local_servers, list_models

    if settings.llm_base_url is not None:
        # The address is that of whichever model will be chosen, not of one named before.
        unnamed = settings.model_copy(update={"llm": "none"})
        served = [list_models("openai", *find_address("openai", unnamed))]
    else:
        served = find_local_servers()
    # An embedder is listed with the rest, and cannot write.
    names = [name for server in served for name in server.names if "embed" not in name.lower()]
    if not names:
        say_how_to_have_one(", ".join(server.url for server in served))
        raise typer.Exit(1)
    return names


def _choose(names: Sequence[str], yes: bool) -> str:
    """Returns the model that the user chooses; with ``yes`` the first."""
    from assistant.servers.providers import split_name

    if yes:
        return names[0]
    for number, name in enumerate(names, 1):
        output.say(f"{number:>3}  {name}")
    while True:
        said = str(typer.prompt("Which one? Its number, or another name", default="1")).strip()
        if said.isascii() and said.isdigit() and 1 <= int(said) <= len(names):
            return names[int(said) - 1]
        if split_name(said):
            return said
        output.warn(f"{said!r} is none of them; type a number up to {len(names)}")


def _try(settings: Settings) -> None:
    """Asks the model that the settings name, and shows what it answers and after how long.

    Raises:
        AssistantError: it does not answer.
    """
    from assistant.api import Assistant
    from assistant.errors import ModelError

    output.say(f"Asking {settings.llm} over the starter library: {_QUESTION}")
    begun = time.monotonic()
    with Assistant.open(settings) as assistant:
        answer = assistant.ask(_QUESTION)
    seconds = time.monotonic() - begun
    output.warn_all(answer.notices)
    if answer.model is None:
        raise ModelError(f"{settings.llm} did not answer, so nothing was written")
    output.say()
    output.say_answer(answer)
    output.say(f"\n{seconds:.1f} s, loading included.")
