"""Who judges whether sentences are supported, and how far that judge can be trusted."""
