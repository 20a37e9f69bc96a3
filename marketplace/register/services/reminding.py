"""Reminding: once before a term ends, once before a yearly filing is due."""

from datetime import date, timedelta

from marketplace.parties.models import Agency, TechnologyManager

from .. import asking, telling
from ..models import Application
from ..models.holder import Holder
from .filing import due_on, years_to_file


def remind(today: date) -> int:
    """Tell each entry whose days of reminder have come; return how many. Running it twice tells nobody twice."""
    told = 0
    for model, related in ((TechnologyManager, ("user", "agency__organisation")), (Agency, ("organisation",))):
        for holder in model.objects.filter(state="registered").select_related(*related):
            told += remind_one(holder, today)
    return told


def remind_one(holder: Holder, today: date) -> bool:
    days = timedelta(days=asking.days(holder, "remind"))
    is_told = False
    if holder.valid_until is not None and today <= holder.valid_until <= today + days and not is_renewing(holder):
        telling.term_ends(holder)
        is_told = True
    for year in years_to_file(holder):
        due = due_on(holder, year)
        if due - days <= today:
            telling.filing_due(holder, year, due, is_late=due < today)
            is_told = True
    return is_told


def is_renewing(holder: Holder) -> bool:
    return Application.objects.of(holder).filter(state__in=Application.OPEN).exists()
