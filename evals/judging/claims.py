"""The shipped claims about papers of the starter library: true paraphrases, and altered ones."""

from __future__ import annotations

from typing import Literal

from assistant_evals.cases.golden_rows import GOLDEN_FOLDER
from pydantic import BaseModel, ConfigDict

from assistant import Paper, locate_starter, read_papers

OWN_CLAIMS = GOLDEN_FOLDER / "own_grounding.jsonl"

Half = Literal["shaping", "held_out"]
"""Half of the papers shaped the checker's rules, the other half did not."""

Kind = Literal["paraphrase", "figure", "name", "other_paper", "negation", "direction", "overstated"]


class Claim(BaseModel):
    """A claim about a paper; ``label`` is 1 where its abstract bears the claim out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    paper_id: str
    claim: str
    label: Literal[0, 1]
    kind: Kind
    half: Half


def load_claims() -> list[Claim]:
    """Returns the shipped claims."""
    with OWN_CLAIMS.open(encoding="utf-8") as lines:
        return [Claim.model_validate_json(line) for line in lines]


def read_starter_abstracts() -> dict[str, str]:
    """Returns the abstracts of the starter library by paper id."""
    papers = (found for found in read_papers(locate_starter()) if isinstance(found, Paper))
    return {paper.paper_id: paper.abstract for paper in papers}
