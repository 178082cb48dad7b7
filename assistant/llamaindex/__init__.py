"""Our parts as LlamaIndex knows such parts, for pipelines of LlamaIndex users."""
