"""Words that say which way something goes, in pairs of opposites, and words that deny."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.grounding.wording import FREE, term_of, words_of

Axis = str


@dataclass(frozen=True, slots=True)
class Direction:
    """Where a word points: +1 or -1 on one axis; ``leads`` where it stands before its object."""

    axis: Axis
    sign: Literal[1, -1]


# NAME: what points up | what points down. Words of one axis may replace one another.
_AXES = """
amount: increase increases increased increasing raise raises grow grows growth rise rises boost
  boosts enlarge elevate amplify higher high more greater upward above exceeds heighten lift lifts
  inflate waste wastes wasting maximize maximizes many escalate double doubles triple
  | decrease decreases decreased decreasing reduce reduces reduction lower lowers low less fewer
  cut cuts drop drops decline declines fall falls save saves saving savings lessen diminish
  shrink shrinks downward below halve halves curb minimize minimizes mitigate alleviate trim few
  suppress weaken ease eases relieve
quality: improve improves improved improvement enhance enhances better benefit benefits outperform
  outperforms surpass surpasses exceed beat beats superior excel excels win wins outdo outdoes
  best well strengthen strengthens advance help helps good favorable favorably upgrade refine
  enrich gain gains ahead winner outstrip
  | degrade degrades degradation worsen worsens worse hurt hurts harm harms impair impairs
  deteriorate underperform underperforms lag lags trail trails inferior lose loses loss losses
  poor poorly poorer worst hamper hampers hinder hinders bad suffer suffers damage damages
  sacrifice sacrifices compromise behind undermine underwhelming unfavorable
speed: fast faster fastest quick quicker rapid accelerate accelerates speedup quickly shorten
  | slow slower slowest decelerate slowdown slowly sluggish lengthen prolong
size: large larger big bigger largest biggest huge massive long longer longest deep deeper wide
  wider extensive abundant rich substantial substantially significant significantly considerable
  dramatically dramatic greatly strongly sharply much
  | small smaller smallest tiny short shorter shortest shallow shallower narrow narrower compact
  scarce limited slight slightly marginal marginally modest modestly negligible minimal mild
  moderate minor barely little
cost: cheap cheaper inexpensive economical affordable
  | expensive costly costlier prohibitive dear
order: before prior precede precedes preceding earlier early
  | after following follow subsequent later late afterwards
ease: easy easier easily simple simpler straightforward
  | hard harder difficult complex complicated challenging cumbersome
success: works work succeed succeeds success successful successfully able manage manages
  | fail fails failure unsuccessful unable struggle struggles
strength: strong stronger robust robustly reliable stable
  | weak weaker fragile brittle unreliable unstable sensitive
likeness: same similar identical equal equally alike equivalent match matches matched matching
  comparable consistent consistently converge
  | different dissimilar unequal distinct unlike differ differs differed inconsistent
  inconsistently diverge
extreme: most maximum max maximal upper best
  | least minimum min lower worst
always: always all every everywhere universally
  | never none seldom rarely
frequency: frequent frequently common commonly often usually typically
  | rare rarely infrequent seldom uncommon
presence: add adds added adding include includes contain contains present retain retains preserve
  preserves keep keeps maintain maintains
  | exclude excludes lack lacks absent remove removes discard discards eliminate eliminates omit
  omits drop drops abandon lose loses forget forgets destroy
permission: allow allows enable enables permit permits let lets support supports encourage
  encourages facilitate promote
  | prevent prevents prohibit forbid disable discourage discourages hinder hinders inhibit
evidence: confirm confirms prove proves validate validates corroborate
  | refute refutes contradict contradicts disprove question challenge
correctness: correct correctly accurate accurately right valid
  | incorrect incorrectly wrong wrongly inaccurate invalid erroneous
enough: enough sufficient suffice suffices sufficiently adequate
  | insufficient inadequate insufficiently
ability: possible feasible viable capable
  | impossible infeasible incapable
density: dense densely
  | sparse sparsely
public: public publicly open open-source
  | private proprietary closed secret withheld
learning: supervised labeled annotated
  | unsupervised unlabeled unannotated
change: static frozen fixed unchanged constant unaltered
  | dynamic dynamically trainable unfrozen variable changed altered adaptive
form: continuous
  | discrete
place: local locally
  | global globally
line: online
  | offline
order_of_work: parallel simultaneously jointly
  | sequential sequentially serial serially separately
sign: positive positively
  | negative negatively
clear: explicit explicitly clear
  | implicit implicitly unclear
straight: linear linearly
  | nonlinear quadratic quadratically exponential exponentially
direction: bidirectional
  | unidirectional
top: top upper
  | bottom
count: up
  | down
known: known well-known familiar
  | unknown unseen unfamiliar
number: single
  | multiple several
generality: general general-purpose generic universal
  | specific specialized specialised
agreement: agree agrees
  | disagree disagrees
care: underestimated underestimate underestimates
  | overestimated overestimate overestimates
domain: in-domain
  | out-of-domain
rising: ascending
  | descending
accept: accept accepts
  | reject rejects
symmetry: symmetric
  | asymmetric
causality: autoregressive causal
  | non-autoregressive
exactness: exact exactly precise precisely
  | approximate approximately rough
breadth: broad broadly wide widely
  | narrow narrowly
