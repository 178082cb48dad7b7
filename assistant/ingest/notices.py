"""What publishers have declared of a paper since: retractions, concerns, corrections.

A notice itself ("Retraction: ...", PubMed's "Retraction of Publication") is a text of its own,
and none of these is said of it. The exception is "Expression of concern: TITLE", for under that
title come the paper as well as its notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.ingest.identity import normal_doi
from assistant.types import PaperNotice

NOTICES: tuple[PaperNotice, ...] = ("retracted", "concern", "corrected")
"""The gravest first: it is the one that is told."""

# Names are compared by their lower-case letters.
# Source: publication types of MEDLINE/PubMed, document types of Scopus and Web of Science; the last
# of each line is how exports say it.
_TYPES: dict[str, PaperNotice] = {
    **dict.fromkeys(("retractedpublication", "retractedarticle", "retracted"), "retracted"),
    **dict.fromkeys(("withdrawnpublication", "withdrawnarticle", "withdrawn"), "retracted"),
    **dict.fromkeys(("concern", "underanexpressionofconcern"), "concern"),
    **dict.fromkeys(("correctedandrepublishedarticle", "corrected"), "corrected"),
}
# Source: relations between records of MEDLINE/PubMed, as its tags and in its XML; Crossref's types
# of updates.
_UPDATES: dict[str, PaperNotice] = {
    **dict.fromkeys(("rin", "retractionin", "rri", "retractedandrepublishedin"), "retracted"),
    **dict.fromkeys(("retraction", "withdrawal", "removal"), "retracted"),
    **dict.fromkeys(("eci", "expressionofconcernin", "expressionofconcern"), "concern"),
    **dict.fromkeys(("ein", "erratumin", "cri", "correctedandrepublishedin"), "corrected"),
    **dict.fromkeys(("erratum", "corrigendum", "correction"), "corrected"),
    # The rest of the paper stands.
    **dict.fromkeys(("partialretraction", "partialretractionin"), "corrected"),
}

_WORK = r"(?:\s+(?:article|paper|chapter|publication|manuscript|preprint|study|letter|review))?"
_AS_PREFIX = re.compile(
    rf"\W{{0,3}}(?:(?:article\s+)?(?P<retracted>retracted|withdrawn){_WORK}"
    r"|(?P<concern>(?:editorial\s+)?expression\s+of\s+concern))\s{0,3}[:\])]",
    re.IGNORECASE,
)
_AS_SUFFIX = re.compile(
    rf"[(\[]\s*(?:(?P<retracted>retracted|withdrawn){_WORK})\s*(?:[.;,:][^()\[\]]*)?[)\]]\W*\Z",
    re.IGNORECASE,
)
_TITLE_END = 200
"""Characters at a title's end in which a suffix such as "(Retracted article. See ...)" is found."""


def find_notice(
    title: str = "", types: Iterable[str | None] = (), updates: Iterable[str | None] = ()
) -> PaperNotice | None:
    """Returns the gravest notice on a paper, None where there is none.

    Args:
        title: the paper's title, which a retracted one's publisher begins with "RETRACTED:" and
            Web of Science ends with "(Retracted article. See ...)".
        types: what a record says that the paper is: types of publication, notes, a status. Any
            other text among them says nothing. One may hold several, parted by semicolons.
        updates: by what others update it: PubMed's "RetractionIn" or MEDLINE's "RIN", Crossref's
            "retraction" in "updated-by".
    """
    title = title.strip()
    marked = _AS_PREFIX.match(title) or _AS_SUFFIX.search(title[-_TITLE_END:])
    found = {_TYPES.get(_plain(part)) for name in types if name for part in name.split(";")}
    found |= {_UPDATES.get(_plain(name)) for name in updates if name}
    if marked:
        found.add("retracted" if marked["retracted"] else "concern")
    return next((notice for notice in NOTICES if notice in found), None)


def list_updates(values: Mapping[str, Any]) -> list[str]:
    """Returns by what a JSON record says that others update it, for ``find_notice``.

    The keys of ``values`` are in lower-case letters and digits. What the record itself updates,
    "update-to", is another paper, unless it has the record's own DOI, as where a publisher puts
    the notice in the paper's place.

    Source: "updated-by" and "update-to" of Crossref's works, "is_retracted" of OpenAlex's.
    """
    own = normal_doi(str(values.get("doi")))
    updates = _list_objects(values.get("updatedby"))
    for update in _list_objects(values.get("updateto")):
        if own and normal_doi(str(update.get("DOI"))) == own:
            updates.append(update)
    found = [update["type"] for update in updates if isinstance(update.get("type"), str)]
    for name in ("isretracted", "retracted"):
        if str(values.get(name)).strip().lower() in ("true", "1", "yes"):
            found.append("retraction")
    return found


def _list_objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]", "", text[:100].lower())
