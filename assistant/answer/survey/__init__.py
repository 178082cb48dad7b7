"""Answers to questions of the library as a whole: every paper that belongs, with its own words."""
