"""Servers of models: who they are, which key is whose, what holds for all requests."""
