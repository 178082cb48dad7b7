"""Letters that are dressed up so that a reader sees a word and a rule does not: undone here.

Only for judging a text; what is shown and quoted is the text as it stands.
"""

from __future__ import annotations

import html
import re
import unicodedata

from assistant.text.hidden import strip_hidden

# Letters of other scripts that look like Latin ones in most fonts.
# Small Greek ones but omicron are symbols of science and stay.
# Source: Unicode Technical Standard 39, confusables.txt.
_LOOK_ALIKE = str.maketrans(
    "АВСЕНІЈКМОРЅТХУԚԜЗаԁеһіјӏкорԛгѕтхусүѵԝпΑΒΕΖΗΙΚΜΝΟΡΤΥΧοօոսցհ",
    "ABCEHIJKMOPSTXYQW3adehijlkopqrstxycyvwnABEZHIKMNOPTYXoonugh",
)
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W_]+")
_LEET = str.maketrans("013457@$!", "oieastasi")
# Letters around a digit or sign that looks like one, as in "ign0re", and words beside such ones.
_LEET_INSIDE = re.compile(r"(?<![\w-])[a-z]+[013457@$!]+[a-z]+[a-z013457@$!]*(?![\w-])")
_LEET_WORD = re.compile(r"(?<![\w.-])[a-z013457@$!]*[a-z][a-z013457@$!]*(?![\w-])")
# Six letters and more, each by itself: "i g n o r e", "i-g-n-o-r-e", "i.g.n.o.r.e".
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*]{1,3}[^\W\d_](?!\w)){5,}")
_GAP = re.compile(r"[ .\-_*]")
_WIDE_GAP = re.compile(r"[ .\-_*]{2,}")
_JOINED = re.compile(r"(?<=[a-z])_(?=[a-z])")
_MIN_LEET_WORDS = 2
# Three and more letters of mathematical alphabets or of full width.
_STYLED = re.compile("[\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff5a]{3,}")


def undisguise(text: str) -> tuple[str, bool]:
    """Returns ``text`` with plain letters, and whether it was written to hide its words.

    Full-width and styled letters, look-alikes of other scripts within Latin words, letters set
    apart, digits for letters, and HTML's names of characters.
    """
    plain = html.unescape(text)
    styled = False
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", strip_hidden(plain))
        styled = _STYLED.search(text) is not None
    mixed = plain if plain.isascii() else _WORD.sub(_read_look_alikes, plain)
    read = _SPACED.sub(_join, mixed)
    if len(_LEET_INSIDE.findall(read)) >= _MIN_LEET_WORDS:
        read = _LEET_WORD.sub(lambda word: word.group().translate(_LEET), read)
    return _JOINED.sub(" ", read), styled or mixed != plain or read != mixed


def _read_look_alikes(word: re.Match[str]) -> str:
    """Returns a word of Latin letters and their look-alikes in Latin ones, any other as it is."""
    found = word.group()
    if found.isascii():
        return found
    read = found.translate(_LOOK_ALIKE)
    is_mixed = read.isascii() and len(_LATIN.findall(found)) >= 2 and read != found
    return read if is_mixed else found


def _join(spaced: re.Match[str]) -> str:
    """Returns letters set apart as words: a space ends one where another sign parts the letters."""
    text = spaced.group()
    words = _WIDE_GAP.split(text) if _GAP.search(text)[0] == " " else text.split(" ")  # type: ignore[index]
    return " ".join(_GAP.sub("", word) for word in words)
