"""The command and the page's child leave a file that takes too much, and take the others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.ingest import reading_limits

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        reading_limits._read_data_bytes() is None, reason="the system does not say what is used"
    ),
]

SMALL = "from assistant.ingest import reading_limits; reading_limits.MAX_BYTES = 16 * 2**20; "
COMMAND = SMALL + "from assistant.cli.app import main; main()"
CHILD = SMALL + "from assistant_ui.library.ingestion_child import main; raise SystemExit(main())"
REASON = (
    "was not read to its end: the next record takes more than 16 MB of memory; take that record out"
)


def write_papers(folder: Path) -> tuple[Path, Path]:
    """Returns a file whose second record is large, and a good one."""
    folder.mkdir()
    good = '{"id": "%s", "title": "On %s", "abstract": "It is %s. It cools."}\n'
    bomb = '{"title": "T", "abstract": "A", "x": [' + "[],[]," * 500_000 + "[]]}\n"
    (folder / "a.jsonl").write_text(good % ("tea", "tea", "tea") + bomb)
    (folder / "b.jsonl").write_text(good % ("milk", "milk", "milk"))
    return folder / "a.jsonl", folder / "b.jsonl"


def test_the_command_leaves_the_file_and_takes_the_others(tmp_path: Path, home: Path) -> None:
    bomb, good = write_papers(tmp_path / "papers")
    with Assistant.open(create=True) as assistant:
        rest = '{"id": "wine", "title": "On wine", "abstract": "It is wine. It is red."}\n'
        whole = bomb.read_text()
        bomb.write_text(rest)
        assistant.ingest(str(bomb))
        bomb.write_text(whole)
    ran = subprocess.run(
        [sys.executable, "-c", COMMAND, "ingest", str(bomb), str(good), "--sync"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (
        0,
        "2 added, 0 updated, 0 unchanged, 0 removed, 1 skipped\n",
    )
    assert ran.stderr == f"assistant: skipped {bomb}: {REASON}\n"
    with Assistant.open() as assistant:
        # What stood in the file before may be in the part that was not read.
        assert sorted(assistant.paper_ids()) == ["milk", "tea", "wine"]


def test_the_pages_child_leaves_the_file_and_takes_the_others(tmp_path: Path, home: Path) -> None:
    files = [{"name": path.name, "path": str(path)} for path in write_papers(tmp_path / "papers")]
    request = {"task": "ingest", "files": files, "settings": {"home": str(home), "llm": "none"}}
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(request).encode() + b"\n")
        child.stdin.flush()
        *_, last = map(json.loads, child.stdout)
    report = last["report"]
    assert report["added"] == ["tea", "milk"]
    assert report["skipped"] == [
        {
            "file": "a.jsonl",
            "line": None,
            "reason": REASON,
            "n_records": None,
            "lacks_abstract": False,
        }
    ]
