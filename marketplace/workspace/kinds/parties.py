"""Organisations that wait for the platform's staff."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Waiting, Waits, Work, add_work
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .asking import day_at, in_state
from .listings import day_of


def applied(model: Any) -> Any:
    return lambda user: model.objects.filter(state="applied") if access.is_platform_staff(user) else None


def kind_and_code(row: Waiting) -> str:
    return f"{Organisation.Kind(row.state).label} · {row.about}"


add_work(
    Work(
        name="organisations",
        title=_("Organisations to verify"),
        order=82,
        of=(
            Waits(
                Organisation,
                applied(Organisation),
                by=("created_at", "id"),
                title=("name_zh", "name_en"),
                about="credit_code",
                state="kind",
                day=day_at("created_at"),
            ),
        ),
        note=kind_and_code,
        side=day_of,
        more=in_state(Organisation, "applied"),
        empty=_("No organisation waits for verification."),
    ),
)
