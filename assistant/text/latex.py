"""LaTeX in running text: decode what has one meaning, keep formulas and everything else.

``decode`` and ``encode`` are inverse on decoded text: ``decode(encode(text), braces=True) ==
text``, which is what makes a BibTeX export readable again.
"""

from __future__ import annotations

import re
import unicodedata

_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip

_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ",
    "TH": "Þ", "ng": "ŋ", "NG": "Ŋ", "i": "ı", "j": "ȷ",
}  # fmt: skip

_SIGNS = {
    "textless": "<", "textgreater": ">", "textbackslash": "\\", "textasciitilde": "~",
    "textasciicircum": "^", "textbar": "|", "textbraceleft": "{", "textbraceright": "}",
    "textdollar": "$", "textunderscore": "_", "textquotesingle": "'", "textquotedbl": '"',
    "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "textregistered": "®",
    "texttrademark": "™", "textcopyright": "©", "textdegree": "°", "textmu": "µ",
    "textellipsis": "…", "textpm": "±", "texttimes": "×", "textsection": "§",
    "textbullet": "•", "textperiodcentered": "·", "textdagger": "†", "textparagraph": "¶",
    "textcelsius": "°C", "texteuro": "€", "textsterling": "£", "textdiv": "÷", "textonehalf": "½",
    "textasciiacute": "´", "textquestiondown": "¿", "textexclamdown": "¡", "guillemotleft": "«",
    "guillemotright": "»", "textordfeminine": "ª", "textordmasculine": "º", "textohm": "Ω",
    "textrightarrow": "→", "ldots": "…", "dots": "…", "pounds": "£", "copyright": "©",
    "eg": "e.g.", "ie": "i.e.", "etal": "et al.",
}  # fmt: skip

_STYLES = (
    "emph|textbf|textit|texttt|textsc|textrm|textsf|textsl|textmd|textup|textnormal|underline|mbox"
)
_SWITCHES = "em|bf|it|tt|sc|rm|sf|sl|bfseries|itshape|ttfamily|scshape|rmfamily|sffamily|slshape"

# Bounded, so that text full of opening brackets is not searched to its end for each of them, and
# possessive: what a group holds can be read in one way only.
_GROUP = r"\{(?:[^{}\\]|\\.|\{(?:[^{}\\]|\\.|\{[^{}]{0,1000}+\}){0,1000}+\}){0,2000}+\}"

# TeX takes any two unescaped dollar signs for a formula; in plain text a formula does not begin
# or end with a space, or prices would be formulas.
_TEX_MATH = r"\$\$(?:[^$\\]|\\.)+\$\$|\$(?:[^$\\]|\\.)+\$"
_PLAIN_MATH = r"\$\$(?:[^$\\]|\\.)+\$\$|\$(?=\S)(?:[^$\\]|\\.)*(?<=[^\s\\])\$(?!\d)"
# A formula does not begin in another.
_DISPLAY = r"\\\((?:[^\\]|\\[^()]){0,500}+\\\)|\\\[(?:[^\\]|\\[^\[\]]){0,500}+\\\]"

_ONE_IN_BRACES = r"\{\s*\\?[A-Za-z]\s*\}"
_ONE = rf"(?:\\?[A-Za-z]|{_ONE_IN_BRACES})"

_NUMBER = re.compile(r"[-+\u2212]?\d+(?:\.\d+)?")
_UNSEEN = ("\\-", "\\/", "\\!", "\\@")
"""Where a word may be broken, and how close letters stand."""

_TOKENS = rf"""
    (?P<math>MATH|{_DISPLAY})
  | (?P<wrapped>\{{(?P<wrapped_letter>\\(?:[`'^~="\.]\s*{_ONE}
      |[uvHcdbkr](?:\s+[A-Za-z]|\s*{_ONE_IN_BRACES})|(?:{"|".join(_LETTERS)})))\s*\}})
  | (?P<accent>\\(?P<mark>[`'^~="\.])\s*(?:(?P<bare>[A-Za-z])|\\(?P<dotless>[ij])(?![A-Za-z])
      |\{{\s*(?P<grouped>\\[ij]|[A-Za-z])\s*\}}))
  | (?P<accent2>\\(?P<mark2>[uvHcdbkr])(?:\s+(?P<bare2>[A-Za-z])(?![A-Za-z])
      |\s*\{{\s*(?P<grouped2>\\[ij]|[A-Za-z])\s*\}}))
  | (?P<letter>\\(?P<letter_name>{"|".join(sorted(_LETTERS, key=len, reverse=True))})
      (?:\{{\}}|(?![A-Za-z])[ \t]*))
  | (?P<sign>\\(?P<sign_name>{"|".join(sorted(_SIGNS, key=len, reverse=True))})
      (?:\{{\}}|(?P<sign_group>{_GROUP})|(?![A-Za-z{{])|(?=[A-Z0-9])))
  | (?P<space>\\(?:[,;: ]|(?:quad|qquad|thinspace|enspace|nobreakspace)(?![A-Za-z])(?:\{{\}})?))
  | (?P<bare_mark>\\(?P<bare_sign>[~^])\{{\}})
  | (?P<raised>\\textsu(?P<raised_how>per|b)script\s*(?P<raised_group>{_GROUP}))
  | (?P<ensured>\\ensuremath\s*(?P<ensured_group>{_GROUP}))
  | (?P<style>\\(?:{_STYLES})\s*(?P<styled>{_GROUP}))
  | (?P<switch>\{{\s*\\(?:{_SWITCHES})(?![A-Za-z])\s*+(?P<switched>(?:[^{{}}\\]|\\.){{0,2000}}+)\}})
  | (?P<note>\\footnote\s*(?P<noted>{_GROUP}))
  | (?P<escape>\\(?P<escaped>[%&\#_{{}}$]))
  | (?P<command>\\[A-Za-z]+\*?(?:\s*{_GROUP})*|\\.)
"""


