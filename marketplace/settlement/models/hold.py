"""What blocks a distribution, or the payment of one share of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.parties import access

from .distribution import Distribution
from .payee import Payee, decided_for
from .share import Share


class HoldQuerySet(models.QuerySet["Hold"]):
    def visible_to(self, user: Any) -> "HoldQuerySet":
        """Who raised it, and who decides about the money of the book; staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(Q(raised_by_id=user.pk) | Q(distribution__book_id__in=decided_for(user)))

    def standing(self) -> "HoldQuerySet":
        return self.filter(state="standing")


class Hold(Record):
    """暂缓: something that blocks a distribution until somebody resolves it with a reason."""

    class Kind(models.TextChoices):
        RELATED = "RELATED", _("an inventor is related to the buyer")
        DISPUTED = "DISPUTED", _("a share is disputed")
        OTHER = "OTHER", pgettext_lazy("hold", "other")

    class State(models.TextChoices):
        STANDING = "standing", _("blocks")
        RESOLVED = "resolved", pgettext_lazy("hold", "resolved")

    distribution = models.ForeignKey(
        Distribution, verbose_name=_("distribution"), on_delete=models.PROTECT, related_name="holds"
    )
    share = models.ForeignKey(
        Share,
        verbose_name=pgettext_lazy("reward", "share"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="holds",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    reason = models.TextField(_("reason"), max_length=1000)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("raised by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty when the system raised it by itself."),
    )
    resolution = models.TextField(_("how it was resolved"), max_length=1000, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("resolved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    state = FSMField(_("state"), choices=State, default=State.STANDING, protected=True, db_index=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_says_why"),
            models.CheckConstraint(
                condition=~Q(state="resolved") | (~Q(resolution="") & Q(resolved_by__isnull=False)),
                name="a_resolved_hold_says_how",
            ),
            models.CheckConstraint(
                condition=Q(raised_by__isnull=True) | Q(resolved_by__isnull=True) | ~Q(raised_by=F("resolved_by")),
                name="a_hold_is_resolved_by_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.distribution}"

    @property
    def book_id(self) -> int:
        return self.distribution.book_id

    @property
    def payee(self) -> Payee | None:
        """The person whose share it holds; None where it holds all of them."""
        return self.share.payee if self.share else None

    @transition(field=state, source=State.STANDING, target=State.RESOLVED)
    def resolve(self) -> None:
        """Somebody else looked at it and says why it blocks no longer."""
