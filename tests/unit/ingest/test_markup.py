"""Tags are taken away with what they mean kept; signs that are no tags stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.latex import decode, encode
from assistant.text.markup import strip_markup
from assistant.text.repair import repair


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Elements of any vocabulary, with a prefix or without.
        ("H<sub>2</sub>O, H<inf>2</inf>O, <ce:inf>3</ce:inf>", "H2O, H2O, 3"),
        ("10<sup>-6</sup> m<SUP>2</SUP>, 4<sup>th</sup>, Ca<sup>2+</sup>", "10^-6 m^2, 4th, Ca2+"),
        ("10<sup><bold>9</bold></sup>", "10^9"),
        ("<scp>RNA</scp> of <jats:italic>Ulva</jats:italic> <sc>x</sc>", "RNA of Ulva x"),
        ("<p>One.</p><p>Two.</p><ul><li>a</li><li>b</li></ul>", "One. Two. a b"),
        ('see <xref ref-type="bibr" rid="b1">[1]</xref> and <a href="http://x.org">x</a>',
         "see [1] and x"),
        ("a<br/>b<br>c <!-- not this --><![CDATA[and d]]>", "a b c and d"),
        ('<span class="x">text</span> <p id="p1">cut off', "text cut off"),
        ("<p>Cut off at the end", "Cut off at the end"),
        ("&lt;b&gt;Bold&lt;/b&gt; &amp;lt;i&amp;gt;leaf&amp;lt;/i&amp;gt;", "Bold leaf"),
        # Headings.
        ("<sec><title>Aims</title><p>To see.</p></sec><sec><title>Why?</title>So.</sec>",
         "Aims: To see. Why? So."),
        ("<jats:title>Abstract</jats:title><jats:p>Text.</jats:p>", "Text."),
        ("<h3>Methods:</h3>Ten sites.<h3>Results</h3>Two.", "Methods: Ten sites. Results: Two."),
        ('<AbstractText Label="AIM">To see.</AbstractText><AbstractText Label="UNLABELLED">End.'
         "</AbstractText>", "AIM: To see. End."),
        ("<p><strong>Background</strong> Moss grows. <b>Results</b>: <b>Moss</b> grew.</p>",
         "Background: Moss grows. Results: Moss grew."),
        ("<title>On Ferns</title>", "On Ferns"),
        # Formulas.
        ('so <mml:math alttext="a_{1}&lt;2"><mml:mi>a</mml:mi></mml:math> holds',
         "so $a_{1}<2$ holds"),
        ('<math alttext="n"><mi>n</mi></math> ferns', "n ferns"),
        ('<math><semantics><mi>b</mi><annotation encoding="application/x-tex">b^2</annotation>'
         "</semantics></math>", "$b^2$"),
        ("<inline-formula><alternatives><mml:math><mml:mi>c</mml:mi></mml:math><tex-math>"
         "\\usepackage{x} \\begin{document}$$c_1$$\\end{document}</tex-math></alternatives>"
         "</inline-formula>", "$c_1$"),
        ("<math> <msup> <mi>x</mi> <mn>2</mn> </msup> <mo>+</mo><msub><mi>C</mi><mn>3</mn></msub>"
         "<msubsup><mi>y</mi><mi>i</mi><mn>2</mn></msubsup></math>", "x^2 +C3y_i^2"),
        ("<mml:math><mml:mfrac><mml:mrow><mml:mi>a</mml:mi><mml:mo>+</mml:mo><mml:mi>b</mml:mi>"
         "</mml:mrow><mml:mn>2</mml:mn></mml:mfrac></mml:math>", "(a+b)/2"),
    ],
)  # fmt: skip
def test_tags_say_what_they_mean(text: str, expected: str) -> None:
    assert repair(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "p < 0.05 and q > 3, <5 mm, n<10 and m>3, x<y>z, a<b and c>d",
        "a <b> c and <i, j> and <T> and <p> of <a>",
        "the tokens <s>, </s>, <mask> and <think> it </think>",
        "in the <title> or <div> elements, 5 <p",
        "3 <= 4 >= 2 <> 1 <- x -> <<y>>",
        "$a<b>c$ and $\\langle x \\rangle$",
    ],
)
def test_what_is_no_tag_stays(text: str) -> None:
    assert repair(text) == text


PIECES = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<sup>", "2", "</sup>", "<title>", "</title>", "<mml:math>", "<mi>", "x",
         "</mml:math>", "<msup>", "</msup>", '<math alttext="x_1">', "</math>", "Results", ".",
         "<p>", "</p>", "<AbstractText Label='A'>", "&lt;", "&gt;", "<", ">", " ", "<br/>", "$",
         "<tex-math>", "</tex-math>", "<annotation encoding='tex'>", "<!--", "-->", ":", "<?"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(text=PIECES)
@settings(max_examples=400, deadline=None)
def test_repairing_again_changes_nothing(text: str) -> None:
    assert repair(repair(text)) == repair(text)


@given(text=st.text(alphabet="ab <>5=.", max_size=40))
@settings(max_examples=300, deadline=None)
def test_only_known_names_are_tags(text: str) -> None:
    if "</" not in text and not any(tag in text for tag in ("<a>", "<b>")):
        assert strip_markup(text) == text


@pytest.mark.parametrize(
    "piece",
    ["<b>", "</b>", "<sup>", "<title>x", "<mml:math><mml:mrow>", "<p a='", "<!--", '<p a="b"', "<"],
)
def test_hostile_markup_takes_no_more_than_its_share_of_time(piece: str) -> None:
    # The test's own time limit fails it if any step takes the square of the text.
    assert repair(piece * 20_000) is not None


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"Ferns\textendash{{A Guide}} to\textemdash{{All}}", "Ferns–A Guide to—All"),
        (r"pages 3--9---all, well-known", "pages 3–9—all, well-known"),
        (r"10\,mm, Fig.~3, Dr.\ Ek, $x~y\,z$~is", "10 mm, Fig. 3, Dr. Ek, $x~y\\,z$ is"),
        (r"about ~1M", "about ~1M"),
        (r"{\'E}cole, Garc{\'\i}a, \v{S}, {\o}re, {\"{o}}", "École, García, Š, øre, ö"),
        (r"CO\textsubscript{2}, 10\textsuperscript{-3}, 4\textsuperscript{th}", "CO2, 10^-3, 4th"),
        (r"\ensuremath{\alpha_{1}} of {{{A} b} c}", r"$\alpha_{1}$ of A b c"),
        (r"dis\-cre\-tion, one\\two, \~{}x", "discretion, one two, ~x"),
        (r"$a--b$ and $\{x\}$", r"$a--b$ and $\{x\}$"),
    ],
)  # fmt: skip
def test_tex_is_text(tex: str, expected: str) -> None:
    assert " ".join(decode(tex, braces=True).split()) == expected


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        (r"Garc{\'\i}a and {\O}re", "García and Øre"),
        (r"10\,mm\ long\textendash{}or so", "10 mm long–or so"),
        (r"CO\textsubscript{2}", "CO2"),
        (r"and\/or, A--B, LLaMA~2, {BERT}", r"and\/or, A--B, LLaMA~2, {BERT}"),
    ],
)
def test_only_what_is_tex_for_certain_is_read_in_plain_text(damaged: str, mended: str) -> None:
    assert repair(damaged) == mended


@pytest.mark.parametrize("text", ["a--b---c", "-----", "- - -{}-", "~--^ \\,", "$a--b$ --"])
def test_hyphens_survive_export(text: str) -> None:
    assert decode(encode(text), braces=True) == text
