"""Uploads: which files are read, under which name, and that none is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from assistant_ui.library import uploads
from assistant_ui.library.uploads import (
    MAX_FILE_BYTES,
    MAX_FILES,
    SUFFIXES,
    keep_apart,
    own_name,
    read_refusals,
    uploads_from,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "uploads"
    made.mkdir()
    return made


def arrived(folder: Path, name: str, text: str = "x") -> dict[str, str]:
    own = folder / f"hash-{name}"
    own.mkdir()
    path = own / name
    path.write_text(text)
    return {"path": str(path), "name": name}


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".BIB", ".Xml"])
def test_every_kind_of_file_is_taken(folder: Path, suffix: str) -> None:
    taken, skipped = uploads_from([arrived(folder, f"papers{suffix}")], folder)
    assert [upload.name for upload in taken] == [f"papers{suffix}"]
    assert skipped == []


@pytest.mark.parametrize("name", ["papers.pdf", "papers", "bib", "papers.bib.exe", ".bib"])
def test_other_kinds_are_told_and_deleted(folder: Path, name: str) -> None:
    file = arrived(folder, name)
    taken, skipped = uploads_from([file], folder)
    assert taken == []
    assert [(s.file, s.line) for s in skipped] == [(name, None)]
    assert skipped[0].reason.startswith("is not one of .txt, .bib")
    assert list(folder.iterdir()) == []


def test_a_file_that_is_too_large_is_told(folder: Path) -> None:
    file = arrived(folder, "large.bib")
    with Path(file["path"]).open("r+b") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    taken, skipped = uploads_from([file], folder)
    assert taken == []
    assert "the limit is 20 MB" in skipped[0].reason
    assert not Path(file["path"]).exists()


def test_a_file_of_just_the_limit_is_taken(folder: Path) -> None:
    file = arrived(folder, "large.bib")
    with Path(file["path"]).open("r+b") as stream:
        stream.truncate(MAX_FILE_BYTES)
    assert len(uploads_from([file], folder)[0]) == 1


def test_files_beyond_the_most_are_told(folder: Path) -> None:
    files = [arrived(folder, f"{n}.bib") for n in range(MAX_FILES + 2)]
    taken, skipped = uploads_from(files, folder)
    assert len(taken) == MAX_FILES
    assert [s.file for s in skipped] == [f"{MAX_FILES}.bib", f"{MAX_FILES + 1}.bib"]


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../secret.bib", "{folder}/../secret.bib", "{folder}", "{folder}/link.bib"],
)
def test_no_other_file_of_the_server_is_read_or_deleted(folder: Path, path: str) -> None:
    secret = folder.parent / "secret.bib"
    secret.write_text("private")
    (folder / "link.bib").symlink_to(secret)
    named = path.replace("{folder}", str(folder))
    taken, skipped = uploads_from([{"path": named, "name": "a.bib"}], folder)
    assert taken == []
    assert [s.reason for s in skipped] == ["did not arrive; upload it again"]
    assert secret.read_text() == "private"


@pytest.mark.parametrize(
    "files", [None, "text", {}, [None], ["a.bib"], [5], [[]], {"path": "/etc/passwd"}]
)
def test_what_is_no_list_of_files_holds_none(folder: Path, files: object) -> None:
    assert uploads_from(files, folder) == ([], [])


@pytest.mark.parametrize("path", [None, 5, "", "\0", "a" * 5000])
def test_a_path_that_cannot_be_one_did_not_arrive(folder: Path, path: object) -> None:
    taken, skipped = uploads_from([{"path": path, "name": "a.bib"}], folder)
    assert taken == []
    assert len(skipped) == 1


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("papers.bib", "papers.bib"),
        ("my papers (2).bib", "my papers (2).bib"),
        ("Äpfel.bib", "Äpfel.bib"),
        ("/home/ann/papers.bib", "papers.bib"),
        ("C:\\Users\\ann\\papers.bib", "papers.bib"),
        ("../../papers.bib", "papers.bib"),
        ("a\x1b[31mb\u202e.bib", "a[31mb.bib"),
        ("", "a file without a name"),
        ("\n", "a file without a name"),
    ],
)
def test_a_file_keeps_its_own_name_without_folders(given: str, name: str) -> None:
    assert own_name(given) == name


def test_files_that_the_browser_refused_are_told() -> None:
    assert [(s.file, s.reason) for s in read_refusals([{"name": "a/b.pdf", "reason": "no"}])] == [
        ("b.pdf", "no")
    ]
    assert read_refusals(None) == []
    assert read_refusals(["x", None]) == []


def test_files_are_kept_apart_and_then_gone(folder: Path) -> None:
    taken, _ = uploads_from([arrived(folder, "a.bib", "one"), arrived(folder, "b.bib")], folder)
    with keep_apart(taken) as kept:
        assert [upload.name for upload in kept] == ["a.bib", "b.bib"]
        assert kept[0].path.read_text() == "one"
        assert list(folder.iterdir()) == []
        paths = [upload.path for upload in kept]
    assert not any(path.exists() or path.parent.exists() for path in paths)


def test_files_are_gone_after_a_failure_too(folder: Path) -> None:
    taken, _ = uploads_from([arrived(folder, "a.bib")], folder)
    paths = []

    def fail() -> None:
        with keep_apart(taken) as kept:
            paths.append(kept[0].path)
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()
    assert not paths[0].exists()


def test_a_file_that_another_visit_took_does_not_stop_the_others(folder: Path) -> None:
    taken, _ = uploads_from([arrived(folder, "a.bib"), arrived(folder, "b.bib")], folder)
    taken[0].path.unlink()
    with keep_apart(taken) as kept:
        assert [upload.path.exists() for upload in kept] == [False, True]


def test_deleting_leaves_folders_that_hold_more(folder: Path) -> None:
    file = Path(arrived(folder, "a.bib")["path"])
    (file.parent / "b.bib").write_text("x")
    uploads.delete(file)
    uploads.delete(file)
    assert [path.name for path in file.parent.iterdir()] == ["b.bib"]
