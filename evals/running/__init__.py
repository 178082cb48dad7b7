"""One run of a suite: its cases asked, measured and held."""
