"""The evals tab: the reports of the evals."""
