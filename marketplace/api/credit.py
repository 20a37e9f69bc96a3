"""Credit notices over the API. They stay a record of this platform; nothing is sent to systems outside."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import services
from marketplace.settlement.models import CreditNotice

from .brokerage import PartyShape
from .contracts.acting import Acting, verb
from .contracts.fields import ContractReference, paper_id, remark, words
from .doors import Listed, Retrieved, RowShape, Shape, etag
from .fields import CodeName, Currency, FileHash, OrganisationReference
from .settlement import WhyShape


class CreditNoticeShape(RowShape):
    contract = serializers.CharField(source="contract.public_id", read_only=True)
    issuer = PartyShape(read_only=True)
    subject = PartyShape(read_only=True)
    evidence = paper_id("evidence")
    evidence_sha256 = FileHash(source="evidence", help_text="Null for who may not open it.")
    currency = Currency(read_only=True)
    state_display = CodeName(CreditNotice.State, source="state")

    class Meta:
        model = CreditNotice
        fields = [
            *("id", "contract", "issuer", "subject", "amount", "currency", "grounds", "evidence", "evidence_sha256"),
            *("announced_on", "reply_until", "rule", "reply", "replied_on", "answer", "pushed_on", "contest"),
            *("contested_on", "answer_by", "outcome", "ended_on", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class NewCreditNotice(Shape):
    contract = ContractReference()
    issuer = OrganisationReference(help_text="The licensor, or a guarantor that has paid.")
    grounds = words()


class CreditReply(Shape):
    reply = words()


class CreditAnswer(Shape):
    answer = remark(help_text="Needed when the firm has replied.")


class CreditContest(Shape):
    contest = words()


class CreditOutcome(Shape):
    outcome = words()


class CreditNotices(Listed, Retrieved, Acting):
    """Notices that one's organisations give, and those about them."""

    queryset = CreditNotice.objects.select_related("contract", "issuer", "subject", "evidence").order_by("-id")
    serializer_class = CreditNoticeShape

    @extend_schema(request=NewCreditNotice, responses={201: CreditNoticeShape})
    def create(self, request: Request) -> Response:
        """Tell a firm that its default will be on record. Not final yet: 409 E_CREDIT_PUSH_NOT_FINAL."""
        given = self.body(NewCreditNotice)
        made = services.announce_credit(given["contract"], given["issuer"], given["grounds"], by=request.user)
        shown = self.everything().get(pk=made.pk)
        return Response(self.get_serializer(shown).data, status=201, headers=etag(shown))

    @verb(CreditReply)
    def answer(self, row: CreditNotice, **values: Any) -> None:
        """The firm answers within its days."""
        services.answer_credit(row, **values)

    @verb(CreditAnswer)
    def push(self, row: CreditNotice, **values: Any) -> None:
        """Put it on record, once the days are over and what the firm said is answered."""
        services.push_credit(row, **values)

    @verb(WhyShape)
    def withdraw(self, row: CreditNotice, **values: Any) -> None:
        """The creditor does not go on with it."""
        services.withdraw_credit(row, **values)

    @verb(CreditContest)
    def contest(self, row: CreditNotice, **values: Any) -> None:
        """The firm says what is wrong, or that it has paid."""
        services.contest_credit(row, **values)

    @verb(CreditOutcome)
    def uphold(self, row: CreditNotice, **values: Any) -> None:
        """Checked, and it stays."""
        services.uphold_credit(row, **values)

    @verb(CreditOutcome)
    def correct(self, row: CreditNotice, **values: Any) -> None:
        """It was wrong, or the debt is settled: it is on record no more."""
        services.correct_credit(row, **values)
