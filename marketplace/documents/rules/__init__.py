"""Pure rules of documents."""
