"""Allotments and holdings over the API: how a stake is divided, and what each one holds and has earned today."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core.models import Record
from marketplace.settlement import equity, services
from marketplace.settlement.models import Allotment, Departure, Holding, Nominee, Payee, PlanLine
from marketplace.settlement.rules import sharing
from marketplace.settlement.rules.holding import steps_of
from marketplace.settlement.services.allotments import LONGEST_MONTHS

from ..brokerage import PartyShape
from ..contracts.acting import Acting, verb
from ..contracts.fields import Day, DocumentReference, paper_id, words
from ..contracts.shapes import GapShape
from ..doors import Listed, Retrieved, RowShape, Shape
from ..fields import CodeName
from ..filters import PublicId, states_of
from ..moving import Making, making
from ..settlement import WhyShape
from .fields import DecidedUnder, StakeReference, id_of


class VestingStepShape(Shape):
    """A day on which more is earned, and the units earned by then."""

    on = serializers.DateField()
    units = serializers.IntegerField()


class DepartureShape(serializers.ModelSerializer[Departure]):
    class Meta:
        model = Departure
        fields = ["on", "returned", "reason"]
        read_only_fields = fields


class NomineeShape(serializers.ModelSerializer[Nominee]):
    """Who stands in the company register for the holder; `ended_on` null: still."""

    class Meta:
        model = Nominee
        fields = ["name", "begins_on", "unwinds_on", "ended_on", "end_reason"]
        read_only_fields = fields


class HoldingShape(RowShape):
    """`units` as they were divided; `units_today` after departures, of which `earned_today` are earned."""

    stake = id_of("allotment.stake")
    allotment = id_of("allotment")
    company = serializers.CharField(source="allotment.stake.company", read_only=True)
    payee = id_of("payee")
    role_display = CodeName(PlanLine.Role, source="role")
    office_display = CodeName(Payee.Office, source="office")
    share = serializers.SerializerMethodField(help_text="Of the people's part; null for the owner.")
    units_today = serializers.SerializerMethodField()
    part_today = serializers.SerializerMethodField(help_text="Of the company, as a ratio.")
    earned_today = serializers.SerializerMethodField()
    coming = serializers.SerializerMethodField(help_text="The days on which more is earned.")
    vest_paper = paper_id("vest_paper")
    departure = DepartureShape(read_only=True, allow_null=True, default=None)
    nominees = NomineeShape(many=True, read_only=True)
    law = DecidedUnder("allotment.law_references")
    allotment_state = serializers.ChoiceField(Allotment.State.choices, source="allotment.state", read_only=True)

    class Meta:
        model = Holding
        fields = [
            *("id", "stake", "allotment", "company", "payee", "name", "role", "role_display", "office"),
            *("office_display", "share", "units", "units_today", "part_today", "earned_today", "vest_from"),
            *(
                "vest_cliff",
                "vest_months",
                "vest_paper",
                "coming",
                "departure",
                "nominees",
                "law",
                "allotment_state",
                "version",
            ),
        ]
        read_only_fields = fields

    def get_share(self, row: Holding) -> str | None:
        return sharing.written(row.line.share) if row.line is not None else None

    def now(self, row: Holding) -> equity.Held:
        return equity.held_on(row, timezone.localdate())

    def get_units_today(self, row: Holding) -> int:
        return self.now(row).units

    def get_part_today(self, row: Holding) -> str:
        return f"{self.now(row).part:.8f}"

    def get_earned_today(self, row: Holding) -> int:
        return self.now(row).vested

    @extend_schema_field(VestingStepShape(many=True))
    def get_coming(self, row: Holding) -> Any:
        if row.schedule is None or getattr(row, "departure", None) is not None:
            return []
        today = timezone.localdate()
        steps = steps_of(row.units, row.schedule)
        return VestingStepShape([{"on": on, "units": units} for on, units in steps if on > today], many=True).data


class VestingShape(Shape):
    begins_on = Day()
    cliff = serializers.IntegerField(min_value=0, max_value=LONGEST_MONTHS, default=0)
    months = serializers.IntegerField(min_value=1, max_value=LONGEST_MONTHS)
    paper = DocumentReference(help_text="What was agreed with this person.")


class LeavingShape(Shape):
    on = Day()
    reason = words(max_length=300)
    paper = DocumentReference()


class EntrustingShape(Shape):
    name = words(max_length=200, help_text="The nominee, a person or a company.")
    begins_on = Day()
    unwinds_on = Day(help_text="By when it is given back.")
    paper = DocumentReference(help_text="The agreement with the nominee.")


class UnwindingShape(Shape):
    on = Day()
    reason = words(max_length=300)


class HoldingFilter(filters.FilterSet):
    stake = PublicId("allotment__stake")
    allotment = PublicId("allotment")

    class Meta:
        model = Holding
        fields: list[str] = []


class Holdings(Listed, Retrieved, Acting):
    """One's own parts; all of a stake for those who decide about the owner's money."""

    queryset = (
        Holding.objects.select_related("allotment__stake__contract", "line", "payee", "vest_paper", "departure")
        .prefetch_related(
            Prefetch("allotment__holdings", Holding.objects.select_related("departure").order_by("id")),
            "nominees",
        )
        .order_by("-allotment_id", "id")
    )
    serializer_class = HoldingShape
    filterset_class = HoldingFilter

    def locked_before(self, row: Holding) -> list[Record]:
        return [row.stake, row.allotment]

    @verb(VestingShape)
    def set_vesting(self, row: Holding, **values: Any) -> None:
        """A person earns the units over months; while nothing is shown or approved yet."""
        services.set_vesting(row, **values)

    @verb(LeavingShape)
    def leave(self, row: Holding, **values: Any) -> None:
        """A holder left: what is not earned by that day goes back to the owner. Recorded once."""
        services.leave(row, **values)

    @verb(EntrustingShape)
    def entrust(self, row: Holding, **values: Any) -> None:
        """A nominee holds the part of who became head after getting it (E_NOT_A_LATER_HEAD else)."""
        services.entrust(row, **values)

    @verb(UnwindingShape)
    def unwind(self, row: Holding, **values: Any) -> None:
        """The nominee gave it back."""
        services.unwind(row, **values)


class AllotmentCard(RowShape):
    """`rate` of the stake's `units` is for people, never less: `pool`. The rule that sets it stands in `law`."""

    book = PartyShape(read_only=True)
    stake = id_of("stake")
    plan = id_of("plan")
    rule = id_of("rule")
    retained = serializers.IntegerField(read_only=True, help_text="Units that stay with the owner.")
    law = DecidedUnder()
    notice = id_of("notice")
    state_display = CodeName(Allotment.State, source="state")

    class Meta:
        model = Allotment
        fields = [
            *("id", "book", "stake", "plan", "rule", "rate", "units", "pool", "retained", "law", "notice"),
            *("fingerprint", "approved_on", "end_reason", "state", "state_display", "version"),
            "created_at",
        ]
        read_only_fields = fields


