"""Texts to vectors: MiniLM, OpenAI-compatible servers or LlamaIndex embeddings, behind a cache."""
