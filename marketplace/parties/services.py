"""What happens to people and organisations: the only writer."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock, record
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.validation import check_text, is_unfit, validate
from marketplace.law import codes

from . import rules
from .models import Agency, Membership, Organisation, TechnologyManager, User

DESCRIBED = {
    TechnologyManager: ("fields", "languages", "contact", "introduction", "introduction_en"),
    Agency: ("fields", "contact", "services", "services_en"),
}
EDITABLE = ("name_zh", "name_en", "kind", "credit_code", "region", "size", "size_proof", "size_proved_on")


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with a normalised credit code; a wrong code or region raises Invalid on its field."""
    if values.get("region") and values["region"] not in codes.values("province"):
        raise Invalid(fields={"region": [str(_("Choose from the list."))]})
    if "credit_code" not in values:
        return values
    try:
        return {**values, "credit_code": rules.check_credit_code(values["credit_code"])}
    except rules.CreditCodeError as fault:
        raise Invalid(code=fault.code, fields={"credit_code": [str(fault)]}) from fault


@transaction.atomic
def apply(values: dict[str, Any], *, by: Any) -> Organisation:
    """Apply for an organisation; the applicant becomes its first administrator."""
    values = checked({name: values[name] for name in EDITABLE if name in values})
    taken = Conflict(
        _("An organisation with this credit code is registered already. Ask its administrator to admit you."),
        code="credit_code_taken",
    )
    if Organisation.objects.filter(credit_code=values.get("credit_code")).exists():
        raise taken
    organisation = Organisation(**values)
    validate(organisation)
    try:
        create(organisation, "parties.apply", by=by)
    except IntegrityError as fault:  # two people applied at the same moment
        raise taken from fault
    if isinstance(by, User):
        Membership.objects.create(user=by, organisation=organisation, role=Membership.Role.ADMIN)
    return organisation


@transaction.atomic
def edit(organisation: Organisation, values: dict[str, Any], *, by: Any, version: int | None = None) -> Organisation:
    """Change its particulars; name, kind and credit code of a verified organisation are changed by staff only."""
    values = checked({name: values[name] for name in EDITABLE if name in values})
    with act(organisation, "parties.edit", by=by, version=version) as organisation:
        identity = ("name_zh", "kind", "credit_code")
        changed = any(name in values and values[name] != getattr(organisation, name) for name in identity)
        if changed and organisation.is_verified and not by.has_perm("parties.verify", organisation):
            raise Forbidden(_("Name, kind and credit code of a verified organisation are changed by staff only."))
        for name, value in values.items():
            setattr(organisation, name, value)
        validate(organisation)
    news.organisation_changed.send(Organisation, organisation=organisation, by=by)
    return organisation


def verify(organisation: Organisation, *, by: Any, reason: str = "") -> Organisation:
    """Confirm that the organisation is who it says."""
    with act(organisation, "parties.verify", by=by, reason=reason) as organisation:
        organisation.verify()
    return organisation


def suspend(organisation: Organisation, *, by: Any, reason: str) -> Organisation:
    """Stop it from acting; its published listings are hidden at once."""
    if not reason.strip():
        raise Invalid(fields={"reason": [str(_("Say why, so that the organisation can mend it."))]})
    with act(organisation, "parties.suspend", by=by, reason=reason) as organisation:
        organisation.suspend()
        news.organisation_hidden.send(Organisation, organisation=organisation, by=by)
    return organisation


@transaction.atomic
def admit(organisation: Organisation, email: str, role: str, *, by: Any) -> Membership:
    """Give a registered user a role in the organisation; an earlier role of theirs ends."""
    require("parties.admit", by, organisation)  # first: only an administrator may learn who has an account
    lock(organisation)  # one change of members at a time
    check_text("email", email)
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise Invalid(
            fields={"email": [str(_("Nobody with this address has an account yet. Ask them to sign up first."))]}
        )
    if role not in Membership.Role.values:
        raise Invalid(fields={"role": [str(_("Choose one of the roles."))]})
    for earlier in Membership.objects.filter(user=user, organisation=organisation, ended_on__isnull=True):
        end_membership(earlier, by=by)
    return create(Membership(user=user, organisation=organisation, role=role), "parties.admit", by=by)


@transaction.atomic
def end_membership(membership: Membership, *, by: Any) -> Membership:
    """End a role, once. The last administrator stays until there is another."""
    lock(membership.organisation)  # two administrators who end each other's role come one after the other
    with act(membership, "parties.end_membership", by=by) as membership:
        if membership.ended_on is not None:
            raise Conflict
        others = Membership.objects.filter(
            organisation=membership.organisation_id, role=Membership.Role.ADMIN, ended_on__isnull=True
        ).exclude(pk=membership.pk)
        if membership.role == Membership.Role.ADMIN and not others.filter(user__is_active=True).exists():
            raise Conflict(_("Name another administrator first."), code="last_administrator")
        membership.ended_on = timezone.localdate()
    return membership


