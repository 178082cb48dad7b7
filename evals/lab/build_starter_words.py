"""Computes the word vectors that ship with the starter library.

    python -m assistant_evals.lab.build_starter_words

To be run again whenever the library, the splitter, the chunker, the model or the projection
changes: a test fails until it was.
"""

from __future__ import annotations

from assistant_evals.lab.flat_library import papers_of

from assistant.embeddings.cache import EmbeddingCache, hash_text
from assistant.embeddings.word_embedder import WordEmbedder, WordMiniLM
from assistant.starter.papers import locate_starter
from assistant.starter.words import STARTER_WORDS, save_starter_words
from assistant.text.passages import chunk_paper, format_passage


def starter_passages() -> list[str]:
    """Returns the text of every passage of the starter library, as it is embedded."""
    papers = papers_of(locate_starter())
    return [format_passage(paper.title, own) for paper in papers for own in chunk_paper(paper)]


def main() -> None:
    """Writes the file and says how large it is."""
    texts = starter_passages()
    words = WordEmbedder(WordMiniLM(), EmbeddingCache(None)).embed_words(texts)
    save_starter_words({hash_text(t): w for t, w in zip(texts, words, strict=True)})
    print(f"{STARTER_WORDS}: {len(texts)} texts, {STARTER_WORDS.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
