"""The page changes its library in a process of its own, and goes on answering meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from assistant_ui.library.actions import LibraryActions
from assistant_ui.library.changes import LibraryChanges, settings_values
from assistant_ui.library.ingestion_child import NamedFile
from assistant_ui.library.rows import PaperTable
from assistant_ui.library.uploads import Upload
from assistant_ui.open_library import OpenLibrary
from pydantic import SecretStr

from assistant import Assistant, Settings
from assistant.errors import LibraryError, LockedError, QuestionError
from assistant.settings import load_settings
from assistant.store.opening import libraries

pytestmark = pytest.mark.slow

N_PAPERS = 200
N_OWN = 12
LONGEST_STALL_S = 0.5
"""What the page may stand still while papers are added."""

CROWDED = 3.0
"""How much longer the page may wait than a process beside it that does nothing."""

INGESTING_PAGE = Path(__file__).with_name("ingesting_page.py")


def bib(n_papers: int, first: int = 0) -> str:
    return "\n".join(
        f"@article{{key{n}, title={{Counting {n} sheep}}, author={{Lee, Ann}}, year={{2020}}, "
        f"abstract={{We count {n} sheep in field {n % 7}. "
        f"The method of sentence {n * 31} needs {n * 17} steps and a dog. "
        f"It is right in {n % 100} percent of nights, and wrong in fog of density {n * 13}. "
        f"Nobody tires before hour {n * 3}.}}}}"
        for n in range(first, first + n_papers)
    )


@dataclass
class Arrived:
    """The folder where uploads arrive, and files in it as the browser names them."""

    folder: Path
    files: list[dict[str, str]] = field(default_factory=list)

    def add(self, name: str, text: str) -> None:
        own = self.folder / f"upload{len(list(self.folder.iterdir()))}"
        own.mkdir()
        (own / name).write_text(text, encoding="utf-8")
        self.files.append({"path": str(own / name), "name": name})


@pytest.fixture
def arrived(tmp_path: Path) -> Arrived:
    folder = tmp_path / "uploads"
    folder.mkdir()
    return Arrived(folder)


@contextmanager
def open_actions() -> Iterator[LibraryActions]:
    library = OpenLibrary(load_settings(llm="none"))
    yield LibraryActions(library, PaperTable(library), LibraryChanges(library.settings))
    library.assistant.close()


@pytest.fixture
def actions(starter: Path) -> Iterator[LibraryActions]:
    """The tab's actions over the starter library."""
    with open_actions() as actions:
        yield actions


