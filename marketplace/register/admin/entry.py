"""What the register adds to the pages of technology managers, agencies and organisations: applying, filing, history."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Call, Move, MoveForm, add_move, add_panel, many, select, text
from marketplace.core.workspace.fields import line
from marketplace.law import codes
from marketplace.parties import access
from marketplace.parties import services as parties
from marketplace.parties.models import LANGUAGES, Agency, Membership, Organisation, TechnologyManager

from .. import asking, rules, services
from ..models import Application, RegisterLine, Removal, YearlyFiling
from ..permissions import keeps, may_act_for
from ..services.filing import due_on, overdue_years, years_to_file
from .fields import LONGEST, ApplyForm
from .filing import FiguresForm

ENTRIES = (TechnologyManager, Agency)


def is_registered(row: Any) -> bool:
    return bool(row.state == row.State.REGISTERED)


def may_keep(user: Any, row: Any) -> bool:
    """Whether a person decides about this entry; asked of a removal that is not there yet."""
    held = Removal(manager=row) if isinstance(row, TechnologyManager) else Removal(agency=row)
    return bool(keeps(user, held))


# What an entry says of itself


class DescribeForm(MoveForm):
    """Opens with what is there; whoever changes it replaces it."""

    facts = many(label=_("technical fields"), choices=codes.choices("technical_field"), required=False)
    contact = line(
        label=_("contact"), required=False, max_length=120,
        help_text=_("In the public directory: a telephone or an address."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["facts"].initial = self.row.fields
        for name in self.fields.keys() - {"facts"}:
            self.fields[name].initial = getattr(self.row, name)


class DescribeManagerForm(DescribeForm):
    languages = many(label=_("languages"), choices=list(LANGUAGES.items()), required=False)
    introduction = text(label=_("introduction"), required=False, limit=1000)
    introduction_en = text(label=_("introduction in English"), required=False, limit=1000)
    field_order = ("facts", "languages", "contact")


class DescribeAgencyForm(DescribeForm):
    services = text(label=_("services"), required=False, limit=1000)
    services_en = text(label=_("services in English"), required=False, limit=1000)


def describe(call: Call) -> Any:
    values = dict(call.values)
    values["fields"] = values.pop("facts")
    return parties.describe_qualification(call.row, values, by=call.by, version=call.version)


for entry, form in ((TechnologyManager, DescribeManagerForm), (Agency, DescribeAgencyForm)):
    add_move(
        entry,
        Move(
            name="describe",
            label=_("Edit the public entry"),
            permission="parties.describe_qualification",
            when=lambda row: row.state != row.State.REMOVED,
            form=form,
            question=_("The public directory shows this at once. Level, number and term stay as they were decided."),
            does=describe,
            done=_("Saved. The public directory shows it."),
        ),
    )


# Applying


class AgencyApplyForm(ApplyForm):
    fields_known = many(label=_("technical fields"), choices=codes.choices("technical_field"), required=False)
    services = text(label=_("services"), rows=3, required=False, limit=1000)
    field_order = ("fields_known", "services", "declared", "statement", "evidence")

    def prepare(self) -> None:
        self.demand(asking.asked_at(self.row.region, "agency"))


class RenewForm(ApplyForm):
    """For another term, or a manager for another level: the level's requirements are those of the chosen one."""

    def prepare(self) -> None:
        self.demand(asking.asked_of(self.row, getattr(self.row, "level", "")))


class LevelForm(ApplyForm):
    level = select(label=_("level applied for"))
    field_order = ("level", "declared", "statement", "evidence")

    def prepare(self) -> None:
        levels = [each for each in TechnologyManager.Level.choices if each[0] != self.row.level]
        cast(forms.ChoiceField, self.fields["level"]).choices = levels
        wanted = self.data.get("level") or levels[-1][0]
        self.fields["level"].initial = wanted
        found = {each.code: each for level, _label in levels for each in asking.asked_of(self.row, level).requirements}
        self.demand(asking.asked_of(self.row, wanted)._replace(requirements=tuple(found.values())))


def apply_as_agency(call: Call) -> Application:
    values = dict(call.values)
    facts = {"fields": values.pop("fields_known"), "services": values.pop("services")}
    return services.apply_as_agency(call.row, facts, **values, by=call.by)


def is_administrator(user: Any, organisation: Organisation) -> bool:
    return access.roles(user).get(organisation.pk) == Membership.Role.ADMIN


