from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import DamagedLibraryError
from assistant.store.versions import MANIFEST_FILE, Versions, replace_durably


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "made")


def publish(versions: Versions) -> int:
    version = versions.begin()
    (versions.path(version) / MANIFEST_FILE).write_text("{}")
    versions.publish(version)
    return version


def test_nothing_is_current_before_the_first_publication(versions: Versions) -> None:
    assert versions.current() is None
    versions.begin()
    assert versions.current() is None
    assert versions.complete() == []


def test_the_pointer_moves_to_what_is_published(versions: Versions) -> None:
    assert [publish(versions), publish(versions)] == [1, 2]
    assert versions.current() == 2
    assert versions.complete() == [1, 2]


def test_cleaning_leaves_the_current_version_and_those_being_read(versions: Versions) -> None:
    for _ in range(3):
        publish(versions)
    versions.begin()
    hold = versions.hold(2)
    assert hold is not None
    versions.clean()
    assert versions.numbers() == [2, 3]
    hold.release()
    versions.clean()
    assert versions.numbers() == [3]
    assert versions.hold(2) is None


@pytest.mark.parametrize("pointer", ["", "two", "-1", "1 2", "\x00", "1\n1", "9" * 5000, "\u0661"])
def test_a_pointer_to_nothing_is_damage(versions: Versions, pointer: str) -> None:
    publish(versions)
    (versions.folder / "current").write_text(pointer)
    with pytest.raises(DamagedLibraryError, match="names no version"):
        versions.current()


def test_a_pointer_to_a_version_that_is_not_there_is_damage(versions: Versions) -> None:
    publish(versions)
    (versions.folder / "current").write_text("7")
    with pytest.raises(DamagedLibraryError, match="names version 7, which is not there"):
        versions.current()


def test_a_pointer_to_nothing_after_several_versions_is_damage(versions: Versions) -> None:
    for _ in range(2):
        publish(versions)
    (versions.folder / "current").write_text("0")
    with pytest.raises(DamagedLibraryError, match="names no version"):
        versions.current()


def test_a_pointer_that_is_a_folder_is_damage_and_moved_away(versions: Versions) -> None:
    version = publish(versions)
    pointer = versions.folder / "current"
    pointer.unlink()
    (pointer / "inside").mkdir(parents=True)
    with pytest.raises(DamagedLibraryError, match="is a folder"):
        versions.current()
    versions.publish(version)
    assert versions.current() == version
    assert len(list(versions.folder.glob("moved-away-*/current/inside"))) == 1


def test_a_version_that_is_replaced_while_the_pointer_is_read_is_no_damage(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(versions)
    read = Versions._read_pointer

    def read_late(self: Versions) -> int:
        number = read(self)
        if number == 1:
            publish(versions)
            versions.discard(1)
        return number

    monkeypatch.setattr(Versions, "_read_pointer", read_late)
    assert versions.current() == 1
    assert versions.current() == 2


def test_a_missing_pointer_beside_versions_is_damage(versions: Versions) -> None:
    publish(versions)
    (versions.folder / "current").unlink()
    with pytest.raises(DamagedLibraryError, match="is missing"):
        versions.current()


def test_a_replacement_leaves_nothing_else_behind(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    path = folder / "current"
    path.write_bytes(b"old")
    replace_durably(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(folder.iterdir()) == [path]


def test_a_first_version_that_was_not_published_is_not_there(versions: Versions) -> None:
    (versions.path(versions.begin()) / MANIFEST_FILE).write_text("{}")
    assert versions.current() is None
    assert not versions.is_published()
    versions.clean()
    assert versions.numbers() == []
