"""What the messages, tasks and meetings of a deal share: whose they are, and who reads them.

The room of a deal holds the people of both sides and the technology manager, and nobody else: the platform's own staff
see that there is a deal, not what is said in it. Who leaves an organisation reads nothing from that day.
"""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.models import Record
from marketplace.parties import access

from .deal import Deal


class Audience(models.TextChoices):
    """Who reads it. A side's own matters stay between it and the technology manager."""

    ALL = "all", pgettext_lazy("deal room", "everybody in the room")
    SUPPLIER = "supplier", pgettext_lazy("deal room", "the supplier and the technology manager")
    SEEKER = "seeker", pgettext_lazy("deal room", "the seeker and the technology manager")


class Seat(models.TextChoices):
    """As whom somebody is in the room."""

    SUPPLIER = "supplier", _("supplier")
    SEEKER = "seeker", _("seeker")
    MANAGER = "manager", _("technology manager")


class RoomQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What is for everybody in the room, what is for the person's own side, all of it for the manager."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        mine = access.organisation_ids(user)
        supplier = Q(audience__in=(Audience.ALL, Audience.SUPPLIER), deal__supplier_id__in=mine)
        seeker = Q(audience__in=(Audience.ALL, Audience.SEEKER), deal__seeker_id__in=mine)
        return self.filter(Q(deal__manager_id=user.pk) | supplier | seeker)


class InRoom(Record):
    """A row of the room of a deal."""

    deal = models.ForeignKey(Deal, verbose_name=_("deal"), on_delete=models.PROTECT, related_name="%(class)ss")
    audience = models.CharField(pgettext_lazy("deal room", "who reads it"), max_length=8, choices=Audience)

    class Meta:
        abstract = True
