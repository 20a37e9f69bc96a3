"""The register: what waits for its keepers to decide, and what the entered have to renew, file and answer."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Waiting, Waits, Work, add_work
from marketplace.law import book
from marketplace.parties import access
from marketplace.parties.models import Agency, Membership, TechnologyManager
from marketplace.register import rules
from marketplace.register.models import Application, Consent, RegisterLine, Removal, YearlyFiling

from .asking import deciding, in_state, listed, name_of

NAMES = tuple(Coalesce("manager__user__name", f"agency__organisation__name_{each}") for each in ("zh", "en"))
REGISTERED = "registered"


def administered(user: Any) -> list[int]:
    return [pk for pk, role in access.roles(user).items() if role == Membership.Role.ADMIN]


def own(user: Any) -> Q | None:
    """Rows of the person's own entry, and of the agencies that they administer; None for who has neither."""
    held, mine = access.qualification(user), administered(user)
    return Q(manager=held) | Q(agency__organisation_id__in=mine) if held or mine else None


def to_decide(model: Any, **states: Any) -> Any:
    """For the keepers, but nothing of their own."""

    def rows(user: Any) -> Any:
        if not access.keeps_register(user):
            return None
        mine = Q(manager__user=user) | Q(agency__organisation_id__in=access.organisation_ids(user))
        return model.objects.filter(**states).exclude(mine)

    return rows


def heard(user: Any) -> Any:
    rows = to_decide(Removal, state__in=Removal.LIVE)(user)
    if rows is None:
        return None
    over = Q(reply_by__lt=timezone.localdate()) | Q(ground=Removal.Ground.OWN_REQUEST)
    return rows.filter(Q(state=Removal.State.REPLIED) | over)


def mine_in(model: Any, state: str) -> Any:
    def rows(user: Any) -> Any:
        whose = own(user)
        return None if whose is None else model.objects.filter(whose, state=state)

    return rows


def consents(user: Any) -> Any:
    mine = deciding(user)
    return Consent.objects.filter(organisation_id__in=mine, state=Consent.State.ASKED) if mine else None


# Terms that end, years that are due


def entries(model: Any, user: Any) -> Any:
    """The entries that the person answers for."""
    if model is TechnologyManager:
        return model.objects.filter(user=user, state=REGISTERED) if access.qualification(user) else None
    mine = administered(user)
    return model.objects.filter(organisation_id__in=mine, state=REGISTERED) if mine else None


def column(model: Any) -> str:
    return "manager" if model is TechnologyManager else "agency"


def to_renew(model: Any) -> Any:
    """From the day on which a renewal may be applied for, unless it was."""

    def rows(user: Any) -> Any:
        found = entries(model, user)
        if found is None:
            return None
        today = timezone.localdate()
        days = int(book.on(today).table("register.clock")["renew"])
        waits = Application.objects.filter(state__in=Application.OPEN, **{column(model): OuterRef("pk")})
        return found.filter(valid_until__lte=today + timedelta(days=days)).exclude(Exists(waits))

    return rows


def to_file(model: Any) -> Any:
    """Who was in the register last year and has not filed for it."""

    def rows(user: Any) -> Any:
        found = entries(model, user)
        if found is None:
            return None
        year, here = timezone.localdate().year - 1, {column(model): OuterRef("pk")}
        entered = RegisterLine.objects.filter(on__year__lte=year, **here)
        filed = YearlyFiling.objects.filter(year=year, **here)
        due = rules.due_day(year, book.on(timezone.localdate()).text("register.yearly.due"))
        return found.filter(Exists(entered)).exclude(Exists(filed)).annotate(due_on=Value(due))

    return rows


def kind_of(row: Waiting) -> Any:
    return row.model._meta.verbose_name


def level_or_kind(row: Waiting) -> Any:
    return Application.Kind(row.state).label if row.state else kind_of(row)


def ground(row: Waiting) -> Any:
    return Removal.Ground(row.state).label


def held(model: Any, rows: Any, **options: Any) -> tuple[Waits, ...]:
    """Rows of entries, under the name of the entry."""
    return (Waits(model, rows, title=(NAMES[0], NAMES[1]), **options),)


def both(asks: Any, day: str) -> tuple[Waits, ...]:
    """Entries of both registers."""
    return (
        Waits(TechnologyManager, asks(TechnologyManager), by=("id",), title="user__name", day=day),
        Waits(Agency, asks(Agency), by=("id",), title=name_of("organisation"), day=day),
    )


add_work(
    Work(
        name="removals-to-reply",
        title=_("You are to be removed from the register: reply"),
        order=8,
        of=held(Removal, mine_in(Removal, Removal.State.ANNOUNCED), by=("reply_by", "id"), state="ground",
                day="reply_by"),
        note=ground,
    ),
    Work(
        name="applications-to-supplement",
        title=_("Applications for registration to supplement"),
        order=15,
        of=held(Application, mine_in(Application, Application.State.RETURNED), state="kind"),
        note=level_or_kind,
    ),
    Work(
        name="filings-to-correct",
        title=_("Yearly data to correct"),
        order=16,
        of=held(YearlyFiling, mine_in(YearlyFiling, YearlyFiling.State.RETURNED), about="year"),
    ),
    Work(name="terms-to-renew", title=_("Registrations to renew"), order=17, of=both(to_renew, "valid_until"),
         note=kind_of),
    Work(name="years-to-file", title=_("Data of last year to file"), order=18, of=both(to_file, "due_on"),
         note=kind_of),
    Work(
        name="consents-to-answer",
        title=_("Consents to answer"),
        order=19,
        of=(Waits(Consent, consents, by=("asked_on", "id"), title="contract__title", state="scope", day="asked_on"),),
        note=lambda row: Consent.Scope(row.state).label,
        more=in_state(Consent, Consent.State.ASKED),
    ),
    Work(
        name="register-applications",
        title=_("Applications for registration to decide"),
        order=83,
        of=held(Application, to_decide(Application, state=Application.State.SUBMITTED), by=("decide_by", "id"),
                state="kind", day="decide_by"),
        note=level_or_kind,
        more=in_state(Application, Application.State.SUBMITTED),
        empty=_("No application waits for a decision."),
    ),
    Work(
        name="removals-to-decide",
        title=_("Removals from the register to decide"),
        order=84,
        of=held(Removal, heard, by=("reply_by", "id"), state="ground", day="reply_by"),
        note=ground,
        more=listed(Removal),
    ),
    Work(
        name="filings-to-accept",
        title=_("Yearly data to look at"),
        order=85,
        of=held(YearlyFiling, to_decide(YearlyFiling, state=YearlyFiling.State.FILED), by=("filed_on", "id"),
                about="year", day="filed_on"),
        more=in_state(YearlyFiling, YearlyFiling.State.FILED),
    ),
)  # fmt: skip
