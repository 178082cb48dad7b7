"""Words that point back, replaced by what they point to."""

from __future__ import annotations

import re

from assistant.conversation.anaphora import anaphors
from assistant.conversation.completion import lowered
from assistant.conversation.subjects import Subject, Talk, with_context
from assistant.conversation.turns import Condensed

_QUANTIFIER = re.compile(
    r"(?:neither|either|each|any|which|one|all|none|some) of|both", re.IGNORECASE
)
_PLURAL = frozenset({"they", "them", "their"})
_NOUN_AFTER = re.compile(r"^\s+(?P<noun>[^\W\d_][\w-]*)")
_NOT_NOUNS = frozenset(
    "is are was were be do does did has have had can could will would should may might of in on for "
    "with by from to at as than like and or but not also too really still more less better worse "
    "faster slower true so why how when because mean means meant help helps save saves work works "
    "compare require need use give take make beat improve reduce cost change reach achieve scale apply "
    "hold include support differ happen come run done possible enough different similar the a an "
    "using measured trained tested evaluated supposed compared based tied limited only just again "
    "bring brings add adds do gain gains lead show shows".split()
)


def resolved(text: str, talk: Talk, subject: Subject) -> Condensed:
    """Returns the question with ``subject`` in place of the words that point to it.

    Where nothing can be replaced, or the subject is known by a title only, it is named in front.
    """
    pointing = anaphors(text)
    chosen = next((s for m in pointing if m["ordinal"] and (s := talk.referent(m))), subject)
    ids = list(chosen.paper_ids)
    asked, replaced = text, False
    pronouns = [m.group().lower() in _PLURAL for m in pointing if m["pronoun"] or m["possessive"]]
    for match in reversed(pointing):
        start, end = match.span()
        if match["pair"] and talk.pair:
            new = _pair_words(match.group(), talk.pair)
            ids = [*talk.pair[0].paper_ids, *talk.pair[1].paper_ids]
        elif match["demonstrative"]:
            start = match.start("that")
            after = _NOUN_AFTER.match(text[end:])
            if chosen.is_title or (after and after["noun"].lower() not in _NOT_NOUNS):
                continue
            new = chosen.shown
        elif match["ordinal"] or match["that_one"]:
            new = "it" if chosen.is_title else chosen.shown
        elif chosen.is_title or match["place"]:
            continue
        elif (match.group().lower() in _PLURAL) != pronouns[0]:
            # "it" and "them" are two things; the first is what is spoken of.
            continue
        else:
            new = f"{chosen.shown}'s" if match["possessive"] else chosen.shown
        asked = asked[:start] + new + asked[end:]
        replaced = replaced or not chosen.is_title
    both = any(match["pair"] for match in pointing) and talk.pair is not None
    question = asked if both else _named(asked, chosen, replaced)
    return Condensed(question, True, tuple(dict.fromkeys(ids)))


def _named(asked: str, subject: Subject, replaced: bool) -> str:
    if not replaced:
        asked = f"In {subject.shown}, {lowered(asked)}"
    return asked if subject.is_title or not subject.title else with_context(asked, subject.title)


def _pair_words(words: str, pair: tuple[Subject, Subject]) -> str:
    joined = f"{pair[0].shown} and {pair[1].shown}"
    lead = _QUANTIFIER.match(words)
    return f"{lead.group()} {joined}" if lead else joined
