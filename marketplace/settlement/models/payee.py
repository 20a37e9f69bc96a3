"""The people a reward is paid to, as its owner knows them, and the owner's own rules of rewarding."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.parties import access
from marketplace.parties.models import Organisation

from ..rules.paying_out import masked


def decided_for(user: Any) -> list[int]:
    """The organisations whose money this person decides about."""
    return [each for each in access.organisation_ids(user) if access.may_decide_for(user, each)]


class OfMoneyPeopleQuerySet(models.QuerySet[Any]):
    """Rows for those who decide about the money of a book, and for staff."""

    def visible_to(self, user: Any) -> "OfMoneyPeopleQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self if access.is_platform_staff(user) else self.filter(book_id__in=decided_for(user))


class PayeeQuerySet(models.QuerySet["Payee"]):
    def visible_to(self, user: Any) -> "PayeeQuerySet":
        """The person, and who decides about the money of the book. Not even staff: an account is personal (PIPL)."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(user_id=user.pk) | Q(book_id__in=decided_for(user)))


class Payee(Record):
    """领取人: somebody who shares in rewards, the office they hold, and the account they are paid to."""

    class Office(models.TextChoices):
        NONE = "NONE", _("no leader")
        LEADER = "LEADER", _("leader, not the head")
        HEAD = "HEAD", _("head of a unit")

    book = models.ForeignKey(Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="payees")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payees",
        help_text=_("Empty for somebody without an account here, who signs on paper."),
    )
    name = models.CharField(_("name"), max_length=60)
    office = models.CharField(_("office"), max_length=8, choices=Office, default=Office.NONE)
    office_from = models.DateField(_("in office from"), null=True, blank=True)
    office_to = models.DateField(_("in office until"), null=True, blank=True)
    holder = models.CharField(_("account holder"), max_length=100, blank=True)
    bank = models.CharField(_("bank"), max_length=100, blank=True, help_text=_("With its branch."))
    account_number = models.CharField(_("account number"), max_length=34, blank=True)

    objects = PayeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("payee")
        verbose_name_plural = _("payees")
        ordering: ClassVar[list[str]] = ["book", "name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["book", "user"], condition=Q(user__isnull=False), name="one_payee_per_book_and_person"
            ),
            models.CheckConstraint(
                condition=Q(account_number="") | Q(account_number__regex=r"^[0-9A-Z]{6,34}$"),
                name="an_account_number_has_digits_and_letters",
            ),
            models.CheckConstraint(
                condition=Q(account_number="", bank="") | (~Q(account_number="") & ~Q(bank="") & ~Q(holder="")),
                name="an_account_has_its_bank_and_holder",
            ),
            models.CheckConstraint(
                condition=Q(office="NONE") | Q(office_from__isnull=False), name="an_office_has_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(office_to__isnull=True) | Q(office_to__gte=F("office_from")),
                name="an_office_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_number(self) -> str:
        """What pages show of the account."""
        return masked(self.account_number)

    def office_on(self, day: date) -> str:
        """The office held on a day."""
        begun = self.office_from is not None and self.office_from <= day
        is_held = begun and (self.office_to is None or day <= self.office_to)
        return self.office if is_held else self.Office.NONE


class RewardRule(Record):
    """奖酬规定: what an owner has laid down for its rewards, from a day, with the document. Added, never edited."""

    class Method(models.TextChoices):
        TRANSFER_LICENCE = "transfer_license", _("transfer or licence: part of the net income")
        EQUITY = "equity", _("capital contribution: part of the shares")

    book = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="reward_rules"
    )
    method = models.CharField(_("for"), max_length=20, choices=Method)
    rate = models.DecimalField(_("reward"), max_digits=9, decimal_places=6, help_text=_("As a ratio: 0.7 for 70 %."))
    pay_within_months = models.PositiveSmallIntegerField(_("paid within months"), null=True, blank=True)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    title = models.CharField(_("title of the rule"), max_length=200)
    document = models.ForeignKey(Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(_("hash of the document"), max_length=64)
    law_references = models.JSONField(_("decided under"), default=list, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = OfMoneyPeopleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of rewarding")
        verbose_name_plural = _("rules of rewarding")
        ordering: ClassVar[list[str]] = ["book", "method", "-effective_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["book", "method", "effective_from"], name="one_reward_rule_per_method_and_first_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0) & Q(rate__lte=1), name="a_reward_is_a_part_of_the_income"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="a_reward_rule_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_reward_rule_has_its_document"),
        ]

    def __str__(self) -> str:
        return self.title
