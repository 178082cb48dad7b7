"""Prompts of the user's own: which counts, what it may say, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.errors import PromptError, SettingsError
from assistant.llm.custom_prompts import Prompts
from assistant.llm.prompts import load

ANSWER = "# system\nBe brief.\n# user\n$sources\n\n$question\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "prompts"
    made.mkdir()
    return made


def write(folder: Path, **files: str) -> Path:
    """Writes files by their paths, "__" for a slash, and returns the folder."""
    for name, text in files.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def test_without_a_folder_all_are_ours() -> None:
    assert Prompts().of("answer") is load("answer")
    assert Prompts().own_tasks == ()


def test_a_task_of_ones_own_leaves_the_others_ours(folder: Path) -> None:
    prompts = Prompts(write(folder, answer__v1=ANSWER))
    assert prompts.own_tasks == ("answer",)
    assert prompts.of("judge") is load("judge")
    own = prompts.of("answer")
    assert own.reference == f"custom-v1:{hashlib.sha256(ANSWER.encode()).hexdigest()}"
    system, user = own.render(sources="[A1] Bees.", question="Why?", max_sentences="4")
    assert (system.role, system.text) == ("system", "Be brief.")
    assert (user.role, user.text) == ("user", "[A1] Bees.\n\nWhy?")


def test_the_newest_version_counts(folder: Path) -> None:
    newest = ANSWER.replace("brief", "clear")
    prompts = Prompts(write(folder, answer__v9=ANSWER, answer__v10=newest))
    assert prompts.of("answer").version == "custom-v10"
    assert prompts.of("answer").parts[0][1] == "Be clear."


def test_a_plain_file(folder: Path) -> None:
    assert Prompts(write(folder, answer=ANSWER)).of("answer").version == "custom"


def test_front_matter_is_read_where_there_is_some(folder: Path) -> None:
    text = f"---\nvariables: sources, question\nreason: shorter\n---\n{ANSWER}"
    own = Prompts(write(folder, answer=text)).of("answer")
    assert own.parts == Prompts(write(folder, answer=ANSWER)).of("answer").parts


def test_files_of_windows_are_read(folder: Path) -> None:
    text = "\ufeff" + ANSWER.replace("\n", "\r\n")
    assert Prompts(write(folder, answer=text)).of("answer").parts[0] == ("system", "Be brief.")


def test_each_of_ours_would_do_as_ones_own(folder: Path) -> None:
    tasks = ("answer", "condense", "judge", "queries", "relevant", "rephrase", "revise")
    ours = {task: load(task) for task in tasks}
    for task in tasks:
        parts = "\n".join(f"# {role}\n{text}" for role, text in ours[task].parts)
        write(folder, **{f"{task}__v1": parts})
    prompts = Prompts(folder)
    assert {task: prompts.of(task).parts for task in tasks} == {
        task: prompt.parts for task, prompt in ours.items()
    }


def test_notes_beside_prompts_are_passed_over(folder: Path) -> None:
    write(folder, answer__v1=ANSWER, README="Ours.", answer__README="Ours.")
    (folder / ".git").mkdir()
    (folder / "notes.txt").write_text("Ours.")
    assert Prompts(folder).own_tasks == ("answer",)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"anser__v1": ANSWER}, "anser is for no task that there is; did you mean 'answer'?"),
        ({"zzz": ANSWER}, "tasks are answer, condense, judge, queries, relevant, rephrase, revise"),
        ({"answer__final": ANSWER}, "final.md is no version; call it v1.md"),
        ({"answer__v1": ANSWER, "answer": ANSWER}, "both exist; keep one"),
        ({"answer": ANSWER + "$sauce\n"}, "answer.md:7 uses $sauce, which this task has no value"),
        ({"answer": "# user\n$question\n"}, "does not use $sources, so the model would not be"),
        ({"condense": "# user\n$turn\n"}, "does not use $history"),
        ({"judge": "# user\n${claim} $sources $5\n"}, "judge.md:2 has a dollar sign that names"),
        ({"judge": "# user\n$claim\n# system\n$sources\n"}, "does not end in a part '# user'"),
        ({"judge": "Sources: $sources $claim\n"}, "judge.md has no part; begin one"),
        ({"judge": "Hm.\n# user\n$sources $claim\n"}, "judge.md has text before its first part"),
        ({"judge": "---\nauthor: me\n---\n# user\n"}, "front matter needs just"),
        ({"README": "Nothing."}, "holds no prompt; write one, such as"),
        ({"answer__README": "Nothing."}, "answer holds no version; write v1.md there"),
    ],
)
def test_what_cannot_be_used_is_refused(folder: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(PromptError) as caught:
        Prompts(write(folder, **files))
    assert said in str(caught.value)
    assert str(folder) in str(caught.value)
    assert isinstance(caught.value, SettingsError)


def test_bytes_that_are_no_text_are_named_with_their_line(folder: Path) -> None:
    (folder / "answer.md").write_bytes(b"# user\nna\xefve $sources $question\n")
    with pytest.raises(PromptError, match=r"answer\.md:2 is not UTF-8 text; save it as such"):
        Prompts(folder)


def test_a_folder_that_is_not_there(folder: Path) -> None:
    with pytest.raises(PromptError, match=r"ASSISTANT_PROMPTS names .* which is no folder"):
        Prompts(folder / "none")