def apply_as_manager(values: dict[str, Any], *, by: Any) -> TechnologyManager:
    """Apply to be registered as a technology manager."""
    if TechnologyManager.objects.filter(user=by).exists():
        raise Conflict(_("You have applied already."))
    names = ("level", "fields", "languages", "agency", "introduction")
    manager = TechnologyManager(user=by, **{name: values[name] for name in names if name in values})
    check_register_lists(manager)
    validate(manager, exclude=["user"])
    return create(manager, "parties.apply_qualification", by=by)


def apply_as_agency(organisation: Organisation, values: dict[str, Any], *, by: Any) -> Agency:
    """Apply to have an organisation registered as a transfer agency."""
    if Agency.objects.filter(organisation=organisation).exists():
        raise Conflict(_("This organisation has applied already."))
    names = ("fields", "services")
    agency = Agency(organisation=organisation, **{name: values[name] for name in names if name in values})
    check_register_lists(agency)
    validate(agency)
    return create(agency, "parties.apply_qualification", by=by)


def check_register_lists(row: TechnologyManager | Agency) -> None:
    """Raise Invalid unless fields are codes of the list of technical fields, and languages are words."""
    faults = {}
    known = codes.values("technical_field")
    if not isinstance(row.fields, list) or any(not isinstance(code, str) or code not in known for code in row.fields):
        faults["fields"] = [str(_("Choose from the list."))]
    languages = getattr(row, "languages", [])
    if not isinstance(languages, list) or not all(isinstance(word, str) and len(word) <= 16 for word in languages):
        faults["languages"] = [str(_("Give a list of languages by their codes, such as zh and en."))]
    if faults:
        raise Invalid(fields=faults)


def describe_qualification(
    row: TechnologyManager | Agency, values: dict[str, Any], *, by: Any, version: int | None = None
) -> TechnologyManager | Agency:
    """Change what an entry says of itself: fields, languages, contact, introduction. Nobody decides about it.

    Raises Conflict for an entry that was removed: its page is kept as it was.
    """
    with act(row, "parties.describe_qualification", by=by, version=version) as row:
        if row.state == row.State.REMOVED:
            raise Conflict(_("This entry was removed. Its page is kept as it was."), code="removed")
        for name in DESCRIBED[type(row)]:
            setattr(row, name, values.get(name, getattr(row, name)))
        check_register_lists(row)
        row.fields = list(dict.fromkeys(row.fields))
        validate(row)
    return row


def register_qualification(
    row: TechnologyManager | Agency, *, number: str, valid_until: date, level: str = "", by: Any
) -> TechnologyManager | Agency:
    """Enter a technology manager or agency in the register, with number and term, a manager at a level."""
    if not number.strip():
        raise Invalid(fields={"register_number": [str(_("A registration needs its number."))]})
    if len(number.strip()) > 40 or is_unfit(number):
        raise Invalid(fields={"register_number": [str(_("Copy the number as printed, of at most 40 characters."))]})
    if valid_until < timezone.localdate():
        raise Invalid(fields={"valid_until": [str(_("The term has already ended."))]})
    try:
        with act(row, "parties.register_qualification", by=by) as row:
            row.register_number, row.valid_until = number.strip(), valid_until
            if level and isinstance(row, TechnologyManager):
                row.level = level
            row.register()
    except IntegrityError as fault:
        raise Conflict(_("This register number is in use already."), code="register_number_taken") from fault
    return row


def renew_qualification(
    row: TechnologyManager | Agency, *, valid_until: date, level: str = "", by: Any
) -> TechnologyManager | Agency:
    """Another term for a technology manager or agency in the register; for a manager also another level."""
    if valid_until < timezone.localdate():
        raise Invalid(fields={"valid_until": [str(_("The term has already ended."))]})
    with act(row, "parties.renew_qualification", by=by) as row:
        row.renew()
        row.valid_until = valid_until
        if level and isinstance(row, TechnologyManager):
            row.level = level
    return row


def remove_qualification(row: TechnologyManager | Agency, *, by: Any, reason: str) -> TechnologyManager | Agency:
    """Strike a technology manager or agency from the register."""
    if not reason.strip():
        raise Invalid(fields={"reason": [str(_("Say why."))]})
    with act(row, "parties.remove_qualification", by=by, reason=reason) as row:
        row.remove()
        news.qualification_removed.send(type(row), qualification=row, by=by)
    return row


@transaction.atomic
def switch_mail_off(user: User, *, by: Any) -> User:
    """No more letters; what happens still waits in the workspace."""
    return set_mail(user, is_off=True, verb="parties.switch_mail_off", by=by)


@transaction.atomic
def switch_mail_on(user: User, *, by: Any) -> User:
    """Letters again, from now on."""
    return set_mail(user, is_off=False, verb="parties.switch_mail_on", by=by)


def set_mail(user: User, *, is_off: bool, verb: str, by: Any) -> User:
    require(verb, by, user)
    if user.mail_is_off != is_off:
        user.mail_is_off = is_off
        user.save(update_fields=["mail_is_off"])
        record(verb, user, by=by)
    return user
