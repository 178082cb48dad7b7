"""The cases of the evals: golden files, suites of them, and sentences that readers rated."""
