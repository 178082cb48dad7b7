"""The starter library, which ships with the package."""
