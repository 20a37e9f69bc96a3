"""The case portfolio: a Word file of a manager's closed cases, known by its number and hash."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.parties import access
from marketplace.parties.models import TechnologyManager


class PortfolioQuerySet(models.QuerySet["Portfolio"]):
    def visible_to(self, user: Any) -> "PortfolioQuerySet":
        """The manager alone, and staff: an examiner gets the file from the manager and checks its number."""
        if not user.is_authenticated:
            return self.none()
        return self if access.is_platform_staff(user) else self.filter(manager__user=user)


class Portfolio(Record):
    """案例集. The public may confirm that a file of this number and hash was made here, for whom; never its text."""

    manager = models.ForeignKey(
        TechnologyManager, verbose_name=_("technology manager"), on_delete=models.PROTECT, related_name="portfolios"
    )
    number = models.CharField(_("verification number"), max_length=24, unique=True)
    document = models.OneToOneField(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="portfolio"
    )
    made_on = models.DateField(_("made on"))
    cases = models.PositiveSmallIntegerField(_("cases"))

    objects = PortfolioQuerySet.as_manager()

    class Meta:
        verbose_name = _("case portfolio")
        verbose_name_plural = _("case portfolios")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(cases__gt=0), name="a_portfolio_has_a_case"),
            models.CheckConstraint(condition=~Q(number=""), name="a_portfolio_has_its_number"),
        ]

    def __str__(self) -> str:
        return self.number