def _pattern(math: str, extra: str = "") -> re.Pattern[str]:
    return re.compile(_TOKENS.replace("MATH", math) + extra, re.VERBOSE | re.DOTALL)


_PLAIN = _pattern(_PLAIN_MATH)
_BRACED = _pattern(
    _TEX_MATH, r"| (?P<brace>[{}]) | (?P<tie>(?<=\S)~(?=\S)) | (?P<dash>(?<!-)-{2,3}(?!-)) "
)


def decode(text: str, *, braces: bool = False) -> str:
    """Returns ``text`` with accents, escaped signs, styles and footnotes as plain text.

    Formulas and unknown commands stay as they are. ``braces`` is for text that is LaTeX for
    certain: grouping braces and ties go too, two or three hyphens are a dash, what only TeX has
    between letters is none, and any pair of dollar signs is a formula.
    """
    if "\\" not in text and not (braces and re.search("[{}~]|--", text)):
        return text
    pattern = _BRACED if braces else _PLAIN
    return pattern.sub(lambda match: _plain(match, braces), text)


def _plain(match: re.Match[str], braces: bool) -> str:
    found = match.groupdict()
    if found["wrapped"]:
        letter = decode(found["wrapped_letter"])
        return match.group() if letter == found["wrapped_letter"] else letter
    if found["accent"] or found["accent2"]:
        mark = _COMBINING[found["mark"] or found["mark2"]]
        letter = (
            found["bare"] or found["dotless"] or found["grouped"] or found["bare2"]
            or found["grouped2"]
        )  # fmt: skip
        letter = letter.removeprefix("\\")
        composed = unicodedata.normalize("NFC", letter + mark)
        return composed if len(composed) == 1 else match.group()
    if found["letter"]:
        return _LETTERS[found["letter_name"]]
    if found["sign"]:
        # A sign takes no argument: what is in braces after it is text.
        return _SIGNS[found["sign_name"]] + decode((found["sign_group"] or "{}")[1:-1], braces=True)
    if found["space"]:
        return " "
    if found["bare_mark"]:
        return found["bare_sign"]
    if found["raised"]:
        raised = decode(found["raised_group"][1:-1], braces=braces)
        return (
            f"^{raised}" if found["raised_how"] == "per" and _NUMBER.fullmatch(raised) else raised
        )
    if found["ensured"]:
        formula = found["ensured_group"][1:-1].strip()
        return match.group() if "$" in formula or not formula else f"${formula}$"
    if found["style"]:
        return decode(found["styled"][1:-1], braces=braces)
    if found["switch"]:
        return decode(found["switched"], braces=braces)
    if found["note"]:
        return f" ({decode(found['noted'][1:-1].strip(), braces=braces)})"
    if found["escape"]:
        return found["escaped"]
    if found.get("brace") or (braces and match.group() in _UNSEEN):
        return ""
    if found.get("tie") or (braces and match.group() == "\\\\"):
        return " "
    if found.get("dash"):
        return "—" if len(match.group()) == 3 else "–"
    return match.group()


_ESCAPES = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "%": "\\%", "&": "\\&",
    "#": "\\#", "_": "\\_", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "-": "-{}",
}  # fmt: skip
# Hyphens in a row would be a dash.
_SPECIAL = re.compile(r"[\\{}$%&#_~^]|-(?=-)")
_FORMULA = re.compile(_PLAIN_MATH, re.DOTALL)


def encode(text: str) -> str:
    """Returns ``text`` as LaTeX: formulas as they are, signs that LaTeX reads otherwise escaped."""
    parts, end = [], 0
    for formula in _FORMULA.finditer(text):
        if is_balanced(formula.group()):
            parts += [_escape(text[end : formula.start()]), formula.group()]
            end = formula.end()
    return "".join([*parts, _escape(text[end:])])


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _ESCAPES[sign.group()], text)


def is_balanced(formula: str) -> bool:
    """Returns whether every brace of ``formula`` is closed, and opened before that."""
    depth = 0
    for sign in formula:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0