wealth: high-resource
  | low-resource
"""

NEGATORS = words_of(
    "not no never cannot neither nor none nothing without hardly scarcely nowhere nobody"
)
"""Words that deny what follows."""

VERB_NEGATORS = words_of("not never cannot neither nor fail fails failed failing")
"""Those that deny what is done; the others deny that something is there."""

_DOUBTLESS = """
little few limited scarce bypass sacrifice forgo alternative fail fails failed failing lack lacks
lacking avoid avoids avoiding avoided unable instead rather unlike prevent prevents dispense
dispenses obviate obviates unnecessary needless unclear impossible ignore ignores neglect neglects
seldom rarely barely devoid only overlook overlooks unexplored eliminate eliminates removes remove
removed removing lieu drop drops dropped dropping skip skips skipped skipping discard discards
free absent frozen poorly underexplored hinder hinders
"""
_DOUBTFUL = """
less merely alone solely just exclusively independent regardless fixed static identical unchanged
same unaltered preserve preserves keep keeps keeping untouched intact lossless losslessly stop
stops except exclude excludes excluding omit omits bypass bypasses match matches equal equals
retain retains maintain maintains far zero beyond sacrifice sacrificing negligible minimal any
tiny small replace replaces place
"""
# What costs, and so is better when there is less of it; what is better when there is more.
_COSTS = """
error errors cost costs latency memory time overhead perplexity loss losses complexity footprint
bias biases toxicity hallucination hallucinations gap gaps degradation forgetting consumption
compute computation flops delay risk redundancy noise repetition interference burden expense
expenses wer regret overfitting reliance dependence failure failures discrepancy mismatch conflict
conflicts parameters usage budget requirements variance entropy skipping debt disparity
"""
_GOODS = """
accuracy performance quality efficiency throughput robustness generalization generalisation score
scores speed recall precision f1 bleu rouge ndcg mrr map diversity coverage fluency coherence
reliability capability capabilities ability effectiveness stability consistency success alignment
utility expressiveness flexibility convergence results gains usability faithfulness scalability
transferability correctness versatility adaptability
"""


def direction_of(word: str) -> tuple[Direction, ...]:
    """Returns where a folded word points, once for each axis it is on; () for most words."""
    if word in _NOWHERE:
        return ()
    table, stems = _tables()
    if word in table:
        return table[word]
    term = term_of(word)
    return stems.get(term, ()) if term else ()


def denies(word: str) -> bool:
    """Returns whether a folded word is a negation."""
    return word in NEGATORS or word.endswith("n't")


def may_deny(word: str, strict: bool) -> bool:
    """Returns whether a folded word may say what a negation says, as 'avoid' or 'free'.

    With ``strict`` those that may as well say something else, as 'keep' or 'same', do not count.
    """
    if word == FREE:
        return False
    doubtless, doubtful = _near_negators()
    term = term_of(word)
    if word in doubtless or (term in doubtless and term is not None):
        return True
    return not strict and (word in doubtful or term in doubtful or word.startswith("un"))


def goodness_of(term: str) -> int:
    """Returns 1 for a term of which more is better, -1 for a cost, 0 for any other."""
    costs, goods = _sides()
    return -1 if term in costs else 1 if term in goods else 0


_NOWHERE = frozenset(["impaired", "well-being", "lead", "leading"])
"""Forms of words of direction that point nowhere."""

INFLECTED = words_of("amount quality speed success presence permission evidence")
"""Axes of verbs, whose every form counts; other words count as they are listed."""

_NOT_BY_TERM = frozenset({"cost", "loss", "work", "well", "top", "second", "short", "wide"})
"""Terms whose other forms point nowhere."""


_AXIS = re.compile(r"^(\w+):([^|:]*)\|([^|:]*)(?=^\w+:|\Z)", re.MULTILINE)


@cache
def _tables() -> tuple[dict[str, tuple[Direction, ...]], dict[str, tuple[Direction, ...]]]:
    """Returns directions by folded word, and by term for the other forms of these words."""
    by_word: dict[str, tuple[Direction, ...]] = {}
    by_term: dict[str, tuple[Direction, ...]] = {}
    for axis, up, down in _AXIS.findall(_AXES):
        for sign, words in ((1, up), (-1, down)):
            direction = Direction(axis, 1 if sign == 1 else -1)
            for word in words.split():
                key = word.replace("-", "")
                by_word[key] = (*by_word.get(key, ()), direction)
                term = term_of(key)
                if (
                    term
                    and axis in INFLECTED
                    and term not in _NOT_BY_TERM
                    and direction not in by_term.get(term, ())
                ):
                    by_term[term] = (*by_term.get(term, ()), direction)
    return by_word, by_term


@cache
def _near_negators() -> tuple[frozenset[str], frozenset[str]]:
    doubtless, doubtful = (
        frozenset(form for word in words.split() for form in (word, term_of(word)) if form)
        for words in (_DOUBTLESS, _DOUBTFUL)
    )
    return doubtless, doubtful


@cache
def _sides() -> tuple[frozenset[str], frozenset[str]]:
    costs, goods = (
        frozenset(term for word in words.split() if (term := term_of(word)))
        for words in (_COSTS, _GOODS)
    )
    return costs, goods
