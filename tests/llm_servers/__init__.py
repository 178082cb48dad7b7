"""Servers of models for tests: one that follows a script, and llama.cpp's own."""
