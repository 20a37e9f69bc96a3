"""Configuration: settings, addresses, Celery. Knows everybody, known by nobody."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
