"""What a claim turns round: what it denies and its sources do not, 'raises' for 'lowers'."""
