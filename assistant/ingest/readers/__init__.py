"""One reader a format: from what a file holds to its records, broken ones told apart."""
