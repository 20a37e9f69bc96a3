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
    "send-letters": {"task": "core.send_letters", "schedule": 60.0},
    "seal-journal": {"task": "core.seal_journal", "schedule": 60.0},
    "match-forgotten-listings": {"task": "discovery.sweep_matches", "schedule": 15.0},
    "rematch-demands": {"task": "discovery.rematch_demands", "schedule": crontab(hour=3, minute=0)},
    "age-listings": {"task": "listings.age_listings", "schedule": crontab(hour=2, minute=10)},
    "send-digests": {"task": "discovery.send_digests", "schedule": crontab(hour="7-20", minute=30)},
    "warn-owners": {"task": "listings.warn_owners", "schedule": crontab(hour=8, minute=10)},
    "close-notices": {"task": "notices.close_notices", "schedule": crontab(hour=0, minute=10)},
    "lapse-leads": {"task": "brokerage.lapse_leads", "schedule": crontab(hour=2, minute=20)},
    "remind-deals": {"task": "brokerage.remind_deals", "schedule": crontab(hour=7, minute=20)},
    "remind-tasks": {"task": "brokerage.remind_tasks", "schedule": crontab(hour=7, minute=25)},
    "turn-mandates": {"task": "brokerage.turn_mandates", "schedule": crontab(hour=0, minute=15)},
    "turn-ndas": {"task": "brokerage.turn_ndas", "schedule": crontab(hour=0, minute=5)},
    "let-introductions-stand": {"task": "brokerage.let_introductions_stand", "schedule": crontab(hour=2, minute=25)},
    "lapse-applications": {"task": "contracts.lapse_applications", "schedule": crontab(hour=2, minute=30)},
    "tick-contracts-at-night": {"task": "contracts.tick_contracts", "schedule": crontab(hour=0, minute=20)},
    "bill-contracts": {"task": "settlement.bill_contracts", "schedule": 60.0},
    "remind-claims": {"task": "settlement.remind_claims", "schedule": crontab(hour=2, minute=35)},
    "remind-register": {"task": "register.remind", "schedule": crontab(hour=7, minute=40)},
    "watch-rewards": {"task": "settlement.watch_rewards", "schedule": crontab(hour=2, minute=40)},
    "forget-answers": {"task": "core.forget_answers", "schedule": crontab(hour=4, minute=10)},
    "forget-notifications": {"task": "core.forget_notifications", "schedule": crontab(hour=4, minute=20)},
    "verify-journal": {"task": "core.verify_journal", "schedule": crontab(hour=4, minute=30)},
    "tick-contracts": {"task": "contracts.tick_contracts", "schedule": crontab(minute="*/15")},
}
