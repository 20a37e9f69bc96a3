"""Applying: for a first registration, a renewal or another level; supplementing and withdrawing."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text, validate
from marketplace.documents import services as documents
from marketplace.documents.models import Document, Kind
from marketplace.parties import services as parties
from marketplace.parties.models import Agency, Organisation, TechnologyManager

from .. import asking, rules, telling
from ..models import Application
from ..models.holder import Holder, kind_of
from .filing import overdue_years

LEVEL, BODY, FILING = "E_LEVEL_REQUIREMENT", "E_BODY_NOT_REGISTERED", "E_ANNUAL_MISSING"
MOST_FILES = 10


class Evidence(NamedTuple):
    """A file that is handed in: its name and its bytes."""

    filename: str
    content: bytes


@transaction.atomic
def apply_as_manager(
    values: dict[str, Any],
    *,
    declared: Sequence[str],
    statement: str = "",
    evidence: Sequence[Evidence] = (),
    by: Any,
) -> Application:
    """Apply to be entered as a technology manager: level, fields, languages, agency, introduction, and the proof.

    Raises Invalid by field, with E_LEVEL_REQUIREMENT for what the level asks for and was not declared or proven;
    Conflict when the person has applied already.
    """
    manager = parties.apply_as_manager(values, by=by)
    return apply(manager, Application.Kind.FIRST, manager.level, declared, statement, evidence, by=by)


@transaction.atomic
def apply_as_agency(
    organisation: Organisation,
    values: dict[str, Any],
    *,
    declared: Sequence[str],
    statement: str = "",
    evidence: Sequence[Evidence] = (),
    by: Any,
) -> Application:
    """Apply to have an organisation entered as a transfer agency: fields, services, and the proof."""
    agency = parties.apply_as_agency(organisation, values, by=by)
    return apply(agency, Application.Kind.FIRST, "", declared, statement, evidence, by=by)


@transaction.atomic
def apply_again(
    holder: Holder,
    *,
    level: str = "",
    declared: Sequence[str],
    statement: str = "",
    evidence: Sequence[Evidence] = (),
    by: Any,
) -> Application:
    """Apply anew after a refusal, a withdrawal or a removal."""
    if holder.state == holder.State.REGISTERED:
        raise Conflict(_("This entry is in the register. Apply for a renewal."), code="registered")
    return apply(holder, Application.Kind.FIRST, level_of(holder, level), declared, statement, evidence, by=by)


@transaction.atomic
def renew(
    holder: Holder,
    *,
    level: str = "",
    declared: Sequence[str],
    statement: str = "",
    evidence: Sequence[Evidence] = (),
    by: Any,
) -> Application:
    """Apply for another term, or for another level, which may be asked at any time.

    Raises Conflict before the days of renewal begin, and E_ANNUAL_MISSING while a yearly filing is overdue.
    """
    if holder.state != holder.State.REGISTERED or holder.valid_until is None:
        raise Conflict(_("This entry is not in the register. Apply anew."), code="not_registered")
    wanted = level_of(holder, level)
    is_renewal = isinstance(holder, Agency) or wanted == holder.level
    first_day = rules.renewable_from(holder.valid_until, asking.days(holder, "renew"))
    if is_renewal and timezone.localdate() < first_day:
        sentence = _("A renewal can be applied for from %(day)s.") % {"day": first_day.isoformat()}
        raise Conflict(sentence, code="too_early")
    missing = overdue_years(holder)
    if missing:
        years = ", ".join(map(str, missing))
        raise Conflict(_("First file the business data of %(years)s.") % {"years": years}, code=FILING)
    kind = Application.Kind.RENEWAL if is_renewal else Application.Kind.LEVEL
    return apply(holder, kind, wanted, declared, statement, evidence, by=by)


def level_of(holder: Holder, level: str) -> str:
    """The level that is wanted: the present one unless another is named; none for an agency."""
    if isinstance(holder, Agency):
        return ""
    if level and level not in TechnologyManager.Level.values:
        raise Invalid(fields={"level": [str(_("Choose from the list."))]})
    return level or holder.level


def apply(
    holder: Holder,
    kind: str,
    level: str,
    declared: Sequence[str],
    statement: str,
    evidence: Sequence[Evidence],
    *,
    by: Any,
) -> Application:
    asked = asking.asked_of(holder, level)
    application = Application(
        **{kind_of(holder): holder},
        kind=kind,
        level=level,
        declared=known_codes(declared),
        statement=check_text("statement", statement.strip()),
        rule=asked.provision.reference,
        decide_by=timezone.localdate() + timedelta(days=asking.days(holder, "decide")),
    )
    check_body(holder)
    check_requirements(asked.requirements, application.declared, has_evidence=bool(evidence))
    validate(application, constraints=False)
    try:
        with transaction.atomic():
            create(application, "register.apply", by=by)
    except IntegrityError as fault:
        raise Conflict(_("An application is open already."), code="application_open") from fault
    hand_in(application, evidence, by=by)
    telling.application_submitted(application, by=by)
    return application


def known_codes(declared: Iterable[Any]) -> list[str]:
    """The codes of requirements, each once."""
    if isinstance(declared, str) or not all(isinstance(code, str) and len(code) <= 40 for code in declared):
        raise Invalid(fields={"declared": [str(_("Give a list of codes."))]})
    return list(dict.fromkeys(declared))


def check_body(holder: Holder) -> None:
    """Raise Conflict unless the agency that a manager names is in the register today."""
    if isinstance(holder, TechnologyManager) and holder.agency is not None and not holder.agency.is_valid:
        raise Conflict(_("The agency that you name is not in the register today."), code=BODY)


def check_requirements(asked: Sequence[rules.Requirement], declared: Sequence[str], *, has_evidence: bool) -> None:
    """Raise Invalid (E_LEVEL_REQUIREMENT) for what was not declared, or declared without any proof."""
    language, faults = get_language() or "zh", {}
    missing = rules.undeclared(asked, declared)
    if missing:
        sentence = _("Not declared: %(what)s")
        faults["declared"] = [str(sentence % {"what": each.label(language)}) for each in missing]
    if any(each.needs_proof for each in asked) and not has_evidence:
        faults["evidence"] = [str(_("Hand in the certificate or another proof."))]
    if faults:
        raise Invalid(code=LEVEL, fields=faults)


def hand_in(application: Application, evidence: Sequence[Evidence], *, by: Any) -> None:
    """Keep the files for the applicant and for who keeps the register."""
    if application.evidence.count() + len(evidence) > MOST_FILES:
        raise Invalid(fields={"evidence": [str(_("At most ten files."))]})
    holder = application.holder
    is_person = isinstance(holder, TechnologyManager)
    for each in evidence:
        title = f"{application.get_kind_display()} · {each.filename}"[:200]
        application.evidence.add(kept(each, title, holder, is_person=is_person, by=by))


def kept(each: Evidence, title: str, holder: Any, *, is_person: bool, by: Any) -> Document:
    try:
        return documents.keep_document(
            each.content,
            filename=each.filename,
            title=title,
            readers=() if is_person else (holder.organisation,),
            people=(holder.user,) if is_person else (),
            kind=Kind.REGISTER_EVIDENCE,
            by=by,
        )
    except Invalid as fault:  # a file is "evidence" here
        said = [sentence for sentences in fault.fields.values() for sentence in sentences]
        raise Invalid(code=fault.code, fields={"evidence": [f"{each.filename}: {line}" for line in said]}) from fault


def supplement(
    application: Application,
    *,
    declared: Sequence[str] | None = None,
    statement: str | None = None,
    evidence: Sequence[Evidence] = (),
    by: Any,
    version: int | None = None,
) -> Application:
    """Supply what was missing; the days of the decision begin anew."""
    with transaction.atomic():
        with act(application, "register.supplement", by=by, version=version) as application:
            asked = asking.asked_of(application.holder, application.level)
            if declared is not None:
                application.declared = known_codes(declared)
            if statement is not None:
                application.statement = check_text("statement", statement.strip())
            check_requirements(asked.requirements, application.declared, has_evidence=True)
            application.rule = asked.provision.reference
            application.decide_by = timezone.localdate() + timedelta(days=asking.days(application.holder, "decide"))
            application.supplement()
        hand_in(application, evidence, by=by)
        telling.application_submitted(application, by=by)
    return application


def withdraw(application: Application, *, by: Any, version: int | None = None) -> Application:
    """The applicant takes the application back."""
    with act(application, "register.withdraw", by=by, version=version) as application:
        application.withdraw()
    return application
