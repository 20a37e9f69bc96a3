"""What belongs to one entry of the register: of a technology manager, or of an agency."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Agency, TechnologyManager

Holder = TechnologyManager | Agency
HAS_ONE_HOLDER = Q(manager__isnull=False, agency__isnull=True) | Q(manager__isnull=True, agency__isnull=False)


class HeldQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "HeldQuerySet":
        """The person, the people of the agency, and who keeps the register."""
        if not user.is_authenticated:
            return self.none()
        if access.keeps_register(user):
            return self
        mine = access.organisation_ids(user)
        return self.filter(Q(manager__user=user) | Q(agency__organisation_id__in=mine))

    def of(self, holder: Holder) -> "HeldQuerySet":
        """Of this entry."""
        return self.filter(**{kind_of(holder): holder})


class Held(Record):
    """A row of one entry."""

    manager = models.ForeignKey(
        TechnologyManager,
        verbose_name=_("technology manager"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )

    objects = HeldQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def holder(self) -> Holder:
        """Whose entry it is."""
        found = self.manager or self.agency
        assert found is not None
        return found


def kind_of(holder: Holder) -> str:
    """The column in which an entry stands: "manager" or "agency"."""
    return "manager" if isinstance(holder, TechnologyManager) else "agency"
