"""Papers and answers as files: BibTeX, RIS, CSL-JSON, JSON Lines and Markdown."""
