"""Follow-ups of a conversation, made into questions that stand alone."""
