"""The application to be entered in the register, to stay in it, or to rise to another level."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.documents.models import Document
from marketplace.parties.models import TechnologyManager

from .holder import HAS_ONE_HOLDER, Held


class Application(Held):
    """登记申请. What is declared are codes of the requirements of the level; the law that named them is kept."""

    class Kind(models.TextChoices):
        FIRST = "FIRST", pgettext_lazy("application", "first registration")
        RENEWAL = "RENEWAL", pgettext_lazy("application", "renewal")
        LEVEL = "LEVEL", pgettext_lazy("application", "another level")

    class State(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("application", "submitted")
        RETURNED = "returned", pgettext_lazy("application", "to be supplemented")
        GRANTED = "granted", pgettext_lazy("application", "granted")
        REFUSED = "refused", pgettext_lazy("application", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")

    OPEN = (State.SUBMITTED, State.RETURNED)

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    level = models.CharField(
        _("level applied for"), max_length=12, choices=TechnologyManager.Level, blank=True,
        help_text=_("Empty for an agency."),
    )  # fmt: skip
    declared = models.JSONField(_("requirements declared"), default=list, blank=True)
    statement = models.TextField(_("statement"), max_length=2000, blank=True)
    rule = models.CharField(_("rule applied"), max_length=120)
    evidence = models.ManyToManyField(
        Document, verbose_name=_("evidence"), related_name="register_applications", blank=True
    )
    decide_by = models.DateField(_("to be decided by"))
    state = FSMField(_("state"), choices=State, default=State.SUBMITTED, protected=True, db_index=True)
    missing = models.TextField(_("to be supplemented"), max_length=2000, blank=True)
    decision = models.TextField(_("reason of the decision"), max_length=2000, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("application for registration")
        verbose_name_plural = _("applications for registration")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=HAS_ONE_HOLDER, name="an_application_is_for_one_entry"),
            models.CheckConstraint(
                condition=Q(manager__isnull=True, level="") | (Q(manager__isnull=False) & ~Q(level="")),
                name="a_managers_application_names_its_level",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"]) | (Q(decided_on__isnull=False) & ~Q(decision="")),
                name="a_decided_application_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(missing=""), name="a_returned_application_says_what_is_missing"
            ),
            models.UniqueConstraint(
                fields=["manager"],
                condition=Q(state__in=["submitted", "returned"]),
                name="one_open_application_per_manager",
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state__in=["submitted", "returned"]),
                name="one_open_application_per_agency",
            ),
        ]

    def __str__(self) -> str:
        parts = (str(self.holder), str(self.get_kind_display()), self.get_level_display() if self.level else "")
        return " · ".join(part for part in parts if part)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @transition(field=state, source=State.SUBMITTED, target=State.RETURNED)
    def send_back(self) -> None:
        """Something is missing; the applicant supplements it."""

    @transition(field=state, source=State.RETURNED, target=State.SUBMITTED)
    def supplement(self) -> None:
        """What was missing is there."""

    @transition(field=state, source=State.SUBMITTED, target=State.GRANTED)
    def grant(self) -> None:
        """Entered in the register."""

    @transition(field=state, source=[State.SUBMITTED, State.RETURNED], target=State.REFUSED)
    def refuse(self) -> None:
        """Not entered, and why."""

    @transition(field=state, source=[State.SUBMITTED, State.RETURNED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The applicant takes it back."""
