"""Wires core into Django, and every stage's permissions into the `rules` library."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import class_prepared
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMFieldMixin


class CoreConfig(AppConfig):
    name = "marketplace.core"
    label = "core"
    verbose_name = _("Journal")

    def ready(self) -> None:
        autodiscover_modules("permissions")
        class_prepared.connect(let_go)


def let_go(sender: Any, **_said: Any) -> None:
    """A state field looks through every class that is prepared after it, for as long as it lives.

    Migrations prepare tens of thousands of historical classes, none of which has a transition: each would be looked
    through by all before it, which was more than half of the time that an empty database takes to be migrated.
    """
    if sender.__module__ == "__fake__":
        for field in sender._meta.local_fields:
            if isinstance(field, FSMFieldMixin):
                class_prepared.disconnect(field._collect_transitions)
