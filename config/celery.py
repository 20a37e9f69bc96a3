"""Celery: how tasks travel, and what runs at night.

A message is only a wake-up; the truth about pending work is a row in the database. Losing the broker costs
time, never work, because the sweepers below find forgotten rows by query.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "match-forgotten-listings": {"task": "discovery.sweep_matches", "schedule": 15.0},
    "rematch-demands": {"task": "discovery.rematch_demands", "schedule": crontab(hour=3, minute=0)},
    "age-listings": {"task": "listings.age_listings", "schedule": crontab(hour=2, minute=10)},
    "lapse-leads": {"task": "brokerage.lapse_leads", "schedule": crontab(hour=2, minute=20)},
}
