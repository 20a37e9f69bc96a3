"""Template tags that all doors share."""
