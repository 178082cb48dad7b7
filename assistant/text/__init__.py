"""Text by itself: sentences, words, tokens, passages, names and LaTeX; no model, no file."""
