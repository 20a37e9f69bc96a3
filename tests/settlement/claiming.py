"""A licence in default with a guarantor behind it: 50 000 yuan were due on 3 February 2027 and never came.

Demanded on 10 February, the days of the law end on 12 March (30 days); on 13 March it is in default.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.contracts import services as contracts
from marketplace.contracts.models import Guarantee
from marketplace.core.access import SYSTEM
from marketplace.documents import services as documents
from marketplace.settlement import services
from marketplace.settlement.models import Claim, Recourse, Recovery
from tests import factories
from tests.contracts.living import ENTRY, Licence, make_guarantor, make_licence
from tests.contracts.making import PDF, decider_of
from tests.rows import reread

SIGNED, DEMANDED, DEFAULTED = date(2027, 1, 4), date(2027, 2, 10), date(2027, 3, 15)
PAID_ON, LATER = date(2027, 3, 20), date(2027, 4, 10)
COVER = {"cover_amount": Decimal(40_000), "cover_share": Decimal("0.8"), "liability": "JOINT", "period_months": 6}

TWO_PAYMENTS = ENTRY | {
    "terms": [
        *ENTRY["terms"],
        {"id": "second", "kind": "FIXED", "amount": "20000", "trigger": {"kind": "SIGNATURE"}, "pay_days": 35},
    ]
}
"""20 000 yuan more are due on 8 February."""
SECOND_IN_APRIL = TWO_PAYMENTS | {"terms": [*ENTRY["terms"], {**TWO_PAYMENTS["terms"][-1], "pay_days": 100}]}
"""They are due on 14 April, after the first default."""


@dataclass
class Defaulted:
    """A licence in default, its guarantee, and who decides for the guarantor."""

    licence: Licence
    guarantee: Guarantee
    guarantor: Any

    @property
    def contract(self) -> Any:
        return self.licence.contract

    @property
    def seller(self) -> Any:
        return self.licence.seller

    @property
    def buyer(self) -> Any:
        return self.licence.buyer

    def go(self, day: date) -> None:
        self.licence.go(day)

    def file(self, guarantee: Guarantee | None = None, **values: Any) -> Claim:
        return services.file_claim(guarantee or self.guarantee, **values, by=self.seller)

    def accept(self, **values: Any) -> Claim:
        return services.accept_claim(Claim.objects.latest("id"), **values, by=self.guarantor)

    def compensate(self, amount: str, on: date = PAID_ON, reference: str = "G1") -> Claim:
        self.go(max(on, PAID_ON))
        claim = Claim.objects.latest("id")
        return services.compensate(claim, Decimal(amount), on=on, reference=reference, by=self.seller)

    def recover(self, amount: str, on: date = LATER, reference: str = "R1", costs: str = "0") -> Recovery:
        self.go(max(on, LATER))
        given = {"on": on, "reference": reference, "costs": Decimal(costs)}
        return services.record_recovery(self.recourse, Decimal(amount), **given, by=self.guarantor)

    def pass_on(self, recovery: Recovery, reference: str = "P1", on: date = LATER) -> Recovery:
        return services.pass_on(recovery, on=on, reference=reference, by=self.seller)

    @property
    def recourse(self) -> Recourse:
        return Recourse.objects.exclude(state="cancelled").get(contract=self.licence.row)

    def books(self, organisation: Any) -> dict[str, Decimal]:
        """The accounts of this contract in somebody's books that are not zero."""
        found = services.balances(journal__contract=self.licence.row, journal__book=organisation)
        return {str(kind): amount for kind, amount in found.items() if amount}


def make_issued(licence: Licence, kind: str = "COMPANY", **terms: Any) -> Guarantee:
    """A guarantee that stands, of a guarantor of its own; a deposit that the licensor has."""
    organisation = None if kind == "DEPOSIT" else make_guarantor()[0]
    row = contracts.propose_guarantee(licence.contract, kind, organisation, {**COVER, **terms}, by=licence.seller)
    by = licence.seller if organisation is None else decider_of(organisation)
    return contracts.issue(row, number="DB-1", by=by)


def fall_into_default(licence: Licence) -> None:
    licence.deliver()
    licence.go(DEMANDED)
    services.bill(licence.contract, by=SYSTEM)
    contracts.demand(licence.contract, by=licence.seller)
    licence.tick(DEFAULTED)
    assert licence.state == "defaulted"


def make_defaulted(go: Any, kind: str = "COMPANY", *, sheet: dict[str, Any] = ENTRY, **terms: Any) -> Defaulted:
    """In default since 13 March 2027, today is the 15th; the guarantee stands."""
    licence = make_licence(go, sheet)
    guarantee = make_issued(licence, kind, **terms)
    fall_into_default(licence)
    by = decider_of(guarantee.guarantor) if guarantee.guarantor else None
    return Defaulted(licence, reread(guarantee), by)


def make_proof(defaulted: Defaulted) -> Any:
    """A paper of the licensor, such as a ruling that ends an enforcement."""
    readers = [defaulted.contract.seller]
    return documents.keep_document(PDF, filename="a.pdf", title="终结执行裁定", readers=readers, by=defaulted.seller)


def make_stranger() -> Any:
    """Somebody who decides for another guarantor."""
    return factories.make_member(factories.make_organisation("GUARANTOR"))
