"""Passages and a language model's words to cited sentences."""
