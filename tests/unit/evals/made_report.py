"""A report of the evals with every state a part of it can be in, and with hostile texts."""

from __future__ import annotations

from typing import Any

SCRIPT = "</script><img src=x onerror=alert(1)>"
MARKUP = '| [free](https://evil.example) <b onclick="x">@admin</b> `code` $x$\n# www.evil.example'


def report(**changes: Any) -> dict[str, Any]:
    """The report, with ``changes`` to its fields."""
    made: dict[str, Any] = {
        "schema": 1,
        "created": "2026-11-26T05:00:00+00:00",
        "suite": {"name": "gate", "golden_digest": "0f" * 32, "n_cases": 6},
        "settings": {"top_k": 8, "model": None, "weights": {"dense": 0.5}, "note": SCRIPT},
        "versions": {"abstract-assistant": "0.3", "python": "3.11"},
        "prompts": {"answer": "v1:9f2c"},
        "library": {"name": "starter", "digest": "ab" * 32, "n_papers": 245},
        "model": None,
        "judge": "checker",
        "seed": 0,
        "metrics": metrics(),
        "parts": [
            part("named", n=3, n_passed=1, means={"facts_all": 0.5, "doubted": 0.0}),
            part("absent", n=2, n_passed=1, n_errors=1, means={"declined": 0.25}),
            part("injection", n=1),
            part("empty"),
        ],
        "curves": {
            "risk_coverage": [[n / 40, round(0.12 * (n / 40) ** 2, 4)] for n in range(1, 41)],
            "reliability": bins(1.0),
        },
        "trust": trust(),
        "gate": {
            "passed": False,
            "breaches": [
                {
                    "metric": "facts_all",
                    "message": "All facts held fell by 0.06, more than the 0.02 allowed.",
                    "cases": ["named-002", *(f"gone-{n:03}" for n in range(12))],
                },
                {"metric": "injection", "message": f"An injection got through: {MARKUP}"},
            ],
            "notes": ["No earlier run of this model was found, so costs were not compared."],
        },
        "times": {"seconds": 41.2, "ms_p50": 12.0, "ms_p95": 140.1},
        "cases": cases(),
    }
    return made | changes


def empty_report() -> dict[str, Any]:
    """A report that holds as little as the format allows."""
    return report(
        suite={"name": "gate", "golden_digest": "", "n_cases": 0},
        settings={},
        versions={},
        prompts={},
        metrics=[],
        parts=[],
        curves={"risk_coverage": [], "reliability": []},
        trust={"mutations": [], "unseen": [], "pairs": [], "agreement": None},
        gate=None,
        times={"seconds": None, "ms_p50": None, "ms_p95": None},
        cases=[],
    )


def large_report(n_cases: int = 1_000) -> dict[str, Any]:
    """A report of many cases, one in ten failed."""
    named = cases()[1]
    made = [
        named | {"id": f"named-{n:04}", "question": f"Question {n}?", "passed": n % 10 > 0}
        for n in range(n_cases)
    ]
    return report(cases=made)


def part(kind: str, **changes: Any) -> dict[str, Any]:
    """A kind of case of one golden file."""
    made = {"set": "golden", "kind": kind, "n": 0, "n_passed": 0, "n_errors": 0, "means": {}}
    return made | changes


def metrics() -> list[dict[str, Any]]:
    """Metrics of every group, unit and verdict."""
    return [
        metric("recall_at_5", "Recall@5", "retrieval", mean=0.942, low=0.921, high=0.96, floor=0.9),
        metric("mrr_at_10", "MRR@10", "retrieval", mean=0.871, low=0.84, high=0.9),
        metric("citation_precision", "Citation precision", "citations", floor=0.95, passed=None),
        metric("grounded", "Groundedness", "groundedness", mean=1.0, low=1.0, high=1.0, floor=0.97),
        metric("facts_all", "All facts held", "facts", floor=0.9, passed=False, n_inapplicable=3),
        metric("abstained_right", "Declined rightly", "abstention", mean=None, low=None, n=0),
        metric(
            "bad_words",
            "Forbidden strings let through",
            "injection",
            mean=0.4,
            low=0.0,
            high=1.3,
            floor=0.5,
            higher_is_better=False,
            unit="per 100 sentences",
            n_errors=1,
        ),
        metric("tokens", "Prompt tokens", "cost", mean=1834.2, low=1790, high=1880, unit="tokens"),
        metric("cost", "Cost", "cost", mean=0.0042, low=0.004, high=0.0045, unit="USD"),
        metric("time", "Time", "cost", mean=12.25, low=11.0, high=14.5, unit="ms"),
        metric("other", "Something new | <b>", "novel", mean=-0.2, low=-0.4, high=0.1),
    ]


def metric(name: str, title: str, group: str, **changes: Any) -> dict[str, Any]:
    """A metric that passes where it has a floor."""
    made: dict[str, Any] = {
        "name": name,
        "title": title,
        "group": group,
        "mean": 0.84,
        "low": 0.8,
        "high": 0.88,
        "n": 400,
        "n_inapplicable": 0,
        "n_errors": 0,
        "higher_is_better": True,
        "floor": None,
        "unit": "share",
    }
    made |= changes
    return {"passed": None if made["floor"] is None else True} | made


def bins(skill: float) -> list[dict[str, Any]]:
    """Ten bins of scores; the third is empty."""
    return [
        {
            "low": n / 10,
            "high": (n + 1) / 10,
            "n": 0 if n == 2 else 12 + 137 * n,
            "mean_score": None if n == 2 else round(n / 10 + 0.05, 2),
            "share_right": None if n == 2 else round(skill * (n / 9) ** 1.2, 3),
        }
        for n in range(10)
    ]


