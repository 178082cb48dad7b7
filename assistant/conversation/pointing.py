"""Words that point back, replaced by what they point to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.conversation.anaphora import anaphors
from assistant.conversation.completion import about
from assistant.conversation.content import seeks_another
from assistant.conversation.subjects import Subject, Talk, with_context
from assistant.conversation.turns import Condensed

_QUANTIFIER = re.compile(r"(?:neither|either|each|any|which|one|all|none|some) of", re.IGNORECASE)
_PLURAL = frozenset({"they", "them", "their", "theirs"})
_NOUN_AFTER = re.compile(r"\s+(?P<noun>[^\W\d_][\w-]*)")
_NO_NOUNS = """
is are was were be do does did has have had can could will would should may might of in on for with
by from to at as than like and or but not also too really still more less better worse faster slower
true so why how when because mean means meant help helps save saves work works compare require need
use give take make beat improve reduce cost change reach achieve scale apply hold include support
differ happen come run done possible enough different similar the a an using measured trained tested
evaluated supposed compared based tied limited only just again bring brings add adds gain gains lead
show shows
"""
_NOT_NOUNS = frozenset(_NO_NOUNS.split())


def resolved(text: str, talk: Talk, subject: Subject) -> Condensed:
    """Returns the question with ``subject`` in place of the words that point to it.

    Where nothing can be replaced, or the subject is known by a title only, it is named in front.
    """
    found = anaphors(text)
    chosen = next((s for m in found if m["ordinal"] and (s := talk.referent(m))), subject)
    if talk.group and any(match["group"] for match in found):
        return _of_group(text, found, talk.group)
    asked, replaced = text, False
    plural = [_is_plural(m) for m in found if m["pronoun"] or m["possessive"]]
    for match in reversed(found):
        start, end = match.span()
        if match["ordinal"] or match["that_one"]:
            new = "it" if chosen.is_title else chosen.shown
        elif chosen.is_title or match["place"] or match["group"]:
            continue
        elif match["demonstrative"]:
            start = match.start("that")
            after = _NOUN_AFTER.match(text, end)
            if after and after["noun"].lower() not in _NOT_NOUNS:
                continue
            new = chosen.shown
        elif _is_plural(match) != plural[0]:
            # "it" and "them" are two things; the first is what is spoken of.
            continue
        else:
            new = f"{chosen.shown}'s" if match["possessive"] else chosen.shown
        asked = asked[:start] + new + asked[end:]
        replaced = replaced or not chosen.is_title
    if not replaced:
        asked = about(asked, chosen)
    # The title would find the paper that is known already.
    question = asked if seeks_another(text) else with_context(asked, chosen)
    return Condensed(question, True, chosen.paper_ids)


def _is_plural(match: re.Match[str]) -> bool:
    return match.group().lower() in _PLURAL


def _of_group(text: str, found: list[re.Match[str]], group: Sequence[Subject]) -> Condensed:
    """Returns the question with the names of several papers in place of "both" and its like."""
    for match in reversed(found):
        if match["group"]:
            lead = _QUANTIFIER.match(match.group())
            names = joined(group)
            start, end = match.span()
            text = f"{text[:start]}{f'{lead[0]} {names}' if lead else names}{text[end:]}"
    ids = tuple(paper_id for subject in group for paper_id in subject.paper_ids)
    return Condensed(text, True, ids)


def joined(group: Sequence[Subject]) -> str:
    """Returns the subjects as "A, B and C"."""
    *most, last = (subject.shown for subject in group)
    return f"{', '.join(most)} and {last}" if most else last
