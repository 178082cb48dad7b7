"""The evals: golden questions, metrics and what runs them."""
