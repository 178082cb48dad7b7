"""What is installed: what the locks name by hashes, under licences that let it be passed on."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import REPOSITORY

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-supply.txt")
_PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")

FREE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC"),
    *("MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib"),
    # As classifiers and older packages word them.
    *("3-Clause BSD License", "Apache License, Version 2.0", "Apache Software License"),
    *("BSD License", "ISC License (ISCL)", "MIT License", "Mozilla Public License 2.0 (MPL 2.0)"),
    *("Python Software Foundation License", "Academic Free License (AFL)"),
}
"""Licences that let everyone pass the package on, in source and as a wheel."""


def read_lock(name: str) -> dict[str, tuple[Requirement, int]]:
    """Returns each package of a lock: its pin, and how many files of it are allowed."""
    text = (REPOSITORY / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    pins = [(Requirement(line.partition(" --hash")[0]), line) for line in lines]
    return {canonicalize_name(pin.name): (pin, len(_HASH.findall(line))) for pin, line in pins}


@pytest.mark.parametrize("name", LOCKS)
def test_each_package_is_pinned_by_hashes_and_by_no_index(name: str) -> None:
    for pin, n_hashes in read_lock(name).values():
        assert [s.operator for s in pin.specifier] == ["=="], pin
        assert n_hashes, pin
    assert not re.search(r"://|^\s*--(?!hash)", (REPOSITORY / name).read_text(), re.MULTILINE)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    run, dev, supply = map(read_lock, LOCKS)
    extras = _PROJECT["project"]["optional-dependencies"]
    asked = [
        (_PROJECT["project"]["dependencies"] + _PROJECT["build-system"]["requires"], run),
        (extras["dev"] + extras["local"], {**run, **dev}),
        (_PROJECT["dependency-groups"]["supply"], supply),
    ]
    for wanted, lock in asked:
        for requirement in map(Requirement, wanted):
            if requirement.name == _PROJECT["project"]["name"]:
                continue
            pin, _ = lock[canonicalize_name(requirement.name)]
            version = next(iter(pin.specifier)).version
            assert requirement.specifier.contains(version), f"run `make lock` for {requirement}"
    assert not set(run) & set(dev), "a package is in one lock alone"


def test_what_is_installed_is_what_is_locked() -> None:
    for pin, _ in {**read_lock(LOCKS[0]), **read_lock(LOCKS[1])}.values():
        if pin.marker is None or pin.marker.evaluate():
            assert pin.specifier.contains(distribution(pin.name).version), pin


def read_licences(package: Distribution) -> list[str]:
    """Returns the licences that a package's metadata name."""
    metadata = package.metadata
    classifiers = [c for c in metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    named = [c.rpartition(" :: ")[2] for c in classifiers]
    stated = (metadata.get("License") or "").strip().partition("\n")[0]
    if metadata.get("License-Expression"):
        named, stated = [], metadata["License-Expression"]
    parts = re.split(r"\b(?:AND|OR|WITH)\b|[()]", stated)
    return [n for n in named if n != "OSI Approved"] or [p.strip() for p in parts if p.strip()]


def test_every_package_of_an_installation_may_be_passed_on() -> None:
    licences: dict[str, list[str]] = {}
    for pin, _ in read_lock("requirements.txt").values():
        try:
            licences[pin.name] = read_licences(distribution(pin.name))
        except PackageNotFoundError:
            assert pin.marker is not None, f"{pin} is not installed"  # Of another system.
    assert len(licences) > 100
    assert {n: found for n, found in licences.items() if not found or not set(found) <= FREE} == {}


def test_make_installs_by_hashes_alone() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    installs = re.findall(
        r"^\t@\$\(\w+\).*\binstall\b.*|^\t@\$\(INSTALL\).*", makefile, re.MULTILINE
    )
    assert len(installs) == 6
    for line in installs:
        assert "--require-hashes" in line or "--no-deps --no-build-isolation --editable ." in line
    assert not Path(REPOSITORY / "constraints.txt").exists()
