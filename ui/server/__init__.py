"""The web server: what it serves, and whom it lets in."""
