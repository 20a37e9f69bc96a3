"""The service order: an owner has something done to a listing by a transfer agency, at a price and by a day."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.listings.models import Achievement, Demand
from marketplace.parties import access
from marketplace.parties.models import Agency, Organisation


class ServiceOrderQuerySet(models.QuerySet["ServiceOrder"]):
    def visible_to(self, user: Any) -> "ServiceOrderQuerySet":
        """Who orders, who provides, and staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        return self.filter(Q(customer_id__in=mine) | Q(provider__organisation_id__in=mine))


class ServiceOrder(Record):
    """服务订单. The price is the whole price; it is fixed once the agency has taken the order."""

    class Kind(models.TextChoices):
        SCREENING = "SCREENING", _("screening")
        VALUATION = "VALUATION", _("valuation")
        PROMOTION = "PROMOTION", _("promotion")
        FINANCING = "FINANCING", _("financing")
        LEGAL = "LEGAL", _("legal work")

    class State(models.TextChoices):
        ORDERED = "ordered", pgettext_lazy("service order", "ordered")
        TAKEN = "taken", pgettext_lazy("service order", "taken")
        DECLINED = "declined", pgettext_lazy("service order", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("service order", "withdrawn")
        DELIVERED = "delivered", pgettext_lazy("service order", "delivered")
        COMPLAINED = "complained", pgettext_lazy("service order", "complained about")
        APPROVED = "approved", pgettext_lazy("service order", "approved")
        CLOSED = "closed", pgettext_lazy("service order", "closed")

    achievement = models.ForeignKey(
        Achievement,
        verbose_name=_("achievement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
    )
    demand = models.ForeignKey(
        Demand, verbose_name=_("demand"), on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    customer = models.ForeignKey(
        Organisation, verbose_name=_("ordered by"), on_delete=models.PROTECT, related_name="services_ordered"
    )
    provider = models.ForeignKey(
        Agency, verbose_name=_("provider"), on_delete=models.PROTECT, related_name="service_orders"
    )
    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    brief = models.TextField(_("what is to be done"), max_length=2000)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    due_on = models.DateField(_("to be delivered by"))
    answer_by = models.DateField(_("to be answered by"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("ordered by person"), on_delete=models.PROTECT, related_name="+"
    )
    state = FSMField(_("state"), choices=State, default=State.ORDERED, protected=True, db_index=True)
    answer = models.TextField(_("answer of the provider"), max_length=2000, blank=True)
    report = models.TextField(_("what was delivered"), max_length=2000, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    complaint = models.TextField(_("complaint"), max_length=2000, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating, 1 to 5"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=500, blank=True)

    objects = ServiceOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("service order")
        verbose_name_plural = _("service orders")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(achievement__isnull=False, demand__isnull=True)
                | Q(achievement__isnull=True, demand__isnull=False),
                name="a_service_order_is_about_one_listing",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="a_service_has_no_negative_price"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5), name="a_rating_is_1_to_5"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "complained", "approved"])
                | (Q(delivered_on__isnull=False) & ~Q(report="")),
                name="a_delivered_service_says_what_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="complained") | ~Q(complaint=""), name="a_complaint_says_what_is_wrong"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("answer_by")), name="a_service_is_answered_before_it_is_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.listing.title}"

    @property
    def listing(self) -> Achievement | Demand:
        """What the service is about."""
        found = self.achievement or self.demand
        assert found is not None
        return found

    @transition(field=state, source=State.ORDERED, target=State.TAKEN)
    def take(self) -> None:
        """The agency does it at this price by this day."""

    @transition(field=state, source=State.ORDERED, target=State.DECLINED)
    def decline(self) -> None:
        """The agency does not, and says why."""

    @transition(field=state, source=State.ORDERED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The owner takes the order back before it is taken."""

    @transition(field=state, source=[State.TAKEN, State.COMPLAINED], target=State.DELIVERED)
    def deliver(self) -> None:
        """The agency says what it did; after a complaint, anew."""

    @transition(field=state, source=State.DELIVERED, target=State.COMPLAINED)
    def complain(self) -> None:
        """The owner says what is missing or wrong."""

    @transition(field=state, source=[State.DELIVERED, State.COMPLAINED], target=State.APPROVED)
    def approve(self) -> None:
        """The owner is content, and rates it."""

    @transition(field=state, source=[State.APPROVED, State.COMPLAINED], target=State.CLOSED)
    def close(self) -> None:
        """Paid, or given up; how it ended is written down."""