class AllotmentShape(AllotmentCard):
    """By itself also with what stands before its approval."""

    missing = serializers.SerializerMethodField(help_text="What stands between it and its approval; empty: nothing.")

    class Meta(AllotmentCard.Meta):
        fields = [*AllotmentCard.Meta.fields, "missing"]
        read_only_fields = fields

    @extend_schema_field(GapShape(many=True))
    def get_missing(self, row: Allotment) -> Any:
        return GapShape(services.what_blocks_shares(row), many=True).data


class NewAllotmentShape(Shape):
    stake = StakeReference(help_text="With a plan that all inventors have signed.")


class AllotmentFilter(filters.FilterSet):
    stake = PublicId("stake")
    book = PublicId("book")
    state = states_of(Allotment)

    class Meta:
        model = Allotment
        fields: list[str] = []


class Allotments(Listed, Retrieved, Making, Acting):
    """Those of the organisations whose money one decides about; who holds what: holdings/."""

    queryset = Allotment.objects.select_related("book", "stake__contract", "plan", "rule", "notice").order_by("-id")
    filterset_class = AllotmentFilter

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return AllotmentCard if self.action == "list" else AllotmentShape

    def locked_before(self, row: Allotment) -> list[Record]:
        return [row.stake]

    @making(NewAllotmentShape, AllotmentShape)
    def create(self, request: Request) -> Response:
        """Divide a stake. The 409 names what is missing: E_NO_SIGNED_PLAN, E_HEAD_EQUITY, E_REWARD_BELOW_FLOOR, …"""
        return self.make(request, NewAllotmentShape, services.allot)

    @verb()
    def show_leaders(self, row: Allotment, **values: Any) -> None:
        """Open the public notice of what leaders get, where one is due."""
        services.show_leaders(row, **values)

    @verb()
    def approve(self, row: Allotment, **values: Any) -> None:
        """A second person, who neither proposed it nor holds any of it."""
        services.approve_allotment(row, **values)

    @verb(WhyShape)
    def withdraw(self, row: Allotment, **values: Any) -> None:
        """Take it back before it is approved; a notice of it that runs becomes void."""
        services.withdraw_allotment(row, **values)
