"""The search tab: ranked papers, each with the sentence that matches best."""
