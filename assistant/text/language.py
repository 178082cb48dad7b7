"""Which questions are in another language than English, the one that offline search reads.

Told by closed-class words and by letters, not by what a question is about: keywords, names of
genes, species and substances, and typing errors have neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.text.terms import STOP_WORDS, fold_spelling

# The commonest closed-class words of languages in which papers are asked for, as they are typed;
# a paragraph for each language.
_FUNCTION_WORDS = """
der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine ist sind
war waren wird werden wurde wurden hat haben kann können welche welcher welches welchen welchem
wie viel viele was wer wo warum wann wenn für mit von zu zum zur bei beim auf aus nach über
unter durch ohne gegen zwischen im am vom es sie er wir man sich auch nur noch als dass damit
gibt dient

el la los las un una unos unas de del y o pero no es son era eran fue fueron ser se su sus que
qué cual cuál cuales cuáles cuanto cuánto cuantos cuántos cuanta cuánta quien quién como cómo
donde dónde cuando por para con sin sobre entre en al lo le les hay tiene tienen más muy también
si este esta estos estas cada desde hasta hacia según

le la les un une des du de et ou mais ne pas est sont était ont qui que quoi quel quelle quels
quelles combien comment pourquoi quand dans par pour avec sans sur sous entre au aux ce cette
ces son sa ses leur leurs il elle ils elles on se plus aussi lors pendant depuis

il lo la gli le un uno una di del della dei delle degli al alla ai alle da dal dalla in nel
nella nei nelle su sul sulla sui sulle con per tra fra ma non è sono era che chi cosa quale
quali quanto quanti quanta quante come dove quando perché si ha hanno più anche questo questa

os as um uma do da dos das em no na nos nas pelo pela com sem não é são foi foram qual quais
quanto quantos quanta quantas quem como onde quando seu sua tem têm há mais muito também

de het een en of maar niet is zijn waren wordt worden heeft hebben kan kunnen welke wat wie waar
waarom wanneer hoe hoeveel voor met van op te bij uit naar over onder door zonder tegen tussen
zich er ook nog als dat deze dit gaan

nie jest są był była czy co kto gdzie kiedy dlaczego jak ile jaki jaka jakie jakich który która
które których się ten ta te tym oraz lub ale przy między bez dla od po przez na do

