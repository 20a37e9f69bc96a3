"""How a contract begins and is negotiated: applied for or drawn up, answered, its terms proposed and accepted."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts import services
from marketplace.contracts.models import Contract
from marketplace.contracts.rules.faults import Fault
from marketplace.contracts.services.terms import BrokenTerms

from ..doors import IF_MATCH
from ..terms import MOST_FAULTS, unreadable
from .acting import Acting, verb
from .bodies import (
    AcceptanceOfTerms,
    ApplicationShape,
    DealDraftShape,
    DeclineApplicationShape,
    DraftShape,
    ParticularsShape,
    PartyOfContract,
    ProposalShape,
)
from .fields import NoteShape, SpokenReason
from .shapes import ContractShape


class Entering(Acting):
    """Until both sides have accepted the same version of the terms."""

    def handle_exception(self, exc: Exception) -> Response:
        """Broken terms are answered as a preview answers them, with the place of each fault in the body."""
        if isinstance(exc, BrokenTerms):
            placed = [Fault(each.code, f"/sheet{each.pointer}", each.inputs) for each in exc.faults[:MOST_FAULTS]]
            return unreadable(placed, code=exc.code, sentence=exc)
        return super().handle_exception(exc)

    @extend_schema(request=ApplicationShape, responses={201: ContractShape})
    @action(detail=False, methods=["post"])
    def apply(self, request: Request) -> Response:
        """Ask for a published achievement in one of its modes, for one's own firm; `submit` hands it in."""
        values = self.body(ApplicationShape)
        return self.show(services.apply(values.pop("achievement"), **values, by=request.user), status=201)

    @extend_schema(request=DraftShape, responses={201: ContractShape})
    @action(detail=False, methods=["post"])
    def draft(self, request: Request) -> Response:
        """Draw up what was agreed elsewhere, for one's own organisation as the licensor."""
        values = self.body(DraftShape)
        sides = values.pop("seller"), values.pop("buyer")
        return self.show(services.draft(*sides, **values, by=request.user), status=201)

    @extend_schema(request=DealDraftShape, responses={201: ContractShape})
    @action(detail=False, methods=["post"], url_path="draft-from-deal", url_name="draft-from-deal")
    def draft_from_deal(self, request: Request) -> Response:
        """Draw up the contract of a deal: its technology manager, or the licensor."""
        values = self.body(DealDraftShape)
        return self.show(services.draft_from_deal(values.pop("deal"), **values, by=request.user), status=201)

    @extend_schema(request=ParticularsShape, parameters=[IF_MATCH], responses=ContractShape)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change what the contract says beside its price. What was accepted is to be accepted anew."""
        contract = self.get_object()
        self.version(contract, required=True)
        values = self.body(ParticularsShape, partial=True)
        with self.as_read(contract) as contract:
            services.edit(contract, values, by=request.user)
        return self.show(contract)

    @verb()
    def submit(self, contract: Contract, **values: Any) -> None:
        """The firm hands its application in; the owner has 14 days to answer."""
        services.submit(contract, **values)

    @verb()
    def accept_application(self, contract: Contract, **values: Any) -> None:
        """The owner wants to talk; from now on the two sides know each other."""
        services.accept_application(contract, **values)

    @verb(DeclineApplicationShape)
    def decline(self, contract: Contract, **values: Any) -> None:
        """The owner does not, and says why."""
        services.decline(contract, **values)

    @verb(NoteShape)
    def withdraw(self, contract: Contract, **values: Any) -> None:
        """Either side gives it up before it is signed."""
        services.withdraw(contract, **values)

    @verb(PartyOfContract)
    def add_third_party(self, contract: Contract, **values: Any) -> None:
        """Name an agency, guarantor or insurer that stands on the contract; it reads it from now on."""
        services.add_third_party(contract, **values)

    @verb(ProposalShape)
    def propose(self, contract: Contract, *, sheet: Any, **values: Any) -> None:
        """Propose a whole new version of the terms; who decides for the side accepts it with it.

        A sheet that breaks a rule is a 400 with every fault: its code, its pointer and what to do.
        """
        services.propose(contract, sheet, **values)

    @verb(AcceptanceOfTerms)
    def accept_terms(self, contract: Contract, **values: Any) -> None:
        """Accept the latest version for one's side; accepted by both it is agreed."""
        services.accept_terms(contract, **values)

    @verb(SpokenReason)
    def reopen(self, contract: Contract, **values: Any) -> None:
        """Go back from agreed terms to the negotiation."""
        services.reopen(contract, **values)
