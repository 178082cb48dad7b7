"""Speaking to language models: one client, whatever serves the model."""
