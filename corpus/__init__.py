"""Articles in, passages out."""
