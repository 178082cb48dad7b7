"""A question to an answer: the engine, and its parts that quote, survey and write."""
