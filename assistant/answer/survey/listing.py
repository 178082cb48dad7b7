"""The papers of a list or comparison by name, each with its sentences of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.evidence.injection import show_title
from assistant.surveys import ListedPaper, SurveyCount
from assistant.types import Paper, Sentence


def list_papers(
    sentences: Sequence[Sentence], papers: Sequence[Paper], groups: Mapping[str, str]
) -> tuple[ListedPaper, ...]:
    """Returns each of ``papers`` that ``sentences`` cite, in the order of their citing.

    ``groups`` are the names of their groups by id, where they have any.
    """
    places: dict[str, list[int]] = {}
    labels: dict[str, str] = {}
    for place, sentence in enumerate(sentences):
        for citation in sentence.citations:
            labels[citation.paper_id] = citation.label
            places.setdefault(citation.paper_id, []).append(place)
    by_id = {paper.paper_id: paper for paper in papers}
    return tuple(
        ListedPaper(
            label=labels[paper_id],
            paper_id=paper_id,
            title=show_title(by_id[paper_id]),
            authors=by_id[paper_id].authors,
            year=by_id[paper_id].year,
            sentences=tuple(dict.fromkeys(found)),
            group=groups.get(paper_id, ""),
            notice=by_id[paper_id].notice,
        )
        for paper_id, found in places.items()
        if paper_id in by_id
    )


def write_lines(survey: SurveyCount, sentences: Sequence[Sentence]) -> str:
    """Returns a line for each paper: its name, then its sentences and its number.

    Before each group comes a line with its name.
    """
    lines = []
    for group, papers in survey.groups:
        lines += [f"{group}:"] if group else []
        for one in papers:
            said = " ".join(sentences[place].text for place in one.sentences)
            lines.append(f"{one.name}: {said} [{one.label}]")
    return "\n".join(lines)