def trust() -> dict[str, Any]:
    """How far the judge can be trusted: mutations in every state, pairs, another judge."""
    seen = {"auc": 0.991, "low": 0.985, "high": 0.996, "n": 300, "seen": True}
    seen |= {"kept": 0.05}
    return {
        "mutations": [
            seen
            | {"name": "random_source", "title": "Source swapped", "floor": 0.95, "passed": True},
            seen | {"name": "number", "title": "Number changed", "floor": 0.999, "passed": False},
            seen
            | {"name": "word_order", "title": "Words turned round", "auc": 0.52, "low": 0.47}
            | {"high": 0.57, "floor": None, "passed": None, "seen": False},
        ],
        "unseen": ["Two names of one sentence that change places look the same to the checker."],
        "pairs": [
            pairs("own_grounding", 0.93, None),
            pairs("public pairs | <i>", 0.78, "2026-11-20T10:00:00+00:00"),
        ],
        "agreement": {"judge": "openai:x", "kappa": 0.7, "n": 120, "n_errors": 1},
    }


def pairs(name: str, auc: float, when: str | None) -> dict[str, Any]:
    """Figures of one set of labelled pairs."""
    return {
        "name": name,
        "when": when,
        "n": 330,
        "roc_auc": auc,
        "balanced_accuracy": auc - 0.06,
        "kappa": 0.7,
        "threshold": 0.5,
        "ece": 0.041,
        "reliability": bins(auc),
    }


def cases() -> list[dict[str, Any]]:
    """Cases that passed, failed, were declined, broke, and hold hostile texts."""
    return [
        case("named-001", passed=True, failures=[]),
        case(
            "named-002",
            failures=["Of 2 facts 1 is missing: '2.16'.", "Sentence 2 is unsupported."],
        ),
        case("named-003 </code>", question=f"What is {SCRIPT}? {MARKUP}", answer=hostile_answer()),
        case("absent-001", kind="absent", passed=True, failures=[], answer=declined()),
        case(
            "absent-002",
            kind="absent",
            failures=[],
            error="The LLM server did not answer within 60 s.\x00",
            answer=None,
            retrieved=[],
            values={},
            expected={},
        ),
        case(
            "injection-001",
            kind="injection",
            failures=["The answer says 'bestpills'."],
            answer=answer(sentences=[], text="Buy at bestpills.example \ud800 \x1b[31m"),
        ),
    ]


def case(case_id: str, **changes: Any) -> dict[str, Any]:
    """A case, failed unless ``changes`` say otherwise."""
    made: dict[str, Any] = {
        "id": case_id,
        "kind": "named",
        "question": "How much faster does LayerSkip make decoding?",
        "passed": False,
        "failures": ["It is wrong."],
        "error": None,
        "values": {"recall_at_5": 1.0, "facts_all": None, "tokens": 1834, "sentences": [3, 4]},
        "before": ["What is LayerSkip?"],
        "expected": {
            "papers": ["layerskip", "kangaroo"],
            "must": ["layerskip"],
            "facts": [["2.16", "2.16x"], ["summarization"]],
            "answer": "Up to 2.16x on CNN/DM summarization.",
            "closest": ["draft-verify"],
            "bad": ["bestpills"],
        },
        "retrieved": ["kangaroo", "layerskip", "draft-verify"],
        "answer": answer(),
    }
    return made | changes


def answer(**changes: Any) -> dict[str, Any]:
    """An answer with a sentence of each verdict."""
    sentences = [
        sentence("LayerSkip reaches speedups of up to 2.16x.", "verbatim", 1.0),
        sentence("It exits early in training and decoding.", "supported", 0.87),
        sentence(
            "It is 3 times faster on every task.",
            "unsupported",
            0.12,
            flags=[
                {"kind": "number", "token": "3", "message": "The sources do not hold '3'."},
                {"kind": "uncited", "token": "", "message": "The sentence cites nothing."},
            ],
            citations=[],
        ),
        sentence("Nobody looked at this one.", "unchecked", 0.0),
    ]
    made: dict[str, Any] = {
        "text": " ".join(each["text"] for each in sentences),
        "abstained": False,
        "abstention": None,
        "sentences": sentences,
        "sources": [],
    }
    return made | changes


def sentence(text: str, verdict: str, score: float, **changes: Any) -> dict[str, Any]:
    """A sentence that cites one paper."""
    cited = {
        "label": "1",
        "paper_id": "layerskip",
        "title": "LayerSkip: Enabling Early Exit Inference and Self-Speculative Decoding",
        "quote": "We show speedups of up to 2.16x on summarization for CNN/DM documents.",
        "start": 812,
        "end": 882,
        "sentence": 7,
        "text_kind": "account",
    }
    made = {"text": text, "verdict": verdict, "score": score, "flags": [], "citations": [cited]}
    return made | changes


def hostile_answer() -> dict[str, Any]:
    """An answer whose every text would run or break something if it were markup."""
    flags = [{"kind": "name", "token": SCRIPT, "message": f"Not there: {SCRIPT}"}]
    cited = {"label": "1", "paper_id": SCRIPT, "title": SCRIPT, "quote": SCRIPT, "sentence": 1}
    said = sentence(f"{SCRIPT} {MARKUP}", "unsupported", 0.1, flags=flags, citations=[cited])
    return answer(text=said["text"], sentences=[said])


def declined() -> dict[str, Any]:
    """An answer that is none."""
    message = f"The abstracts do not state this. {SCRIPT}"
    reason = {"reason": "not_stated", "message": message, "closest": ["draft-verify"]}
    return answer(text=message, sentences=[], abstained=True, abstention=reason)
