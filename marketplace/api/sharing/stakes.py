"""Stakes over the API: what the owner's side received of a company, its papers, its entry in the register, its end."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import equity, services
from marketplace.settlement.models import Stake
from marketplace.settlement.services.stakes import PAPERS, missing_papers

from ..brokerage import PartyShape
from ..contracts.acting import Acting, verb
from ..contracts.fields import ContractReference, Day, DocumentReference, paper_id, words
from ..doors import Listed, Retrieved, RowShape, Shape
from ..fields import Amount, CodeName, Currency
from ..filters import PublicId, states_of
from ..moving import Making, making
from ..notices import LegalBasisShape
from .fields import id_of
from .grounds import Ratio

MOST_SHARES = 10**15
REASON = 300


class StakeShape(RowShape):
    """`units` are shares, or ten-thousandths of a percent of a company without shares. Who holds them: holdings/."""

    book = PartyShape(read_only=True)
    contract = id_of("contract")
    contract_title = serializers.CharField(source="contract.title", read_only=True)
    instrument_display = CodeName(Stake.Instrument, source="instrument")
    basis_display = CodeName(Stake.Basis, source="basis")
    units = serializers.IntegerField(read_only=True)
    currency = Currency(read_only=True)
    instrument_paper = paper_id("instrument_paper")
    valuation_paper = paper_id("valuation_paper")
    register_paper = paper_id("register_paper")
    missing_papers = serializers.SerializerMethodField(help_text="Of the three that the registration asks for.")
    ending_display = CodeName(Stake.Ending, source="ending")
    tax_deferral = serializers.SerializerMethodField(
        help_text="A hint and no advice: the text by which tax may be put off until the shares are transferred."
    )
    state_display = CodeName(Stake.State, source="state")

    class Meta:
        model = Stake
        fields = [
            *("id", "book", "contract", "contract_title", "term", "company", "credit_code", "instrument"),
            *("instrument_display", "percent", "percent_reason", "shares", "units", "valuation", "currency", "basis"),
            *("basis_display", "valued_on", "agreed_on", "law_place", "instrument_paper", "valuation_paper"),
            *("register_paper", "missing_papers", "registered_on", "ended_on", "ending", "ending_display"),
            *("end_reason", "proceeds", "tax_deferral", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField([(name, name) for name in PAPERS])))
    def get_missing_papers(self, row: Stake) -> list[str]:
        return missing_papers(row)

    @extend_schema_field(LegalBasisShape(allow_null=True))
    def get_tax_deferral(self, row: Stake) -> Any:
        entry = equity.deferral_of(row)
        return LegalBasisShape(entry, context=self.context).data if entry else None


class NewStakeShape(Shape):
    """What is not said is the contract's: the licensee, the percent, the value, the day of the signature."""

    contract = ContractReference()
    term = serializers.CharField(max_length=40, default="", help_text="Where the contract has several equity terms.")
    company = serializers.CharField(max_length=200, required=False, help_text="Of another company than the licensee.")
    credit_code = serializers.CharField(max_length=30, required=False)
    instrument = serializers.ChoiceField(Stake.Instrument.choices)
    percent = Ratio(required=False, help_text="Of one: 0.2 for 20 %.")
    percent_reason = serializers.CharField(max_length=REASON, required=False)
    shares = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_SHARES)
    valuation = Amount(required=False)
    basis = serializers.ChoiceField(Stake.Basis.choices)
    valued_on = Day()
    agreed_on = Day(required=False)
    instrument_paper = DocumentReference(required=False)
    valuation_paper = DocumentReference(required=False)


class StakePaperShape(Shape):
    kind = serializers.ChoiceField([(name, name) for name in PAPERS])
    paper = DocumentReference()


class StakeRegistrationShape(Shape):
    on = Day()
    paper = DocumentReference(required=False, help_text="The extract of the company register, unless it is there.")


class StakeEndShape(Shape):
    ending = serializers.ChoiceField(Stake.Ending.choices)
    on = Day()
    reason = words(max_length=REASON)
    proceeds = Amount(default="0.00")


class StakeFilter(filters.FilterSet):
    contract = PublicId("contract")
    book = PublicId("book")
    state = states_of(Stake)

    class Meta:
        model = Stake
        fields: list[str] = []


class Stakes(Listed, Retrieved, Making, Acting):
    """Stakes of one's contracts, and those of which one holds a part, the latest first."""

    queryset = Stake.objects.select_related(
        "book", "contract", "instrument_paper", "valuation_paper", "register_paper"
    ).order_by("-id")
    serializer_class = StakeShape
    filterset_class = StakeFilter

    @making(NewStakeShape, StakeShape)
    def create(self, request: Request) -> Response:
        """Record the stake of an equity term of a signed contract; once a term."""
        return self.make(request, NewStakeShape, services.record_stake)

    @verb(StakePaperShape)
    def keep_paper(self, stake: Stake, **values: Any) -> None:
        """Hand in a paper of the checklist while it is not registered."""
        services.keep_stake_paper(stake, **values)

    @verb(StakeRegistrationShape)
    def register(self, stake: Stake, **values: Any) -> None:
        """The company register shows it. E_PAPER_MISSING names what is to be handed in first."""
        services.register_stake(stake, **values)

    @verb(StakeEndShape)
    def end(self, stake: Stake, **values: Any) -> None:
        """It was sold, or the company wound up."""
        services.end_stake(stake, **values)
