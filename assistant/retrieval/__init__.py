"""A question to the library's papers, best first."""
