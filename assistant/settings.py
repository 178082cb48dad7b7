"""Settings: flag > ASSISTANT_* variable > assistant.toml > the user's own file > default.

Read once, passed down.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from assistant.errors import SettingsError
from assistant.providers import NAMES, split_name

PREFIX = "ASSISTANT_"
CONFIG_FILE = "assistant.toml"
LibraryName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
"""A folder name on every system, and with its version a valid Chroma collection name."""


class Settings(BaseSettings):
    """Everything that can be set; every field has a flag, a variable and a TOML key."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("abstract-assistant", False)),
        description="folder that holds the libraries and the embedding cache",
    )
    library: LibraryName = Field("default", description="which of your libraries to use")
    chroma_url: str | None = Field(
        None, description="a Chroma server to keep the library on, such as http://localhost:8000"
    )
    embedding: str = Field("minilm", description="embedder: minilm (offline) or openai:MODEL")
    embedding_base_url: str | None = Field(
        None, description="base URL of an OpenAI-compatible embedding server"
    )
    embedding_api_key: SecretStr | None = Field(None, description="key of the embedding server")
    llm: str = Field(
        "auto",
        description=f"who writes answers: none (quotations), {NAMES}; auto: OpenAI where "
        "OPENAI_API_KEY is set, else none",
    )
    llm_base_url: str | None = Field(
        None,
        description="base URL of an OpenAI-compatible LLM server, mostly ending in /v1, in place "
        "of the provider's own",
    )
    llm_api_key: SecretStr | None = Field(
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
    prompts: Path | None = Field(
        None, description="folder of prompts of your own, each in place of ours for its task"
    )
    judge: str = Field(
        "auto",
        description="an LLM that also judges each sentence, and reads each paper of a list, named "
        "as the one that writes; auto: that one, for lists only; none: words decide",
    )
    survey_papers: int = Field(
        500, ge=1, le=100_000, description="papers that an LLM reads for a list, the closest"
    )
    survey_tokens: int = Field(
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
    threads: int | None = Field(
        None,
        ge=1,
        description="CPU threads for embedding and a local LLM; unset: all cores",
    )

    @field_validator("home", "prompts")
    @classmethod
    def _make_absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @field_validator("llm")
    @classmethod
    def _check_llm(cls, value: str) -> str:
        if value in ("auto", "none") or split_name(value):
            return value
        raise ValueError(f"use auto, none, {NAMES}")

    @field_validator("judge")
    @classmethod
    def _check_judge(cls, value: str) -> str:
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

    @field_validator("chroma_url", "embedding_base_url", "llm_base_url")
    @classmethod
    def _check_http(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("use a URL that begins with http:// or https://")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Returns the sources, strongest first."""
        files = [
            InitSettingsSource(settings_cls, init_kwargs=read_file(path))
            for path in (_find_config(), find_user_file())
        ]
        return init_settings, env_settings, *files


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
    return Path(platformdirs.user_config_dir("abstract-assistant", False)) / CONFIG_FILE


def list_files() -> list[Path]:
    """Returns the settings files that are read, strongest first."""
    found = [_find_config().absolute(), find_user_file()]
    return [path for path in dict.fromkeys(found) if path.is_file()]


def _format_value(value: object) -> str:
    return "" if value is None else str(value)


def _find_config() -> Path:
    return Path(os.environ.get(PREFIX + "CONFIG") or CONFIG_FILE)


def read_file(path: Path) -> dict[str, Any]:
    """Returns what the settings file at ``path`` sets; nothing where there is none.

    Raises:
        SettingsError: it cannot be read, or sets what is no setting.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if path == _find_config() and PREFIX + "CONFIG" in os.environ:
            raise SettingsError(
                f"{PREFIX}CONFIG names {str(path)!r}, which does not exist; "
                "correct the path or unset it"
            ) from None
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text; save it as such") from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
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
    return f"{where}: {value} cannot be used; {_suggest_remedy(name, fault['msg'])}"


def _suggest_remedy(name: str, message: str) -> str:
    """Returns what to write instead, as a command; pydantic's own words where we have none."""
    bounds = {type(rule).__name__: rule for rule in Settings.model_fields[name].metadata}
    if name == "library":
        return "use at most 60 letters, digits, '.', '_' or '-', beginning with a letter or digit"
    if "Ge" in bounds and "Le" in bounds:
        return f"use a number from {bounds['Ge'].ge} to {bounds['Le'].le}"
    if "Ge" in bounds:
        return f"use a number of at least {bounds['Ge'].ge}"
    message = message.removeprefix("Value error, ")
    return f"{message[0].lower()}{message[1:]}"
