"""Stakes in the workspace: papers, company register, holders, end; and the list of all for the asset office."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.fields import amount, day, handed_in
from marketplace.contracts.admin.nouns import paper
from marketplace.contracts.models import Contract
from marketplace.core.downloads import attachment
from marketplace.core.showing import fen, percent
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    add_move,
    add_panel,
    can,
    display,
    named,
    select,
    text,
)

from ... import equity, explaining_shares, services
from ...models import Allotment, Holding, SharingPlan, Stake
from ...services.stakes import PAPERS
from ...stake_list import file_of
from ..fields import HoldersAdmin
from ..rewards.plan import DraftForm
from ..rewards.rule import of_the_owner

State = Stake.State
LABELS: dict[str, Any] = {
    "instrument_paper": _("agreement or articles"),
    "valuation_paper": _("paper on the value"),
    "register_paper": _("extract of the company register"),
}


# Moves


class PaperForm(MoveForm):
    kind = select(label=_("which paper"), choices=[(name, LABELS[name]) for name in PAPERS], asks=True)
    paper = of_the_owner(label=_("file"))


class RegisterForm(MoveForm):
    on = day(label=_("entered in the company register on"))
    paper = of_the_owner(label=_("extract of the company register"))

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class EndForm(MoveForm):
    ending = select(label=_("how it ended"), choices=Stake.Ending.choices, asks=True)
    on = day(label=_("ended on"))
    proceeds = amount(label=_("proceeds"), initial=0)
    reason = text(label=_("reason"), rows=3, limit=300)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class HoldersForm(DraftForm):
    """Who holds what: people alone, by fractions of the people's part."""

    def prepare(self) -> None:
        stake = cast(Stake, self.row)
        self.fill(stake.contract, stake.plans)
        self.fields["lines"].help_text = _(
            "Write a share like 1/3 or 29.9 %, of the part that is for people; together 100 %. The owner holds the "
            "rest of the stake. The head of a public unit gets no shares."
        )


def register(call: Call) -> Stake:
    document = handed_in(call, "paper", _("Extract of the company register"), of_the_seller=True)
    return services.register_stake(call.row, on=call.values["on"], paper=document, version=call.version, by=call.by)


def keep_paper(call: Call) -> Stake:
    kind = call.values["kind"]
    document = handed_in(call, "paper", LABELS[kind], of_the_seller=True)
    assert document is not None  # the form asks for it
    return services.keep_stake_paper(call.row, kind, document, by=call.by)


def draft(call: Call) -> SharingPlan:
    contract: Contract = call.row.contract
    lines, note = call.values["lines"], call.values["note"]
    return services.draft_plan(contract, lines, stake=call.row, note=note, by=call.by)


def is_live(row: Stake) -> bool:
    return row.state in Stake.LIVE


def may_be_allotted(row: Stake) -> bool:
    is_signed = row.plans.filter(state=SharingPlan.State.SIGNED).exists()
    return is_live(row) and is_signed and not row.allotments.filter(state__in=Allotment.LIVE).exists()


add_move(
    Stake,
    Move(
        name="allot",
        label=_("Divide it"),
        permission="settlement.allot",
        when=may_be_allotted,
        question=_(
            "The parts are computed by the signed plan and the law of the place and day. Nobody holds them yet."
        ),
        does=lambda call: services.allot(call.row, by=call.by),
        done=_("Divided. Say what is earned over time, then have it approved."),
        look="primary",
    ),
    Move(
        name="draft-plan",
        label=_("Draft the plan of holders"),
        permission="settlement.draft_plan",
        when=is_live,
        form=HoldersForm,
        question=_("Each inventor signs it; an earlier plan holds until the last one has signed this one."),
        does=draft,
        done=_("Drafted. The inventors are told that it waits for their signature."),
    ),
    Move(
        name="register",
        label=_("Enter its registration"),
        permission="settlement.register_stake",
        when=can("register"),
        form=RegisterForm,
        question=_("The company register shows the owner's side as its holder."),
        does=register,
        done=_("Recorded."),
    ),
    Move(
        name="keep-paper",
        label=_("Hand in a paper"),
        permission="settlement.keep_stake_paper",
        when=lambda row: row.state == State.AGREED,
        form=PaperForm,
        does=keep_paper,
        done=_("Kept."),
        look="rare",
    ),
    Move(
        name="end",
        label=_("It ended"),
        permission="settlement.end_stake",
        when=can("end"),
        form=EndForm,
        question=_("It was sold or the company wound up. Nothing of it is divided or registered any more."),
        does=lambda call: services.end_stake(call.row, **call.values, version=call.version, by=call.by),
        done=_("Recorded."),
        look="danger",
    ),
)


