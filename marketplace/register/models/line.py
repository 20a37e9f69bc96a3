"""The history of an entry: one public line for each time that it was entered, renewed, raised or struck."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.parties.models import TechnologyManager

from .holder import HAS_ONE_HOLDER, Held, HeldQuerySet
from .removal import Removal


class RegisterLineQuerySet(HeldQuerySet):
    def visible_to(self, user: Any) -> "RegisterLineQuerySet":
        """The register is public."""
        return self


class RegisterLine(Held):
    """登记记录. Added, never edited: PostgreSQL itself refuses it. A removal names its ground and no more."""

    class Kind(models.TextChoices):
        REGISTERED = "REGISTERED", pgettext_lazy("register", "registered")
        RENEWED = "RENEWED", pgettext_lazy("register", "renewed")
        LEVEL_CHANGED = "LEVEL_CHANGED", pgettext_lazy("register", "level changed")
        REMOVED = "REMOVED", pgettext_lazy("register", "removed")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    on = models.DateField(_("day"))
    level = models.CharField(_("level"), max_length=12, choices=TechnologyManager.Level, blank=True)
    number = models.CharField(_("register number"), max_length=40, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    ground = models.CharField(_("ground"), max_length=20, choices=Removal.Ground, blank=True)
    rule = models.CharField(_("rule applied"), max_length=120, blank=True)

    objects = RegisterLineQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("line of the register")
        verbose_name_plural = _("lines of the register")
        ordering: ClassVar[list[str]] = ["on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=HAS_ONE_HOLDER, name="a_register_line_is_of_one_entry"),
            models.CheckConstraint(
                condition=Q(kind="REMOVED") | (Q(valid_until__isnull=False) & ~Q(number="")),
                name="a_register_line_has_number_and_term",
            ),
            models.CheckConstraint(
                condition=~Q(kind="REMOVED") | ~Q(ground=""), name="a_removal_in_the_register_names_its_ground"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} · {self.get_kind_display()}"
