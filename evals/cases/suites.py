"""A suite: which questions are asked of which library, and what their figures must hold.

A TOML file; two ship, ``gate.toml`` and ``sciences.toml``. Paths are read from its own folder.

    golden = ["golden.jsonl"]          # files or patterns
    library = "thesis"                 # or: papers = ["papers.bib"], read into a scratch library
    baseline = "baseline.json"         # made by `assistant eval baseline`
    trust = true                       # whether the check itself is tried, on spoilt sentences

    [floors]                           # what a figure must reach
    facts_all = 0.7
    "facts_all:rough" = 0.5            # over the cases of one kind, or of one golden file
    [ceilings]                         # what it must not pass
    attack_success = 0.0
    [regressions]
    metrics = ["facts_all", "supported"]
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from assistant_evals.cases.golden_rows import tell_fault
from assistant_evals.errors import GoldenError
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

_FOLDER = Path(__file__).parents[1]
SHIPPED = _FOLDER / "gate.toml"
SCIENCES = _FOLDER / "sciences.toml"
SHIPPED_BY_NAME = {path.stem: path for path in (SHIPPED, SCIENCES)}
"""The suites of the package by the names under which the command line knows them."""


class Regressions(BaseModel):
    """Which metrics may not fall below the baseline beyond noise, and how sure that must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: tuple[str, ...] = ()
    level: Annotated[FiniteFloat, Field(gt=0.5, lt=1.0)] = 0.95


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    golden: Annotated[tuple[str, ...], Field(min_length=1)]
    library: str | None = None
    papers: tuple[str, ...] = ()
    baseline: str | None = None
    trust: bool = True
    floors: dict[str, FiniteFloat] = {}
    ceilings: dict[str, FiniteFloat] = {}
    regressions: Regressions = Regressions()

    @model_validator(mode="after")
    def _one_library(self) -> _File:
        if self.library and self.papers:
            raise ValueError("name a library or papers, not both")
        return self


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite with its paths made whole; neither library nor papers: the settings' library."""

    name: str
    golden: tuple[Path, ...]
    library: str | None
    papers: tuple[Path, ...]
    baseline: Path | None
    floors: dict[str, float]
    ceilings: dict[str, float]
    regressions: Regressions
    trust: bool = True

    def list_metrics(self) -> tuple[str, ...]:
        """Returns the names of all metrics that it bounds or holds."""
        return (*self.floors, *self.ceilings, *self.regressions.metrics)


def locate_suite(given: Path | None) -> Path:
    """Returns the file of a suite: ``given``, or a shipped one by its name; else the first."""
    if given is None:
        return SHIPPED
    return given if given.exists() else SHIPPED_BY_NAME.get(str(given), given)


def read_suite(path: Path = SHIPPED) -> Suite:
    """Returns the suite that a TOML file describes.

    Raises:
        GoldenError: the file cannot be read or is no suite, or a pattern matches no file.
    """
    try:
        record = tomllib.loads(path.read_text(encoding="utf-8"))
        found = _File.model_validate(record)
    except OSError as error:
        raise GoldenError(
            f"suite {path} cannot be read: {error.strerror}; `assistant eval init` writes one"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GoldenError(f"suite {path.name} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise GoldenError(f"suite {path.name}: {tell_fault(error, 'suite')}") from None
    folder = path.resolve().parent
    return Suite(
        name=path.stem,
        golden=tuple(file for pattern in found.golden for file in _files(folder, pattern, path)),
        library=found.library,
        papers=tuple(file for name in found.papers for file in _files(folder, name, path)),
        baseline=folder / found.baseline if found.baseline else None,
        floors=found.floors,
        ceilings=found.ceilings,
        regressions=found.regressions,
        trust=found.trust,
    )


def _files(folder: Path, pattern: str, suite: Path) -> list[Path]:
    given = Path(pattern)
    if given.is_absolute():
        return [given]
    found = sorted(folder.glob(pattern))
    if not found:
        raise GoldenError(f"suite {suite.name}: no file matches {pattern!r} in {folder}")
    return found
