"""Papers that mention a word: an exact search through every title and abstract.

What is counted is the word, whatever its case, hyphens, plural or Greek letters; that a paper
deals with what it mentions is not claimed. English questions, by rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answer.survey.selection import IncludedPaper
from assistant.evidence.injection import flag_instructions
from assistant.evidence.question import MAX_CHARACTERS, find_names
from assistant.evidence.topic import PLURAL_WORKS
from assistant.text.terms import fold_spelling
from assistant.types import Paper, SentenceSpan

MAX_WORDS = 4
"""A longer phrase is a matter to be about rather than a word to be mentioned."""

_WORK = rf"(?:{PLURAL_WORKS}|paper|study|article|abstract|publication|any(?:one|body|thing))"
_WORD_OF = r"(?:the (?:word|words|term|phrase|name|abbreviation|acronym) )?"
_MENTIONS = (
    re.compile(
        rf"\b{_WORK}\b.*?\b(?:mention(?:s|ed|ing)?|with the (?:word|term|phrase)"
        rf"|contain(?:s|ing)? the (?:word|term|phrase))\s+{_WORD_OF}(?P<words>.+)",
        re.IGNORECASE,
    ),
    re.compile(rf"^\W*(?:all |any |the )*mentions? of {_WORD_OF}(?P<words>.+)", re.IGNORECASE),
    re.compile(
        rf"^\W*(?:where |how often )?(?:is|are)\s+{_WORD_OF}(?P<words>.+?) mentioned\b",
        re.IGNORECASE,
    ),
    re.compile(rf"^\W*who (?:ever )?mentions? {_WORD_OF}(?P<words>.+)", re.IGNORECASE),
)
_USES = re.compile(
    rf"\b{_WORK}\b.*?\b(?:(?:evaluat|test|experiment|benchmark|train|report)\w*(?: \w+){{0,3}}?"
    r" (?:on|with)|us(?:e|es|ing))\s+(?P<words>.+)",
    re.IGNORECASE,
)
_END = re.compile(
    r"\s*(?:[?!;:]|\.(?=\s|$)|,\s*(?:and|but)?\s*(?=(?:how|what|which|who|where|when|why)\b)"
    r"|\b(?:as an?|in (?:the|their|its|this|any|title|abstract)\w*|anywhere|at all|here|by name"
    r"|and (?=(?:how|what|which|who|where|when|why)\b))).*$",
    re.IGNORECASE | re.DOTALL,
)
_DETAIL = re.compile(
    r"\b(?:and|by|with|to|in) (?:how|what|which|who|where|when|why)\b", re.IGNORECASE
)
_OR = re.compile(r"\s*,?\s+or\s+|\s*,\s*(?!\d)", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?|any|both|either)\s+", re.IGNORECASE)
_QUOTES = "\"'\u201c\u201d\u2018\u2019"
_NAME_KINDS = re.compile(r"\s+(?:benchmark|dataset|data set|corpus|model|method)s?$", re.IGNORECASE)

_WORD = re.compile(r"[^\W\d_]+|\d+")
_HYPHEN = "[-\u2010-\u2015\u2212]"
_JOINT = rf"(?:{_HYPHEN}|\s|_|/){{0,2}}"


@dataclass(frozen=True, slots=True)
class Mention:
    """What is to be mentioned: one of ``alternatives``, each a set of phrases that all occur.

    ``says_more`` is set where the question says what a paper does with it, as "evaluates on".
    """

    alternatives: tuple[tuple[str, ...], ...]
    says_more: bool = False

    @property
    def name(self) -> str:
        """The phrases as they are shown: '“BERT” and “GPT”'."""
        return " or ".join(
            " and ".join(f"\u201c{phrase}\u201d" for phrase in phrases)
            for phrases in self.alternatives
        )


def find_mention(question: str) -> Mention | None:
    """Returns what the papers asked for must mention; None where a mention is not asked for.

    What papers use or are evaluated on counts where it has a name: a name is found by its letters,
    anything else is said in many ways.
    """
    text = " ".join(question[:MAX_CHARACTERS].split())
    for pattern in _MENTIONS:
        if found := pattern.search(text):
            return _read_mention(found["words"], says_more=False)
    found = _USES.search(text)
    # What is asked besides is no matter of a mention.
    if found is None or _DETAIL.search(found["words"]):
        return None
    mention = _read_mention(found["words"], says_more=True)
    if mention and all(map(is_name, (p for phrases in mention.alternatives for p in phrases))):
        return mention
    return None


def list_mentions(
    mention: Mention, papers: Iterable[tuple[Paper, Sequence[SentenceSpan]]]
) -> tuple[IncludedPaper, ...]:
    """Returns every one of ``papers`` that has the mention, each with the sentences that have it.

    Where only the title has it, the first sentence stands for the abstract. Sentences that are
    instructions to their reader are not quoted; a paper of nothing else is left out.
    """
    patterns = [[compile_phrase(phrase) for phrase in group] for group in mention.alternatives]
    found = []
    for paper, spans in papers:
        text = fold_spelling(f"{paper.title}\n{paper.abstract}")
        met = next((g for g in patterns if all(p.search(text) for p in g)), None)
        places = [(span.start, span.end) for span in spans]
        if met is None or not places:
            continue
        flags = flag_instructions(paper.abstract, places)
        allowed = [span for span, flagged in zip(spans, flags, strict=True) if not flagged]
        quoted = dict.fromkeys(filter(None, (_find_sentence(p, paper, allowed) for p in met)))
        if allowed:
            found.append(IncludedPaper(paper, tuple(quoted) or (allowed[0],), 1.0))
    return tuple(found)


def format_mentions(mention: Mention, n: int, n_searched: int, n_shown: int | None = None) -> str:
    """Returns the line above the papers: how many mention it, of how many searched.

    ``n_shown`` is given where fewer are shown than were found.
    """
    of = f"of the {n_searched:,} papers" if n_searched != 1 else "of the 1 paper"
    if not n:
        return f"No title or abstract {of} mentions {mention.name}."
    verb = "mentions" if n == 1 else "mention"
    more = "; whether more is said of it, its sentence shows" if mention.says_more else ""
    shown = f"; the first {n_shown:,} are shown" if n_shown is not None and n_shown < n else ""
    return f"{n:,} {of} {verb} {mention.name} in title or abstract{more}{shown}:"


def compile_phrase(phrase: str) -> re.Pattern[str]:
    """Returns a pattern that finds ``phrase`` in a text whose spelling is folded.

    Words may be joined, hyphenated or apart, and the last one singular or plural.
    """
    words = _WORD.findall(fold_spelling(phrase))
    *first, last = [f"{_HYPHEN}?".join(map(re.escape, word)) for word in words[:-1]] + [
        _vary_number(words[-1])
    ]
    return re.compile(rf"(?<![^\W_]){_JOINT.join([*first, last])}(?![^\W_]|[.,]\d)")


def _vary_number(word: str) -> str:
    """Returns a pattern of the singular and the plural of ``word``."""
    hyphen = f"{_HYPHEN}?"
    if found := re.fullmatch(r"(\w{2,})(?:ies|(?<![aeo])y)", word):
        return hyphen.join(map(re.escape, found[1])) + "(?:y|ies)"
    plural = len(word) > 3 and word.endswith("s") and word[-2] not in "sui"
    return hyphen.join(map(re.escape, word[:-1] if plural else word)) + "(?:['\u2019]?s|es)?"


def _read_mention(words: str, *, says_more: bool) -> Mention | None:
    words = _END.sub("", words)
    groups = []
    for part in filter(None, _OR.split(words)):
        pieces = _AND.split(part)
        # "search and rescue" is one phrase, "BEIR and MTEB" are two.
        if not all(map(is_name, pieces)):
            pieces = [part]
        phrases = tuple(filter(None, map(_strip_phrase, pieces)))
        if not phrases or any(len(phrase.split()) > MAX_WORDS for phrase in phrases):
            return None
        groups.append(phrases)
    return Mention(tuple(groups), says_more) if groups else None


def _strip_phrase(phrase: str) -> str:
    stripped = _ARTICLE.sub("", phrase.strip(f" .,{_QUOTES}")).strip(_QUOTES)
    without_kind = _NAME_KINDS.sub("", stripped)
    stripped = without_kind if is_name(without_kind) else stripped
    return stripped if _WORD.search(stripped) else ""


def is_name(phrase: str) -> bool:
    """Returns whether each word of ``phrase`` is a name or a number."""
    words = phrase.strip(f" .,{_QUOTES}").split()
    return bool(words) and all(find_names(f"x {w}") or w.isdigit() for w in words)


def _find_sentence(
    pattern: re.Pattern[str], paper: Paper, spans: Sequence[SentenceSpan]
) -> SentenceSpan | None:
    texts = (fold_spelling(paper.abstract[span.start : span.end]) for span in spans)
    return next((s for s, text in zip(spans, texts, strict=True) if pattern.search(text)), None)
