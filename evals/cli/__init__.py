"""``assistant eval``: the evals on the command line."""

from assistant_evals.cli.app import app

__all__ = ["app"]
