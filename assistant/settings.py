"""Settings: flag > ASSISTANT_* variable > assistant.toml > the user's own file > default.

Read once, passed down. What is ``GUARDED`` is taken from a folder's assistant.toml only where the
user trusts that file.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_serializer,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from assistant.errors import SettingsError
from assistant.files.chosen_library import NAME_PATTERN, read_chosen
from assistant.files.folders import find_home, find_settings_folder
from assistant.files.toml import parse_toml, read_content
from assistant.servers.keys import merge_layers
from assistant.servers.providers import NAMES, mask_passwords, split_name
from assistant.trust import is_trusted, locate, read_trusted

PREFIX = "ASSISTANT_"
CONFIG_FILE = "assistant.toml"
Email = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
]
LibraryName = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
GUARDED = "guarded"
"""Marks a setting that says where something goes or comes from (an address, a provider, a folder, a
key) or what may be spent or deleted. A folder that came from somewhere else may not decide that."""

URLS = ("chroma_url", "embedding_base_url", "llm_base_url")
"""The settings that are URLs, and may hold a password."""


class Settings(BaseSettings):
    """Everything that can be set; every field has a flag, a variable and a TOML key."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True
    )

    home: Annotated[Path, GUARDED] = Field(
        default_factory=find_home,
        description="folder that holds the libraries and the embedding cache",
    )
    library: LibraryName = Field("default", description="which of your libraries to use")
    chroma_url: Annotated[str | None, GUARDED] = Field(
        None, description="a Chroma server to keep the library on, such as http://localhost:8000"
    )
    embedding: Annotated[str, GUARDED] = Field(
        "minilm", description="embedder: minilm (offline) or openai:MODEL"
    )
    embedding_base_url: Annotated[str | None, GUARDED] = Field(
        None, description="base URL of an OpenAI-compatible embedding server"
    )
    embedding_api_key: Annotated[SecretStr | None, GUARDED] = Field(
        None, description="key of the embedding server"
    )
    llm: Annotated[str, GUARDED] = Field(
        "auto",
        description=f"who writes answers: none (quotations), {NAMES}; auto: OpenAI where "
        "OPENAI_API_KEY is set, else none",
    )
    llm_base_url: Annotated[str | None, GUARDED] = Field(
        None,
        description="base URL of an OpenAI-compatible LLM server, mostly ending in /v1, in place "
        "of the provider's own",
    )
    llm_api_key: Annotated[SecretStr | None, GUARDED] = Field(
        None,
        description="key of the LLM server; where neither this nor a base URL is set, the "
        "provider's own variable, such as OPENAI_API_KEY",
    )
    llm_timeout: float = Field(
        120.0, ge=1.0, le=3600.0, description="seconds that an LLM may take for one reply"
    )
    llm_context: int | None = Field(
        None, ge=512, description="tokens of the LLM's context window; unset: asked or assumed"
    )
    llm_papers: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="papers that an LLM is shown, at most; unset: as many as 6,000 tokens hold",
    )
    second_look: Literal["on", "off"] = Field(
        "on",
        description="whether an LLM that finds no whole answer looks once for other words and "
        "reads on: on or off",
    )
    unsupported: Literal["flag", "drop", "revise"] = Field(
        "revise",
        description="what becomes of sentences that fail the check: flag (marked), drop, or "
        "revise (rewritten once, then dropped)",
    )
    prompts: Annotated[Path | None, GUARDED] = Field(
        None, description="folder of prompts of your own, each in place of ours for its task"
    )
    judge: Annotated[str, GUARDED] = Field(
        "auto",
        description="an LLM that also judges each sentence, and reads each paper of a list, named "
        "as the one that writes; auto: that one, for lists only; none: words decide",
    )
    survey_papers: int = Field(
        500, ge=1, le=100_000, description="papers that an LLM reads for a list, the closest"
    )
    survey_tokens: Annotated[int, GUARDED] = Field(
        200_000,
        ge=10_000,
        description="tokens that an LLM may take to read the papers of a list without leave",
    )
    top_k: int = Field(10, ge=1, le=1000, description="papers that quotations are taken from")
    max_sentences: int = Field(4, ge=1, le=20, description="sentences in an answer, at most")
    abstain_below: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="without an LLM, decline where answerability is below this; unset: the "
        "calibrated default",
    )
    contact_email: Annotated[Email | None, GUARDED] = Field(
        None,
        description="your e-mail address, told to the services that `assistant ingest` asks for "
        "papers, which serve those better who say who they are",
    )
    threads: int | None = Field(
        None,
        ge=1,
        description="CPU threads for embedding and a local LLM; unset: all cores",
    )

    concurrency: int = Field(
        4, ge=1, le=16, description="questions that the page answers by quotations at once"
    )
    llm_concurrency: int = Field(
        4, ge=1, le=16, description="questions that an LLM answers at once on the page"
    )
    queue: int = Field(
        200, ge=1, le=10_000, description="questions that may wait on the page for their turn"
    )
    session_life: int = Field(
        60, ge=1, le=10_080, description="minutes that the page remembers a visit after its end"
    )
    connections: int = Field(
        512, ge=8, le=65_536, description="connections to the page from one address, at most"
    )
    kept_mb: Annotated[int, GUARDED] = Field(
        4_000,
        ge=10,
        description="MB that chats, ratings, uploads, judgements and the embedding cache may take, "
        "each; the page and `assistant clean` delete what is oldest",
    )
    kept_days: Annotated[int | None, GUARDED] = Field(
        None, ge=1, description="days after which these are deleted; unset: never for their age"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _check_characters(cls, value: object) -> object:
        try:
            str(value).encode()
        except UnicodeEncodeError:
            raise ValueError("use UTF-8 text, not other bytes or half a character") from None
        return value

    @field_validator("home", "prompts")
    @classmethod
    def _make_absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @field_validator("llm", "judge")
    @classmethod
    def _check_llm(cls, value: str) -> str:
        if value in ("auto", "none") or split_name(value):
            return value
        raise ValueError(f"use auto, none, {NAMES}")

    @field_validator("embedding")
    @classmethod
    def _check_embedding(cls, value: str) -> str:
        provider, _, model = value.partition(":")
        if value == "minilm" or (provider == "openai" and model):
            return value
        raise ValueError("use minilm or openai:MODEL")

    @field_validator(*URLS)
    @classmethod
    def _check_http(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("use a URL that begins with http:// or https://")
        if value is not None and not _has_one_host(value):
            raise ValueError(
                "use a URL such as http://localhost:8000, with %2F, %3F, %23 and %40 for /, ?, # "
                "and @ in a password"
            )
        return value

    @field_serializer(*URLS, when_used="json")
    def _mask(self, value: str | None) -> str | None:
        return None if value is None else mask_passwords(value)

    @override
    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            yield name, mask_passwords(value) if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Returns the one source that joins the layers."""
        layers = (init_settings(), env_settings(), _read_config(), read_file(find_user_file()))
        values = merge_layers(layers)
        if not any("library" in layer for layer in layers[:-1]):
            values |= read_chosen(values.get("home"))
        return (InitSettingsSource(settings_cls, init_kwargs=values),)


def load_settings(**flags: Any) -> Settings:
    """Returns the settings in force; a flag given as None does not count as given.

    Raises:
        SettingsError: a key or variable is unknown, or a value cannot be used.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    _refuse_unknown_variables(os.environ)
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_describe_first_fault(error, given)) from error


def describe_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """Returns (variable, value in force, meaning) for each setting; secrets are masked."""
    return [
        (PREFIX + name.upper(), _format_value(getattr(settings, name)), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def find_user_file() -> Path:
    """Returns where the user's own settings file is, or would be."""
    return find_settings_folder() / CONFIG_FILE


def list_files() -> list[Path]:
    """Returns the settings files that are read, strongest first."""
    found = [_find_config().absolute(), find_user_file()]
    return [path for path in dict.fromkeys(found) if path.is_file()]


def _format_value(value: object) -> str:
    return "" if value is None else mask_passwords(str(value))


def _has_one_host(url: str) -> bool:
    """Returns whether a URL's host and port are clear, and no "@" comes after them."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0 and "@" not in url.split(parts.netloc, 1)[1]
    except ValueError:
        return False


def _find_config() -> Path:
    return Path(os.environ.get(PREFIX + "CONFIG") or CONFIG_FILE)


def _read_config() -> dict[str, Any]:
    """Returns what the file of the working folder sets, or the one that ASSISTANT_CONFIG names.

    Raises:
        SettingsError: it cannot be read, sets what is no setting, or what is guarded and the file
            is neither named by the user nor trusted.
    """
    path = _find_config()
    is_named = bool(os.environ.get(PREFIX + "CONFIG"))
    content = read_content(path)
    if content is None:
        if is_named:
            raise SettingsError(
                f"{PREFIX}CONFIG names {str(path)!r}, which does not exist; "
                "correct the path or unset it"
            )
        return {}
    values = parse_settings(path, content)
    guarded = " and ".join(repr(name) for name in values if is_guarded(name))
    is_users = is_named or locate(path) == locate(find_user_file())
    if not guarded or is_users or is_trusted(path, content):
        return values
    file = str(locate(path))
    state = "it has changed since you trusted it" if file in read_trusted() else "is not trusted"
    raise SettingsError(
        f"{file}: sets {guarded}, where data or keys go or what may be spent or deleted, and "
        f"{state}; read it and, if you agree, run: assistant trust {shlex.quote(file)}"
    )


def is_guarded(name: str) -> bool:
    """Returns whether a folder's file sets what is called ``name`` only where it is trusted."""
    return GUARDED in Settings.model_fields[name].metadata


def read_file(path: Path) -> dict[str, Any]:
    """Returns what the settings file at ``path`` sets; nothing where there is none.

    Raises:
        SettingsError: it cannot be read, or sets what is no setting.
    """
    return parse_settings(path, read_content(path) or b"")


def parse_settings(path: Path, content: bytes) -> dict[str, Any]:
    """Returns what ``content`` of the settings file at ``path`` sets.

    Raises:
        SettingsError: it is no TOML, or sets what is no setting.
    """
    values = parse_toml(path, content)
    for key in values:
        if key not in Settings.model_fields:
            raise SettingsError(f"{path}: unknown setting {key!r}{_suggest_setting(key)}")
    return values


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    for variable in environment:
        key = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and key not in Settings.model_fields and key != "config":
            raise SettingsError(f"unknown setting {variable!r}{_suggest_setting(key, PREFIX)}")


def _suggest_setting(key: str, prefix: str = "") -> str:
    close = difflib.get_close_matches(key, Settings.model_fields, n=1)
    if close:
        return f"; did you mean {prefix + close[0].upper() if prefix else close[0]!r}?"
    known = ", ".join(Settings.model_fields)
    return f"; known settings: {known}"


def _describe_first_fault(error: ValidationError, flags: Mapping[str, Any]) -> str:
    fault = error.errors(include_url=False, include_context=False)[0]
    name = str(fault["loc"][0]) if fault["loc"] else "settings"
    if fault["type"] == "extra_forbidden":
        return f"unknown setting {name!r}{_suggest_setting(name)}"
    if name in flags:
        where = name
    elif PREFIX + name.upper() in os.environ:
        where = PREFIX + name.upper()
    else:
        files = (_find_config(), find_user_file())
        where = f"{next((f for f in files if name in read_file(f)), files[0])}: {name}"
    value = "the key" if "key" in name else repr(fault["input"])
    if name in URLS:  # What is not a URL yet may hold a password all the same.
        value = re.sub(r"(?s)^(['\"](?:\w+://)?).*@", r"\1***@", value)
    return f"{where}: {value} cannot be used; {_suggest_remedy(name, fault['msg'])}"


def _suggest_remedy(name: str, message: str) -> str:
    """Returns what to write instead, as a command; pydantic's own words where we have none."""
    bounds = {type(rule).__name__: rule for rule in Settings.model_fields[name].metadata}
    if name == "library":
        return "use at most 60 letters, digits, '.', '_' or '-', beginning with a letter or digit"
    if name == "contact_email":
        return "use an e-mail address such as ann@example.org"
    if "Ge" in bounds and "Le" in bounds:
        return f"use a number from {bounds['Ge'].ge} to {bounds['Le'].le}"
    if "Ge" in bounds:
        return f"use a number of at least {bounds['Ge'].ge}"
    message = message.removeprefix("Value error, ")
    return f"{message[0].lower()}{message[1:]}"
