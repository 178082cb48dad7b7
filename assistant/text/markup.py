"""Markup in running text: the tags of HTML, JATS, MathML and PubMed's XML, and what they mean.

Publishers' abstracts come with tags of several vocabularies, often in pieces, between signs that
are no tags at all ('p < 0.05', '<5 mm', 'a <b> c'). A parser of any of them would repair what is
damaged and drop what it does not know. So only known tags are taken for tags here, and short
names, which prose has in angle brackets too, only with what closes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_DEPTH = 40
"""Elements within each other whose content matters; deeper ones are only taken away."""

_TAG = re.compile(
    r"<(?P<close>/?)(?:(?P<prefix>[A-Za-z][\w.-]{0,20}):)?(?P<name>[A-Za-z][A-Za-z0-9-]{0,30})"
    r"(?P<attributes>(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*+)\s*(?P<empty>/?)>"
)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_NOT_SHOWN = re.compile(
    r"<!--(?:(?!--).)*+-->|<!\[CDATA\[|\]\]>|<\?(?:CDATA\b|xml [^<>?]{0,200})|\?>", re.DOTALL
)

_NAMES = {
    # What stands on lines of its own: a space stays where it was.
    "block": """p div br hr ul ol li dl dt dd table thead tbody tr td th blockquote sec section list
        list-item def-list def def-item disp-formula disp-quote abstract trans-abstract title-group
        caption fig figure boxed-text copyrightinformation otherabstract""",
    "inline": """i b u em strong italic bold sc scp span font small big tt monospace underline
        overline roman sans-serif sub inf sup a xref ext-link uri email named-content
        styled-content inline-formula inline-graphic graphic img private-char strike alternatives
        break label tex-math math""",
    "heading": "title h1 h2 h3 h4 h5 h6",
    "bold": "b strong bold",
    # No words or variables of prose, as others are, which are tags only where they are closed or
    # have attributes or a prefix.
    "distinctive": """br hr ul ol sub sup inf scp strong bold italic h1 h2 h3 h4 h5 h6
        abstracttext""",
    # In a formula alone; 'mi' and 'ms' are units elsewhere.
    "math": """mrow mi mn mo mtext ms mspace msup msub msubsup mfrac msqrt mroot mover munder
        munderover mfenced mstyle mpadded mphantom menclose mtable mtr mtd mmultiscripts none
        semantics annotation annotation-xml maction merror""",
}
_BLOCKS, _INLINE, _HEADINGS, _BOLD, _DISTINCTIVE, _MATH = (
    frozenset(names.split()) for names in _NAMES.values()
)
_FRAMED = _HEADINGS | _BOLD | {"sup", "math", "alternatives", "tex-math"}
_KNOWN = _BLOCKS | _INLINE | _FRAMED | {"abstracttext"}
_PREFIXES = frozenset({"jats", "mml"})

_NO_HEADING = re.compile(r"(?:abstract|summary|unlabelled|unassigned)[.:]?", re.IGNORECASE)
_SECTION = re.compile(
    r"(?:background|introduction|context|rationale|motivation|importance|significance|hypothesis"
    r"|objectives?|aims?|purpose|goals?|(?:(?:materials?|patients|subjects|data) and )?methods?"
    r"|methodology|(?:study )?design|setting|participants|interventions?|measurements"
    r"|(?:main )?results|findings|interpretation|discussion|limitations|conclusions?)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*[-+\u2212]?\d+(?:\.\d+)?\s*")
_TEX = re.compile(r"[\\^_{}]")
_TEX_DOCUMENT = ("\\begin{document}", "\\end{document}")
_TEX_MARKS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))

# Where a colon goes, if the text after it does not begin with one.
_COLON = "\x00"
_NO_COLON = re.compile(rf"{_COLON}\s*(?=[:.;\u2013\u2014-]|$)")


@dataclass(slots=True)
class _Element:
    """An element whose content is gathered: of ``parts``, ``formulas`` are those of formulas."""

    name: str
    tag: re.Match[str] | None = None
    parts: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    tex: str = ""

    @property
    def text(self) -> str:
        return "".join(self.parts)


def strip_markup(text: str) -> str:
    """Returns ``text`` without tags, what they say kept as far as plain text can.

    Headings end with a colon, numbers are raised by ^, formulas are TeX where the markup has it.
    """
    if "<!" in text or "<?" in text:
        text = _NOT_SHOWN.sub("", text)
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    closed = {_name(tag): tag.start() for tag in tags if tag["close"]}
    elements = [_Element("")]
    end = 0
    for tag in tags:
        in_math = any(element.name == "math" for element in elements)
        if not _is_tag(tag, closed, in_math):
            continue
        elements[-1].parts.append(text[end : tag.start()])
        end = tag.end()
        _take(tag, elements, in_math)
    elements[-1].parts.append(text[end:])
    while len(elements) > 1:
        _fold(elements, complete=False)
    text = elements[0].text
    if _COLON in text:
        text = _NO_COLON.sub("", text).replace(_COLON, ":")
    return text


def _name(tag: re.Match[str]) -> str:
    return tag["name"].lower()


def _is_tag(tag: re.Match[str], closed: Mapping[str, int], in_math: bool) -> bool:
    name = _name(tag)
    if tag["prefix"] and (tag["prefix"].lower() in _PREFIXES or name in _KNOWN):
        return True
    if name in _MATH:
        return in_math
    if name not in _KNOWN:
        return False
    sure = name in _DISTINCTIVE or tag["close"] or tag["empty"] or tag["attributes"].strip()
    begins = name == "p" and not tag.string[: tag.start()].strip()
    return bool(sure or begins or closed.get(name, -1) > tag.start())


def _take(tag: re.Match[str], elements: list[_Element], in_math: bool) -> None:
    """Takes a tag: what it begins is put on ``elements``, what it ends joins what it is in."""
    name = _name(tag)
    if tag["close"]:
        if any(element.name == name for element in elements):
            while elements[-1].name != name:
                _fold(elements, complete=False)
            _fold(elements, complete=True)
        elif name in _BLOCKS:
            elements[-1].parts.append(" ")
        return
    if name == "abstracttext":
        elements[-1].parts.append(_label(_attribute(tag, "Label")))
    elif name in _BLOCKS or name == "mspace":
        elements[-1].parts.append(" ")
    framed = name in _FRAMED or (name in _MATH and in_math)
    if framed and not tag["empty"] and len(elements) < MAX_DEPTH:
        elements.append(_Element(name, tag))


def _fold(elements: list[_Element], *, complete: bool) -> None:
    """Ends the last of ``elements``: its text joins that of what it is in."""
    element = elements.pop()
    around = elements[-1]
    text = element.text
    if element.name in ("tex-math", "math", "alternatives"):
        text = _read_formula(element)
        around.formulas.append(text)
    elif element.name.startswith("annotation"):
        if element.tag and "tex" in _attribute(element.tag, "encoding").lower():
            around.tex = text
        text = ""
    elif complete:
        text = _say(element, around)
    around.tex = around.tex or (element.tex if element.name in _MATH else "")
    around.parts.append(text)


def _say(element: _Element, around: _Element) -> str:
    """Returns the text of a whole element as plain text has it."""
    name, text = element.name, element.text
    if name in _HEADINGS:
        return _label(text)
    if name in _BOLD:
        before = "".join(around.parts[-2:]).rstrip()
        is_heading = _SECTION.fullmatch(text.strip()) and (not before or before[-1] in ".?!:")
        return _label(text) if is_heading else text
    if name == "sup":
        # 10<sup>15</sup> without its mark would be another number.
        return f"^{text.strip()}" if _NUMBER.fullmatch(text) else text
    children = [part.strip() for part in element.parts if part.strip()]
    if name == "msub" and len(children) == 2:
        return children[0] + _lower(children[1])
    if name == "msup" and len(children) == 2:
        return f"{children[0]}^{_enclose(children[1])}"
    if name == "msubsup" and len(children) == 3:
        return f"{children[0]}{_lower(children[1])}^{_enclose(children[2])}"
    if name == "mfrac" and len(children) == 2:
        return "/".join(map(_enclose, children))
    return text


def _lower(text: str) -> str:
    return text if text.isdigit() else f"_{_enclose(text)}"


def _enclose(text: str) -> str:
    return text if text.isalnum() or _NUMBER.fullmatch(text) else f"({text})"


def _label(text: str) -> str:
    """Returns a heading as the beginning of what follows it: 'Methods: '."""
    text = " ".join(text.split())
    if not text or _NO_HEADING.fullmatch(text):
        return " "
    return f" {text} " if text[-1] in ".:;?!" else f" {text}{_COLON} "


def _read_formula(element: _Element) -> str:
    """Returns a formula as TeX where the markup has it, or else its text."""
    if element.name == "alternatives":
        best = [formula for formula in element.formulas if formula.startswith("$")]
        return next(iter((*best, *filter(None, element.formulas))), element.text)
    tex = element.text if element.name == "tex-math" else element.tex
    if element.tag and not tex:
        tex = _attribute(element.tag, "alttext")
    begin, end = _TEX_DOCUMENT
    if begin in tex:
        tex = tex.partition(begin)[2].partition(end)[0]
    tex = " ".join(tex.split())
    for opening, closing in _TEX_MARKS:
        if tex.startswith(opening) and tex.endswith(closing) and len(tex) > len(opening + closing):
            tex = tex[len(opening) : -len(closing)].strip()
    if not tex:
        return element.text
    return f"${tex}$" if _TEX.search(tex) and "$" not in tex else tex


def _attribute(tag: re.Match[str], name: str) -> str:
    found = {one[1]: one[2] or one[3] or "" for one in _ATTRIBUTE.finditer(tag["attributes"])}
    return found.get(name, "")