@pytest.fixture(scope="module")
def own_home(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a library of twelve papers; tests copy it and never write to it."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(starter_home, folder, dirs_exist_ok=True)
    with Assistant.open(home=folder, create=True) as assistant:
        assistant.ingest(NamedFile("papers.bib", bib(N_OWN).encode()))
    return folder


@pytest.fixture
def own_actions(own_home: Path, home: Path) -> Iterator[LibraryActions]:
    """The tab's actions over a library of twelve papers."""
    shutil.copytree(own_home, home, dirs_exist_ok=True)
    with open_actions() as actions:
        yield actions


def added(actions: LibraryActions, arrived: Arrived, **files: str) -> dict[str, Any]:
    """Returns the report of adding files, named by their format."""
    for ending, text in files.items():
        arrived.add(f"papers.{ending}", text)
    *_, last = actions.add({"files": arrived.files}, arrived.folder, "me")
    arrived.files.clear()
    return last


def upload_in(tmp_path: Path, n_papers: int = N_PAPERS) -> Upload:
    path = tmp_path / "many.bib"
    path.write_text(bib(n_papers), encoding="utf-8")
    return Upload("many.bib", path)


def until(stage: str, messages: Iterator[dict[str, Any]]) -> dict[str, Any]:
    for message in messages:
        if message.get("stage") == stage:
            return message
    raise AssertionError(f"the change ended before {stage!r}")


def digest(home: Path, library: str) -> str:
    with Assistant.open(home=home, library=library) as assistant:
        return str(assistant.stats().digest)


def test_the_first_upload_begins_a_library_beside_the_starter_one(
    actions: LibraryActions, arrived: Arrived, starter: Path
) -> None:
    before = digest(starter, "starter")
    assert actions.table.current().is_starter
    told = added(actions, arrived, bib=bib(3), ris="TY  - JOUR\nTI  - No abstract\nER  - \n")
    assert told["changed"]
    assert told["summary"] == "Added 3 papers and skipped 1."
    assert [(s["file"], s["line"]) for s in told["skipped"]] == [("papers.ris", 1)]
    assert told["lists"][0]["titles"][0] == "Counting 0 sheep"
    current = actions.table.current()
    assert (current.is_starter, len(current.rows)) == (False, 3)
    assert actions.library.assistant.n_papers == 3
    assert digest(starter, "starter") == before
    assert list(arrived.folder.iterdir()) == []


def test_papers_without_an_abstract_are_kept_where_that_is_ticked(
    own_actions: LibraryActions, arrived: Arrived
) -> None:
    arrived.add("papers.ris", "TY  - JOUR\nTI  - No abstract\nER  - \n")
    payload = {"files": arrived.files, "keep_without_abstract": True}
    *_, told = own_actions.add(payload, arrived.folder, "me")
    assert told["summary"] == "Added 1 paper."
    [paper] = [p for p in own_actions.library.assistant.papers() if not p.abstract]
    assert own_actions.paper(paper.paper_id)["abstract"] == []


def test_the_same_file_again_changes_nothing_and_a_mended_one_updates(
    own_actions: LibraryActions, arrived: Arrived
) -> None:
    version = own_actions.table.current().version
    again = added(own_actions, arrived, bib=bib(3))
    assert (again["summary"], again["changed"]) == ("Found 3 papers there already.", False)
    assert own_actions.table.current().version == version
    mended = added(own_actions, arrived, bib=bib(3).replace("and a dog", "and two dogs", 1))
    assert mended["summary"] == "Updated 1 paper and found 2 papers there already."


def test_files_without_papers_are_told_without_a_path(
    actions: LibraryActions, arrived: Arrived, tmp_path: Path
) -> None:
    told = added(actions, arrived, bib="", csv="a,b\n1,2\n", jsonl="\x00\x01\x02\x03")
    assert not told["changed"]
    assert sorted(s["file"] for s in told["skipped"]) == [
        "papers.bib",
        "papers.csv",
        "papers.jsonl",
    ]
    assert str(tmp_path) not in json.dumps(told)
    assert actions.table.current().is_starter


def test_papers_are_removed_and_what_is_gone_is_told(own_actions: LibraryActions) -> None:
    *_, told = own_actions.remove({"paper_ids": ["key1", "absent", 5]}, "me")
    assert told["summary"] == "Removed 1 paper."
    assert "key1" not in own_actions.table.current().titles
    *_, told = own_actions.remove({"paper_ids": ["key1"]}, "me")
    assert not told["is_well"]
    page = own_actions.page({"ticked": ["key0", "key1"]})
    assert (page["ticked"], page["n_papers"]) == (["key0"], N_OWN - 1)
    with pytest.raises(LibraryError, match="no longer in the library"):
        own_actions.paper("key1")
    rest = [row.paper_id for row in own_actions.table.current().rows]
    *_, told = own_actions.remove({"paper_ids": rest}, "me")
    assert told["summary"] == f"Removed {N_OWN - 1} papers."
    assert own_actions.page({})["n_papers"] == 0


def test_the_starter_library_is_never_changed(
    actions: LibraryActions, starter: Path, tmp_path: Path
) -> None:
    before = digest(starter, "starter")
    paper_id = actions.table.current().rows[0].paper_id
    *_, told = actions.remove({"paper_ids": [paper_id]}, "me")
    assert told["summary"] == "The starter library stays as it is."
    changes = LibraryChanges(load_settings(library="starter"))
    with pytest.raises(LibraryError, match="starter library stays as it is"):
        next(changes.add([upload_in(tmp_path, 1)], "me"))
    assert digest(starter, "starter") == before


def test_changes_by_another_process_are_seen(own_actions: LibraryActions, home: Path) -> None:
    before = own_actions.table.current()
    assert own_actions.table.current() is before
    with Assistant.open(home=home) as other:
        other.remove("key3")
    assert len(own_actions.table.current().rows) == N_OWN - 1


def test_what_the_table_means_is_chosen_and_exported(own_actions: LibraryActions) -> None:
    actions = own_actions
    assert actions.choose({"query": {"search": "counting 1"}}) == ["key1", "key10", "key11"]
    assert actions.choose({"paper_ids": ["key5", "key5", "absent", None]}) == ["key5"]
    with pytest.raises(QuestionError, match="none of these papers"):
        actions.choose({"paper_ids": "key5"})
    saved = actions.export({"paper_ids": ["key3", "key5"], "format": "jsonl"})
    records = [json.loads(line) for line in saved["text"].splitlines()]
    assert saved["name"] == "default.jsonl"
    assert [(r["paper_id"], r["source"]) for r in records] == [
        ("key3", "papers.bib"),
        ("key5", "papers.bib"),
    ]
    for format, sign in (("bibtex", "{key3,"), ("ris", "TY  - "), ("csl", '"id": "key3"')):
        assert sign in actions.export({"paper_ids": ["key3"], "format": format})["text"]
    with pytest.raises(QuestionError, match="'exe' is not one of bibtex"):
        actions.export({"paper_ids": ["key3"], "format": "exe"})


def test_an_export_of_the_starter_library_names_no_folder_of_the_server(
    actions: LibraryActions,
) -> None:
    saved = actions.export({"format": "jsonl"})
    assert saved["text"].count("\n") == 245
    assert '"source": "library.csl.json"' in saved["text"]


def test_a_second_change_is_refused_while_one_goes_on(home: Path, tmp_path: Path) -> None:
    changes = LibraryChanges(load_settings())
    first = changes.add([upload_in(tmp_path, 2)], "one")
    next(first)
    with pytest.raises(LockedError, match="being changed already; wait"):
        next(changes.add([upload_in(tmp_path, 2)], "two"))
    with pytest.raises(LockedError):
        next(changes.remove(["key1"], "two"))
    *_, last = first
    assert last["report"]["added"] == ["key0", "key1"]
    *_, last = changes.remove(["key1"], "two")
    assert last["report"]["removed"] == ["key1"]


def test_only_who_began_a_change_can_stop_it(
    actions: LibraryActions, arrived: Arrived, starter: Path
) -> None:
    arrived.add("many.bib", bib(N_PAPERS))
    messages = actions.add({"files": arrived.files}, arrived.folder, "one")
    until("adding", messages)
    assert not actions.changes.stop("two")
    assert actions.changes.stop("one")
    *_, last = messages
    assert last["summary"].startswith("Stopped; the library is as it was.")
    assert not last["changed"]
    assert not list(starter.glob("libraries/default/versions/*"))
    assert not actions.changes.stop("one")
    assert actions.table.current().is_starter


def test_a_visitor_who_leaves_ends_the_child_and_the_library_stays(
    own_actions: LibraryActions, arrived: Arrived
) -> None:
    version = own_actions.table.current().version
    arrived.add("many.bib", bib(N_PAPERS, first=N_OWN))
    messages = own_actions.add({"files": arrived.files}, arrived.folder, "one")
    until("adding", messages)
    assert own_actions.changes._child is not None
    pid = own_actions.changes._child.pid
    messages.close()
    assert not is_alive(pid)
    assert own_actions.table.current().version == version
    *_, told = own_actions.remove({"paper_ids": ["key1"]}, "two")
    assert told["summary"] == "Removed 1 paper."


def test_the_child_dies_with_a_page_that_is_killed(starter: Path, tmp_path: Path) -> None:
    upload = upload_in(tmp_path)
    code = (
        "from assistant_ui.library.changes import LibraryChanges\n"
        "from assistant_ui.library.uploads import Upload\n"
        "from assistant.settings import load_settings\n"
        "from pathlib import Path\n"
        "changes = LibraryChanges(load_settings())\n"
        f"for message in changes.add([Upload('many.bib', Path({str(upload.path)!r}))], 'me'):\n"
        "    print(message['stage'], changes._child and changes._child.pid, flush=True)\n"
    )
    page = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert page.stdout is not None
    stage, pid = "", ""
    while stage != "adding":
        stage, pid = page.stdout.readline().split()
    page.kill()
    page.wait()
    page.stdout.close()
    wait_until(lambda: not is_alive(int(pid)))
    assert libraries(starter) == ("starter",)


def test_the_settings_reach_the_child_whole_and_through_the_pipe_only(home: Path) -> None:
    settings = load_settings(llm="openai:x", llm_api_key=SecretStr("sesame"), top_k=7)
    values = settings_values(settings)
    assert json.loads(json.dumps(values)) == values
    assert Settings(**values) == settings.model_copy(update={"threads": 1})


def test_a_child_that_is_killed_is_told_and_leaves_nothing(
    actions: LibraryActions, arrived: Arrived, starter: Path
) -> None:
    arrived.add("many.bib", bib(N_PAPERS))
    messages = actions.add({"files": arrived.files}, arrived.folder, "one")
    until("adding", messages)
    assert actions.changes._child is not None
    actions.changes._child.kill()
    *_, last = messages
    assert last["summary"] == (
        "The process that changed the library was killed (SIGKILL), most likely because memory ran "
        "out; the library is as it was. Add fewer files at once."
    )
    assert not last["is_well"]
    assert not list(starter.glob("libraries/default/versions/*"))


def test_the_page_never_stalls_while_papers_are_added(starter: Path, tmp_path: Path) -> None:
    """Row 40 of the faults: no stall over half a second, beyond what a crowded machine causes."""
    command = [sys.executable, str(INGESTING_PAGE), str(upload_in(tmp_path).path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout)
    assert (found["summary"], found["n_papers"]) == (f"Added {N_PAPERS} papers.", N_PAPERS)
    assert found["n_responses"] > 10
    longest_s = LONGEST_STALL_S + CROWDED * found["machine_stall_s"]
    assert max(found["stall_s"], found["response_s"]) <= longest_s, found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One whose parent was killed may wait to be reaped by init.
    state = Path(f"/proc/{pid}/stat")
    return not (state.is_file() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def wait_until(holds: Callable[[], bool], within_s: float = 60.0) -> None:
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