# The page


def papers(request: HttpRequest, row: Stake) -> dict[str, Any] | None:
    """The checklist, for those who keep it."""
    if not Stake.objects.decided_by(request.user).filter(pk=row.pk).exists():
        return None
    return {"papers": [(LABELS[name], paper(request.user, getattr(row, name))) for name in PAPERS]}


def holders(request: HttpRequest, row: Stake) -> dict[str, Any] | None:
    """Who holds what today: all of them to those who decide and to staff, the own line to a holder, else nothing."""
    allotment = row.allotments.filter(state__in=Allotment.LIVE).first()
    plans = list(SharingPlan.objects.visible_to(request.user).filter(stake=row).order_by("-number"))
    shown: list[dict[str, Any]] = []
    opens = False
    if allotment is not None:
        allotment.stake = row
        mine = set(Holding.objects.visible_to(request.user).filter(allotment=allotment).values_list("pk", flat=True))
        found = [each for each in equity.held(allotment, timezone.localdate()) if each.holding.pk in mine]
        shown = [explaining_shares.holder(row, each) for each in found]
        opens = Allotment.objects.visible_to(request.user).filter(pk=allotment.pk).exists()
    if not shown and not plans:
        return None
    return {
        "holders": shown,
        "plans": plans,
        "allotment": allotment if opens else None,
        "is_approved": allotment is not None and allotment.state == Allotment.State.APPROVED,
        "has_shares": row.shares is not None,
        "tax": explaining_shares.tax_of(row),
    }


add_panel(Stake, "settlement/equity/holders.html", holders)
add_panel(Stake, "contracts/paper_list.html", papers)


@admin.register(Stake)
class StakeAdmin(HoldersAdmin):
    list_display = (
        *("company", "contract_title", "number_part", "number_value", "registered_on", "ended_on", "state_label"),
    )
    list_display_links = ("company",)
    list_filter = (("state", ChoicesDropdownFilter), ("instrument", ChoicesDropdownFilter))
    list_select_related = ("contract", "book")
    search_fields = ("company", "credit_code", "contract__title")
    ordering = ("-id",)
    fields = (
        ("company", "credit_code"),
        ("contract_shown", "book_name"),
        ("number_part", "number_shares"),
        ("number_value", "basis"),
        ("valued_on", "instrument"),
        ("agreed_on", "registered_on"),
    )
    list_before_template = "settlement/equity/to_file.html"
    empty_sentence = _("No stake yet. Record one on the page of a signed contract that gives shares.")
    contract_title = named("contract", _("contract"))
    book_name = named("book", _("books of"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        contracts = Contract.objects.visible_to(request.user)
        found.__dict__["_opens_contract"] = contracts.filter(pk=found.contract_id).exists()
        return found

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Why the percent differs, and the end, where there is something to say."""
        differs = ("percent_reason",) if obj is not None and obj.percent_reason else ()
        ended = (("ended_on", "ending"), ("number_proceeds", "end_reason"))
        return (*self.fields, *differs, *(ended if obj is not None and obj.state == State.ENDED else ()))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file_view)
        return [path("file/", view, name="settlement_stake_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest) -> HttpResponse:
        """Every stake that the reader may see, with the day of its end, as a spreadsheet reads it."""
        rows = Stake.objects.visible_to(request.user).select_related("contract", "book").order_by("agreed_on", "id")
        name = f"stakes-{timezone.localdate():%Y%m%d}.csv"
        return attachment(file_of(rows), name=name, media_type="text/csv; charset=utf-8")

    @display(description=_("contract"))
    def contract_shown(self, row: Stake) -> Any:
        return self.contract_page(row) if row.__dict__["_opens_contract"] else row.contract.title

    @display(description=_("part of the company"), ordering="percent")
    def number_part(self, row: Stake) -> str:
        return percent(row.percent)

    @display(description=_("number of shares"))
    def number_shares(self, row: Stake) -> str:
        return "–" if row.shares is None else explaining_shares.number(row.shares)

    @display(description=_("value (yuan)"), ordering="valuation")
    def number_value(self, row: Stake) -> str:
        return fen(row.valuation)

    @display(description=_("proceeds (yuan)"))
    def number_proceeds(self, row: Stake) -> str:
        return "–" if row.proceeds is None else fen(row.proceeds)
