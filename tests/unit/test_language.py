"""Which questions are in another language, and which words of them a library shares."""

from __future__ import annotations

import pytest

from assistant.answer.other_languages import MAX_SINGLED_OUT, find_shared_words
from assistant.evidence.answerability import Assessment
from assistant.store.lexical_index import LexicalIndex
from assistant.text.language import is_english

OTHER = """
Wie viele Parameter hat das Modell?
Warum sinkt die Dauer der Behandlung mit Statinen?
Gibt es Studien über Depression bei Jugendlichen?
Welche Methode senkt den Speicherbedarf am stärksten?
Auf welchen Datensätzen wurde Heron getestet?
Unterschied zwischen Encoder und Decoder
Quelle est la taille du modèle ?
Pourquoi le décodage spéculatif est-il plus rapide ?
Quels articles parlent de la dépression ?
c'est quoi Heron
effet du tabac sur la mortalité
Est-ce que le sommeil améliore la mémoire ?
¿Cuántos parámetros tiene el modelo?
¿Qué es Heron?
por qué es más rápida la decodificación especulativa
efectos del tabaco en la mortalidad
qué artículos hablan de depresión
diferencia entre encoder y decoder
Quanti parametri ha il modello?
Che cos'è Heron?
Perché la decodifica speculativa è più veloce?
effetti del fumo sulla mortalità
Su quali dati è stato addestrato?
Quantos parâmetros tem o modelo?
Como funciona o método Heron?
quais artigos falam sobre depressão
Em quais dados ele foi treinado?
Hoeveel parameters heeft het model?
welke artikelen gaan over depressie
Hoe werkt de methode van Heron?
Op welke data is het getraind?
Ile parametrów ma ten model?
Dlaczego dekodowanie spekulatywne jest szybsze?
wpływ palenia na śmiertelność
Na jakich danych był trenowany?
Hur många parametrar har modellen?
Varför är spekulativ avkodning snabbare?
vilka artiklar handlar om depression
Was ist Heron?
Wie funktioniert Heron?
Warum altern Zellen?
wer hat Heron erfunden
Qu'est-ce que Heron ?
Comment fonctionne Heron ?
pourquoi l'insuline
À quoi sert Heron ?
¿Cuánto cuesta Heron?
como funciona Heron
Cos'è Heron?
Come funziona Heron?
Quem inventou Heron?
Wat is Heron?
Hoe groot is Heron?
Hur fungerar Heron?
Hvad er Heron?
Jak działa Heron?
Co to jest Heron?
Mikä on Heron?
Heron yöntemi nasıl çalışır?
sigaranın ölüm oranına etkisi
这个模型有多少参数？
什么是 Heron？
Сколько параметров у модели?
Что такое Heron?
モデルのパラメータ数はいくつですか？
Heronとは何ですか
كم عدد معلمات النموذج؟
ما هو Heron؟
모델의 매개변수는 몇 개인가요?
Πόσες παραμέτρους έχει το μοντέλο;
""".strip().splitlines()

ENGLISH = """
How large is Heron?
de novo mutations in autism
de novo
El Niño La Niña rainfall
Escherichia coli lac operon
Drosophila melanogaster eye
des-gamma-carboxy prothrombin
SOX2 OCT4 iPSC
NaFe0.5Co0.5O2 cathode
18 receptor na-cl co-transporter
IL-6 TNF alpha in vitro
per os vs i.v. dosing
LLM decodng spculative
die attach solder
de Broglie wavelength
von Willebrand factor
van der Waals forces
αβ T cells, βγ subunits
poly(A) tail
Sjögren syndrome prevalence
naïve Bayes
Erdős–Rényi graph
Comment on Smith et al
Con A lectin binding
a promt compresion w/o mlp layers
what does 注意力 mean here
how good is LLäMmlein on the Größe test
5 µm, 3 Å
WAT browning in mice
WER of speech models
wer of whisper
jak inhibitors in arthritis
Co doped ZnO
chi square test
cos cells
vad thrombosis
was Heron trained on fish
Was the die cast?
come up with a plan
Comment by Jones
dove song
je vaccine
bert vs gpt
""".strip().splitlines()


@pytest.mark.parametrize("question", OTHER)
def test_other_languages_are_told(question: str) -> None:
    assert not is_english(question)


@pytest.mark.parametrize("question", ["", "?", "12", *ENGLISH])
def test_keywords_names_and_errors_are_no_other_language(question: str) -> None:
    assert is_english(question)


LIBRARY = LexicalIndex.build(
    [
        "Heron: fishing with a KV cache of 7B fish",
        "GPT models, 5 of them",
        *["Encoder models for birds"] * (MAX_SINGLED_OUT + 1),
    ]
)
LIKELY = Assessment(0.9, 0.9, found=True, confidence="likely")


@pytest.mark.parametrize(
    ("question", "words", "n_papers"),
    [
        ("Wie schnell ist Heron und warum?", ("Heron",), 1),
        ("Heron的速度有多快？", ("Heron",), 1),
        ("¿Qué hace el KV-Cache con 7B?", ("KV-Cache", "7B"), 1),
        ("Was kann GPT-5 und wie groß ist es?", (), 0),
        ("Welche Encoder sind die besten?", ("Encoder",), MAX_SINGLED_OUT + 1),
        ("Ist Heron ein Encoder und wie groß ist er?", ("Heron", "Encoder"), 0),
    ],
)
def test_words_that_the_library_shares(
    question: str, words: tuple[str, ...], n_papers: int
) -> None:
    shared = find_shared_words(question, LIBRARY)
    assert shared is not None
    assert shared.words == words
    assert len(shared.rows) == n_papers
    assert shared.single_out == (n_papers == 1)
    limited = shared.limit(LIKELY)
    assert limited.answerability == (0.9 if n_papers == 1 else 0.0)
    assert limited.found == (n_papers == 1)
    assert limited.confidence == "uncertain"
    assert "English" in shared.refusal
    assert all(word in shared.refusal for word in words)


def test_an_english_question_is_matched_as_a_whole() -> None:
    assert find_shared_words("How fast is Heron?", LIBRARY) is None
