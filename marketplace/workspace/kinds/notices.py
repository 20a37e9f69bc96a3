"""Objections that somebody else than the opener of the notice must answer; until then its clock stands still."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Waits, Work, add_work
from marketplace.notices.models import Objection

from .asking import day_at, deciding, in_state, title_of
from .brokerage import from_whom
from .listings import day_of


def to_answer(user: Any) -> Any:
    """As `notices.answer` permits: nobody judges their own work."""
    mine = deciding(user)
    if not mine:
        return None
    own = Q(notice__opened_by=user) | Q(filed_by=user)
    waiting = Objection.objects.filter(state=Objection.State.FILED, notice__owner_id__in=mine)
    return waiting.exclude(pk__in=Objection.objects.filter(own).values("pk"))


add_work(
    Work(
        name="objections",
        title=_("Objections to answer"),
        order=12,
        of=(
            Waits(
                Objection,
                to_answer,
                by=("filed_at", "id"),
                title=title_of("notice"),
                about=F("name"),
                day=day_at("filed_at"),
            ),
        ),
        note=from_whom,
        side=day_of,
        more=in_state(Objection, Objection.State.FILED),
    )
)
