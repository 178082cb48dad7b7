"""What tells a question that asks for every paper that belongs, or for a few side by side.

By rule and in English, as ``assistant.evidence.question``.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.evidence.question import MAX_CHARACTERS, QuestionAnalysis
from assistant.evidence.topic import PLURAL_WORKS

_STUDIES = rf"(?:{PLURAL_WORKS}|trials|reviews|surveys|meta-?analyses|case reports)"
_RESEARCH = r"(?:work|research|literature|evidence|progress|advances|references)"
"""What papers are or hold: asked for on a topic, it is asked of every paper on that topic."""
WAYS = (
    r"(?:approaches|methods|techniques|ways|tricks|strategies|attempts|fixes|remedies|solutions"
    r"|options|alternatives|proposals|treatments|therapies|interventions)"
)
_KINDS = r"(?:kinds|types|forms|applications|causes|predictors|theories)"
"""What there is several of and each paper may add one to, as it may to the ways."""
_RESEARCHERS = r"(?:people|researchers|authors|others|scientists|groups)"
_ASKING = r"(?:how|which|what|whose|who|where|when|why|is|are|do|does|did|can|has|have)"

_ANY = r"(?:main|common|usual|other|different|various|known|possible|new|recent|best)"
"""What may be said of ways without narrowing them to those of one paper."""
_OF_ONE = r"(?:do|does|did|was|were|has|had|the|this|these|that|those|its|their|in|by|from|and|or)"
"""What follows the ways that one paper takes: "which methods does X use", "... were used"."""
_ONE_STUDY = re.compile(
    r"\b(?:of|in|from|by) (?:the|this|that) (?:[\w-]+ ){0,4}"
    r"(?:paper|study|trial|article|abstract|authors?)\b|\bin which\b",
    re.IGNORECASE,
)

_COUNT = re.compile(
    rf"\bhow many (?:of )?(?:(?:the|these|our|your|my|all) )?(?:[\w-]+ ){{0,3}}{_STUDIES}\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    # papers on X; papers comparing X; X papers; which papers
    rf"^\W*+(?:(?:any|all|some|the|every|recent) )*{PLURAL_WORKS}"
    r" (?:on|about|of|in|for|to|that|which|with|from|[\w-]+ing)\b"
    rf"|\bdo (?:the|our|these|any) (?:[\w-]+ )?{PLURAL_WORKS}\b"
    rf"|^\W*+(?:[\w-]+ ){{1,6}}(?:papers|studies|articles)[\s.?!]*$"
    rf"|\b(?:which|what) (?:[\w-]+ )?(?:papers|studies|articles|works)\b"
    r"|^\W*+(?:every|each|all|any) (?:paper|study|article|work) (?:on|about|that|which|[\w-]+ing)\b"
    # work on X; clinical trials of X; tell me about papers on X; kinds of X; methods people use
    rf"|^\W*+(?:tell me about |show me |give me |i |we |need |want |some |any |all |the |more )*"
    rf"(?:(?!(?:{_ASKING}|of)\b)[\w-]+ ){{0,2}}(?:{_STUDIES}|{_RESEARCH})"
    r" (?:on|about|of|in|with|for) "
    rf"|^\W*+(?:what are )?(?:(?!{_ASKING}\b)[\w-]+ ){{0,3}}{_KINDS} (?:of|for) "
    rf"|^\W*+(?:(?!{_ASKING}\b)[\w-]+ ){{0,3}}{WAYS} {_RESEARCHERS} "
    # ways to X; X methods for Y; which methods are there for X; X, any fixes
    rf"|^\W*+(?:(?!{_ASKING}\b)[\w-]+ ){{0,4}}{WAYS}"
    r"(?:\W*$|, | (?:to|for|of|in|that|with|against)\b)"
    rf"|^\W*+(?:which|what)(?: are)?(?: the)? (?:[\w-]+ ){{0,3}}{WAYS}"
    r" (?:to|for|are there|there are|exist)\b"
    rf"|^\W*+(?:which|what)(?: are)?(?: (?:the|some))? (?:{_ANY} )?{WAYS}"
    rf" (?!{_OF_ONE}\b)(?!.*\b(?:do|does|did)\b)[\w-]"
    rf"|\bany (?:[\w-]+ )?{WAYS}\b"
    # X models for Y; which models are made for Y; where is X used
    rf"|^\W*+(?:(?!(?:{_ASKING}|of|on|in|the)\b)[\w-]+ ){{0,3}}(?!{_ASKING}\b)[\w-]+[^\Wsu]s"
    rf" (?:for|without|against) (?!{_ASKING}\b)[^,;:]+$"
    r"|^\W*+(?:which|what) (?:[\w-]+ ){0,3}[\w-]+s are (?:there|made|built|designed|meant)\b"
    r"|^\W*+where (?:is|are) (?!(?:the|this|that|its)\b)[^,]+ (?:used|applied|studied)\W*$"
    # what has been tried; how do people X; who works on X
    r"|^\W*+what (?:has|have|is) (?:already )?(?:been )?"
    r"(?:done|known|tried|written|published|said)\b"
    rf"|^\W*+(?:how|what) (?:do|have|did|can) (?:other )?{_RESEARCHERS}\b"
    r"|^\W*+who (?:else )?(?:has |have )?(?:ever )?(?:tr(?:y|ies|ied)|work(?:s|ed)? (?:on|with)"
    r"|stud(?:y|ies|ied)|look(?:s|ed)? (?:at|into)|us(?:es|ed)|appl(?:ies|ied)|question(?:s|ed)"
    r"|argu(?:es|ed)|compar(?:es|ed)|measur(?:es|ed)|examin(?:es|ed)|investigat(?:es|ed)"
    r"|test(?:s|ed)|criticiz(?:es|ed)|support(?:s|ed))\b"
    r"|^\W*+(?:which|what) (?!(?:two|three|four|five)\b)(?:[\w-]+ ){0,4}?[\w-]+s\b.*"
    r"\b(?:of|for|in|by) each\W*$",
    re.IGNORECASE,
)
_TOPIC_OF_MANY = re.compile(
    r"\b(?:known|know|done|published|written|tried|have) (?:so far |here )?(?:about|on|of)\b"
    r"|\b(?:any|every)thing\b|\b(?:overview|survey|research|literature) (?:about|of|on)\b"
    rf"|\b(?:there|find|need|want|looking for|any) (?:any )?(?:work|{PLURAL_WORKS})\b",
    re.IGNORECASE,
)
"""Of the questions that only name a topic, those that ask for all that is there on it; the others
ask what the thing is, or are a few keywords."""
_FEW = re.compile(
    rf"\b(?:two|three|four|five) (?:[\w-]+ ){{0,3}}{PLURAL_WORKS}\b"
    r"|^\W*+(?:both|compare|contrast)\b"
    r"|\b(?:versus|vs|against each other)\b",
    re.IGNORECASE,
)
_VERB = re.compile(r"\bworks (?:best|better|well|worse|worst)\b", re.IGNORECASE)
_NAMED_WORKS = re.compile(rf"\b(?:which|what|any|all|how many) {PLURAL_WORKS}\b", re.IGNORECASE)
_ASKS_FOR_PAPERS = re.compile(
    r"^\W*+(?:(?:in|for|by|from) )?"
    rf"(?:which|who|whose|list|find|show|name|any|all|{PLURAL_WORKS})\b"
    rf"|^\W*+what (?!(?:do|does|did|is|are|was|were|has|have)\b)(?:[\w-]+ ){{0,3}}{PLURAL_WORKS}\b",
    re.IGNORECASE,
)
_BY_YEAR = re.compile(
    r"\b(?:chronological\w*|(?:sorted|ordered|in order|listed|arranged)"
    r" (?:of|by) (?:\w+ )?(?:years?|dates?)|(?:oldest|earliest) (?:ones? )?first)\b",
    re.IGNORECASE,
)
_NEWEST_FIRST = re.compile(
    r"\b(?:newest|latest|most recent) (?:ones? )?first\b|\breverse chronological", re.IGNORECASE
)
_TABLE = re.compile(
    rf"^\W*+tabulate\b|\btable (?:of|with|listing) (?:[\w-]+ ){{0,4}}{_STUDIES}\b", re.IGNORECASE
)

ListOrder = Literal["match", "oldest", "newest"]
"""How the papers of a list are sorted: the closest first, or by their years."""


def find_order(text: str) -> ListOrder:
    """Returns how a question wants its papers sorted."""
    if _NEWEST_FIRST.search(text):
        return "newest"
    return "oldest" if _BY_YEAR.search(text) else "match"


def is_survey(question: QuestionAnalysis) -> bool:
    """Returns whether ``question`` asks for the papers, or their number, that meet a criterion.

    Not a comparison of named systems or of a stated few papers, nor a detail of one paper.
    """
    text = _begin(question)
    if any(sign.search(text) for sign in (_COUNT, _NAMED_WORKS, _TABLE)):
        return True
    if any(sign.search(text) for sign in (_FEW, _VERB, _ONE_STUDY)):
        return False
    if question.broad and _TOPIC_OF_MANY.search(text):
        return True
    return "list" in question.asks or _LISTED.search(text) is not None


def asks_for_number(question: QuestionAnalysis) -> bool:
    """Returns whether the number of papers is asked for."""
    return _COUNT.search(_begin(question)) is not None


def asks_for_papers(question: QuestionAnalysis) -> bool:
    """Returns whether a survey asks for the papers or their number, not for what they find."""
    signs = _COUNT.search, _TABLE.search, _ASKS_FOR_PAPERS.match
    return any(found(_begin(question)) for found in signs)


def is_comparison(question: QuestionAnalysis) -> bool:
    """Returns whether ``question`` sets a stated few papers beside one another."""
    return question.several and not is_survey(question)


def _begin(question: QuestionAnalysis) -> str:
    """Returns as much of a question as the analysis looks at."""
    return question.text[:MAX_CHARACTERS]