och att det som ett är på för med av till från om inte har hade vad vem vilken vilka vilket hur
många varför när där eller vid mellan utan
"""
# Words that ask, and the verbs of "what is", "how does it work" and "what is it for" after them.
_ASKING_WORDS = """
was wie wer wo warum wieso wann wozu womit woher welche welcher welches welchen wieviel wieviele
que qué quien quién quienes como cómo cual cuál cuales cuáles cuanto cuánto cuantos cuántos donde
dónde cuando cuándo quoi quel quelle quels quelles comment combien pourquoi quand où qu qui
che cosa cos chi come perché perche quanto quanti quando quale quali dove qual quais quem onde
quantos wat hoe waarom wanneer wie welke hoeveel waar vad hur varför vem vilken vilka
hva hvad hvordan hvorfor hvem hvilken hvilke hvor
co jak czym kto ile kiedy gdzie dlaczego jaki jaka jakie
mikä miten miksi nasıl neden mi hogyan miért milyen je proč ce
"""
_ASKED_VERBS = """
ist sind sei hat bedeutet macht funktioniert wirkt dient hilft heißt es est son sirve hace significa
funciona fait fonctionne marche signifie sert serve funziona fa si is doet werkt betekent dient är
er gör fungerar betyder virker fungerer jest to je działa znaczy on toimii
"""
_IN_NAMES = """
al de del della di da das der den des die do du e el en et la las le les los na no van von y
"""
_PARTICLES = frozenset(_IN_NAMES.split())
"""Words that names and terms have too: "de novo", "van der Waals", "El Niño"."""

_IN_ENGLISH = "come comment con hat man per plus pour sin son war"
_OF_BOTH = STOP_WORDS | frozenset(_IN_ENGLISH.split())
"""They tell neither language."""

_LANGUAGES = tuple(frozenset(words.split()) for words in _FUNCTION_WORDS.split("\n\n"))

FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split()) | _PARTICLES
"""Closed-class words of other languages; some are English words as well."""

FOLDED_FUNCTION_WORDS = frozenset(map(fold_spelling, FUNCTION_WORDS))
"""The same as terms have them: without accents."""

_ASKING = frozenset(_ASKING_WORDS.split())
_IN_TERMS = frozenset(["ce", "chi", "co", "cos", "dove", "jak", "je", "mi", "vad", "wer"])
"""Words that ask and are names or terms of English texts too, as WER and JAK are typed."""

_ASKED = frozenset(_ASKED_VERBS.split()) | FUNCTION_WORDS

_TOKEN = re.compile(r"\b[^\W\d_]+(?:-[^\W_]+)*\b")
_LETTERS = re.compile(r"[^\W\d_]+")
_MIN_SIGNS = 2
"""One sign may be a name or a borrowed word."""

_MAX_GREEK_SYMBOLS = 3


def is_english(text: str) -> bool:
    """Returns whether ``text`` has no clear sign of another language.

    Signs are different closed-class words of another language, small words with letters that
    English lacks, and words in another script, which count twice. There must be two, or three
    where all are particles of names too, and more than there are closed-class words of English.
    A short question has but one such word, with which it asks, in the place where English has
    "what": so that counts twice as well.
    """
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text))
    if _opens_abroad(tokens):
        return False
    words = set(tokens)
    folded = {word.casefold() for word in words}
    function = folded & FUNCTION_WORDS - _OF_BOTH
    accented = {word for word in words if word.islower() and _has_accent(word)}
    scripts = sum(map(_is_other_script, set(_LETTERS.findall(text))))
    n_signs = len(function | accented) + 2 * scripts
    telling = function - _PARTICLES or accented or scripts
    n_english = len(folded & STOP_WORDS - FUNCTION_WORDS)
    return n_signs < _MIN_SIGNS + (not telling) or n_signs <= n_english


def may_share_language(text: str, other: str) -> bool:
    """Returns whether two texts, neither of them English, may be in one language.

    Told by their scripts and by which language has most of their closed-class words.
    """
    return not _guess_languages(text).isdisjoint(_guess_languages(other))


def _guess_languages(text: str) -> frozenset[str | int]:
    words = {word.casefold() for word in _LETTERS.findall(unicodedata.normalize("NFKC", text))}
    scripts = frozenset(_script(word[-1]) for word in words if _is_other_script(word))
    if scripts:
        return scripts
    counts = [len(words & language) for language in _LANGUAGES]
    return frozenset(i for i, count in enumerate(counts) if count == max(counts))


def _opens_abroad(tokens: Sequence[str]) -> bool:
    """Whether a question opens as none in English does: with "wie", or "was ist"."""
    if tokens and len(tokens[0]) == 1:  # "A cosa", "À quoi".
        tokens = tokens[1:]
    if len(tokens) < 2 or (tokens[0].isupper() and not tokens[1].isupper()):
        return False  # "WAT browning": an acronym.
    first, second = (token.casefold() for token in tokens[:2])
    if first in _OF_BOTH | _IN_TERMS:
        return first in _ASKING and second in _ASKED - STOP_WORDS
    return first in _ASKING


def _has_accent(word: str) -> bool:
    """Whether ``word`` has a Latin letter that English lacks."""
    return any(ord(c) > 127 and _script(c) == "LATIN" for c in word)


def _is_other_script(word: str) -> bool:
    """Whether ``word`` has letters of another script; a few Greek ones are symbols."""
    other = [_script(c) for c in word if c.isalpha() and _script(c) != "LATIN"]
    return len(other) > (_MAX_GREEK_SYMBOLS if "GREEK" in other else 1)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
