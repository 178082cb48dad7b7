"""What a run must hold: bounds of its suite, and the baseline."""