add_move(
    Organisation,
    Move(
        name="apply-as-agency",
        label=_("Apply as a transfer agency"),
        may=is_administrator,
        when=lambda row: row.is_verified and not Agency.objects.filter(organisation=row).exists(),
        form=AgencyApplyForm,
        question=_("The authority checks what you declare and decides; then you stand in the public register."),
        does=apply_as_agency,
        done=_("Your application is sent."),
        look="rare",
    ),
)
RENEW = Move(
    name="renew",
    label=_("Renew the registration"),
    may=may_act_for,
    when=is_registered,
    form=RenewForm,
    does=lambda call: services.renew(call.row, **call.values, by=call.by),
    done=_("Your application is sent."),
)
APPLY_AGAIN = Move(
    name="apply-again",
    label=_("Apply anew"),
    may=may_act_for,
    when=lambda row: not is_registered(row),
    form=RenewForm,
    does=lambda call: services.apply_again(call.row, **call.values, by=call.by),
    done=_("Your application is sent."),
)
CHANGE_LEVEL = Move(
    name="change-level",
    label=_("Apply for another level"),
    may=may_act_for,
    when=is_registered,
    form=LevelForm,
    does=lambda call: services.renew(call.row, **call.values, by=call.by),
    done=_("Your application is sent."),
    look="rare",
)


# Filing


class FileForm(FiguresForm):
    year = select(label=_("year"))
    field_order = ("year", "deals", "contract_sum", "income", "staff", "note")

    def prepare(self) -> None:
        self.fit(self.row)
        years = years_to_file(self.row)
        cast(forms.ChoiceField, self.fields["year"]).choices = [
            (year, _("%(year)d, due on %(day)s") % {"year": year, "day": due_on(self.row, year).isoformat()})
            for year in years
        ]
        if len(years) == 1:
            self.fields["deals"].initial = services.contracts_in(self.row, years[0])


def file_year(call: Call) -> YearlyFiling:
    values = dict(call.values)
    return services.file_year(call.row, int(values.pop("year")), values, by=call.by)


FILE = Move(
    name="file-year",
    label=_("File the data of a year"),
    may=may_act_for,
    when=lambda row: is_registered(row) and bool(years_to_file(row)),
    form=FileForm,
    does=file_year,
    done=_("Filed."),
    look="primary",
)


# Removing


class AskRemovalForm(MoveForm):
    reason = text(label=_("reason"), rows=3, limit=LONGEST)


class AnnounceForm(AskRemovalForm):
    ground = select(
        label=_("ground"),
        choices=[each for each in Removal.Ground.choices if each[0] != Removal.Ground.OWN_REQUEST],
        asks=True,
    )
    field_order = ("ground", "reason")


ASK_REMOVAL = Move(
    name="ask-removal",
    label=_("Ask to be removed"),
    may=may_act_for,
    when=is_registered,
    form=AskRemovalForm,
    question=_("Once it is decided you can take no mandates and introduce nobody."),
    does=lambda call: services.ask_removal(call.row, call.values["reason"], by=call.by),
    done=_("Sent."),
    look="rare",
)
ANNOUNCE = Move(
    name="announce-removal",
    label=_("Announce a removal"),
    may=may_keep,
    when=is_registered,
    form=AnnounceForm,
    question=_("Whom it concerns reads ground and reason, and may reply before anything is decided."),
    does=lambda call: services.announce_removal(call.row, **call.values, by=call.by),
    done=_("Announced. They are told and may reply."),
    look="rare",
)
add_move(TechnologyManager, FILE, RENEW, APPLY_AGAIN, CHANGE_LEVEL, ASK_REMOVAL, ANNOUNCE)
add_move(Agency, FILE, RENEW, APPLY_AGAIN, ASK_REMOVAL, ANNOUNCE)


# The panel of an entry


def history(request: HttpRequest, row: Any) -> dict[str, Any] | None:
    """Public lines for everybody; for the holder and the keepers also what is open, and what is due."""
    is_inside = may_act_for(request.user, row) or access.keeps_register(request.user)
    context: dict[str, Any] = {"lines": RegisterLine.objects.of(row), "clocks": []}
    if is_inside:
        context["applications"] = Application.objects.of(row)[:10]
        context["filings"] = YearlyFiling.objects.of(row)[:10]
        context["removals"] = Removal.objects.of(row)[:10]
        context["clocks"] = clocks(row)
    return context


def clocks(row: Any) -> list[str]:
    """By when to renew and to file."""
    if not is_registered(row) or row.valid_until is None:
        return []
    first = rules.renewable_from(row.valid_until, asking.days(row, "renew"))
    lines = [
        str(_("A renewal can be applied for from %(first)s to %(last)s."))
        % {"first": first.isoformat(), "last": row.valid_until.isoformat()}
    ]
    late = overdue_years(row)
    for year in years_to_file(row):
        sentence = _("The data of %(year)d was due on %(day)s.") if year in late else _("File %(year)d by %(day)s.")
        lines.append(str(sentence) % {"year": year, "day": due_on(row, year).isoformat()})
    if row.valid_until < timezone.localdate():
        lines.insert(0, str(_("The registration is over: no mandates, no introductions until it is renewed.")))
    return lines


for entry in ENTRIES:
    add_panel(entry, "register/history.html", history)
