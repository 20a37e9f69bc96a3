"""Legal values by place and date, each with its citation: `law.on(day, place)` opens the book."""

from .book import Book, Provision, cited, on

__all__ = ["Book", "Provision", "cited", "on"]
