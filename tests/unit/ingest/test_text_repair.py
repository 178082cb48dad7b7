"""Text is mended where one reading is possible; formulas, scripts and doubtful damage stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.hidden import strip_hidden
from assistant.text.latex import decode, encode
from assistant.text.repair import repair


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("gains 2.4 sim 6.5 points", "gains 2.4 ~ 6.5 points"),
        ("by sim7\\% or sim!!25% or sim!! 3 %", "by ~7% or ~25% or ~3 %"),
        ("80times faster, 2.37times.", "80 times faster, 2.37 times."),
        ("3.65 times as much", "3.65 times as much"),
        ("30\\% \\& \\#1 of a\\_b", "30% & #1 of a_b"),
        ("2mathord,000 items", "2,000 items"),
        ("\\textless2 MB and \\textgreater 3", "<2 MB and > 3"),
        ("Gerv\\'asio, na\\\"{\\i}ve, \\c{c}a, \\v{S}, stra\\ss e, {\\O}re", "Gervásio, naïve, ça, "
         "Š, straße, Øre"),
        ("{\\em this} and \\emph{that} and \\textbf{x \\textit{y}}", "this and that and x y"),
        ("models (\\eg BERT, \\ie encoders)", "models (e.g. BERT, i.e. encoders)"),
        ("concepts\\footnote{As in 30\\% of cases.} here", "concepts (As in 30% of cases.) here"),
        ("the ``target model'' of one's own", 'the "target model" of one\'s own'),
        ("worse than these counterparts.Our results show", "worse than these counterparts. Our "
         "results show"),
        ("Q&amp;A, 5 &lt; 6, caf&eacute;, &amp;lt;, &#x27;", "Q&A, 5 < 6, café, <, '"),
        ("<jats:title>Abstract</jats:title><jats:p>One</jats:p><jats:p>10<sup>-3</sup> H<sub>2"
         "</sub>O</jats:p>", "One 10^-3 H2O"),
        ("the <i>in vivo</i> test<br/>ends", "the in vivo test ends"),
        ("eﬃcient ﬁne co\u00adoperation", "efficient fine cooperation"),
        ("two  spaces,\n a line\u00a0break\tand tab ", "two spaces, a line break and tab"),
        ("CafÃ© naÃ¯ve â€œquotedâ€\x9d", "Café naïve “quoted”"),
        ("e\u0301 as one", "é as one"),
    ],
)  # fmt: skip
def test_certain_damage_is_mended(damaged: str, mended: str) -> None:
    assert repair(damaged) == mended


@pytest.mark.parametrize(
    "text",
    [
        "the loss $\\mathcal{O}(n^2)$ with $30\\%$ and \\(x_{i} \\% 2\\) and \\[\\text{a}\\]",
        "it costs $5 and $10, or <4 bits, >60% and p < 0.05, a<b and c>d",
        "𝒪(𝑛²) over ℝ, x² ≤ ½ and ﷺ, ™ and №",
        "北京大学 Москва עברית العربية हिन्दी 한국어 日本語",
        "می\u200cخواهم क्\u200dष",
        "simulation sim-to-real SimCSE similar 5 simple sims",
        "sometimes 3 times 4 timestamps lifetimes",
        "unknown \\command{with $x$} and \\cite{doe2020}",
        "2.2 times 10^{15} FLOPs, BERT_{BASE}, F_0.5, A^+, b_phi",
        "range 15~30%, about ~1M, LLaMA~2 and z~2",
        "Node.Js, torch.Tensor, v2.The and U.S.A.",
        "R&D, AT&T; x &c. and &unknown;",
        "Plain --- dashes -- and `single' quotes, \\800 each",
    ],
)
def test_what_has_meaning_or_doubt_stays(text: str) -> None:
    assert repair(text) == text


@pytest.mark.parametrize(
    ("hidden", "seen"),
    [
        ("ig\u200bno\u200dre\ufeff me\u2060", "ignore me"),
        ("\u202eright\u202c to \u2066left\u2069\u200f", "right to left"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("sel\ufe0f\ufe01\ufe02\U000e0100ector", "sel\ufe0fector"),
        ("\x1b[31mred\x1b[0m and \x1b]8;;http://x\x07link\x1b]8;;\x07", "red and link"),
        ("an \x1b]0;unterminated title stays", "an 0;unterminated title stays"),
        ("bell\x07, nul\x00, delete\x7f, c1\x9b", "bell, nul, delete, c1"),
    ],
)
def test_hidden_characters_go(hidden: str, seen: str) -> None:
    assert strip_hidden(hidden) == seen


def test_braces_go_only_where_text_is_latex_for_certain() -> None:
    assert decode("{BERT} and $x_{i}$~is", braces=True) == "BERT and $x_{i}$ is"
    assert decode("{BERT} et~al. \\{kept\\}", braces=True) == "BERT et al. {kept}"
    assert decode("{BERT} et~al.") == "{BERT} et~al."


SIGNS = st.lists(
    st.sampled_from(list("\\{}$%&#_~^`'\"<>;.!5aAé\t ")) | st.characters(exclude_categories=["Cs"])
    | st.sampled_from(["sim", "times", "\\emph{", "&amp;", "\\'", "\\footnote{", "``", "''"]),
    max_size=40,
).map("".join)  # fmt: skip


@given(text=SIGNS)
@settings(max_examples=500, deadline=None)
def test_repairing_again_changes_nothing(text: str) -> None:
    assert repair(repair(text)) == repair(text)


@given(text=SIGNS)
@settings(max_examples=500, deadline=None)
def test_encoded_text_decodes_to_itself(text: str) -> None:
    assert decode(encode(text), braces=True) == text


@pytest.mark.parametrize(
    "opening", ["\\[", "\\(", "\\emph{", "{\\em ", "$a", "`` ", "<p a='", "&amp;", "\x1b]", "\\'"]
)
def test_hostile_text_takes_no_more_than_its_share_of_time(opening: str) -> None:
    # The test's own time limit fails it if any pattern searches to the end from every place.
    assert repair(opening * 5_000) is not None
