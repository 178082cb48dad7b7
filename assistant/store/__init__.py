"""The library on disk or on a Chroma server: immutable versions, one writer, many readers."""
