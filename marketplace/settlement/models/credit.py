"""The credit notice (信用推送): a default that is final, written down after a notice and the right to reply.

It is a record here, for its parties and staff. Nothing is sent to anybody outside.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.parties import access
from marketplace.parties.models import Organisation


class CreditNoticeQuerySet(models.QuerySet["CreditNotice"]):
    def visible_to(self, user: Any) -> "CreditNoticeQuerySet":
        """Who gives it, whom it is about, and staff; nobody else, not the other parties of the contract either."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        return self.filter(Q(issuer_id__in=mine) | Q(subject_id__in=mine))


class CreditNotice(Record):
    """One creditor's notice about one firm. The evidence pack is frozen with its hash when it is announced."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", pgettext_lazy("credit notice", "announced, may be answered")
        PUSHED = "pushed", pgettext_lazy("credit notice", "on record")
        CONTESTED = "contested", pgettext_lazy("credit notice", "on record, contested")
        WITHDRAWN = "withdrawn", pgettext_lazy("credit notice", "withdrawn")
        CORRECTED = "corrected", pgettext_lazy("credit notice", "corrected")

    LIVE = (State.ANNOUNCED, State.PUSHED, State.CONTESTED)

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="credit_notices"
    )
    issuer = models.ForeignKey(
        Organisation, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="credit_notices_given"
    )
    subject = models.ForeignKey(
        Organisation, verbose_name=_("about"), on_delete=models.PROTECT, related_name="credit_notices"
    )
    amount = models.DecimalField(_("unpaid when it was announced"), max_digits=16, decimal_places=2)
    grounds = models.TextField(_("grounds"), max_length=2000)
    evidence = models.ForeignKey(Document, verbose_name=_("evidence pack"), on_delete=models.PROTECT, related_name="+")
    announced_on = models.DateField(_("announced on"))
    reply_until = models.DateField(_("may be answered until"))
    rule = models.CharField(_("legal value of these days"), max_length=120)
    reply = models.TextField(_("reply"), max_length=2000, blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    answer = models.TextField(_("answer to the reply"), max_length=2000, blank=True)
    pushed_on = models.DateField(_("on record since"), null=True, blank=True)
    contest = models.TextField(_("what is contested"), max_length=2000, blank=True)
    contested_on = models.DateField(_("contested on"), null=True, blank=True)
    answer_by = models.DateField(_("to be checked by"), null=True, blank=True)
    outcome = models.TextField(_("outcome and reasons"), max_length=2000, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    state = FSMField(_("state"), choices=State, default=State.ANNOUNCED, protected=True, db_index=True)

    objects = CreditNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit notice")
        verbose_name_plural = _("credit notices")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "issuer"],
                condition=Q(state__in=["announced", "pushed", "contested"]),
                name="one_live_credit_notice_per_creditor",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_credit_notice_is_about_something_unpaid"),
            models.CheckConstraint(
                condition=Q(reply_until__gt=F("announced_on")), name="a_credit_notice_leaves_days_to_reply"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["pushed", "contested"])
                | (Q(pushed_on__isnull=False) & Q(pushed_on__gt=F("reply_until"))),
                name="a_credit_notice_waits_until_the_days_are_over",
            ),
            models.CheckConstraint(
                condition=Q(pushed_on__isnull=True) | Q(reply="") | ~Q(answer=""),
                name="a_reply_is_answered_before_it_is_on_record",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "corrected"]) | (~Q(outcome="") & Q(ended_on__isnull=False)),
                name="an_ended_credit_notice_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.contract}"

    @transition(field=state, source=State.ANNOUNCED, target=State.PUSHED)
    def push(self) -> None:
        """The days are over, what was said is answered, and it is still unpaid."""

    @transition(field=state, source=State.ANNOUNCED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The creditor does not go on with it."""

    @transition(field=state, source=State.PUSHED, target=State.CONTESTED)
    def contest_it(self) -> None:
        """The firm says that something of it is wrong, or has been paid."""

    @transition(field=state, source=State.CONTESTED, target=State.PUSHED)
    def uphold(self) -> None:
        """Checked, and it stays as it is."""

    @transition(field=state, source=[State.PUSHED, State.CONTESTED], target=State.CORRECTED)
    def correct(self) -> None:
        """It was wrong, or the debt is settled: it is on record no more."""
