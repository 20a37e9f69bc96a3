"""A signed licence of a university in Beijing, the office there, and short words for what both do."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.contracts import services as contracts
from marketplace.documents import services as documents
from marketplace.parties.models import Organisation
from marketplace.registration import services
from marketplace.registration.models import Registration
from tests import factories
from tests.contracts.living import ENTRY, Licence, make_licence
from tests.contracts.making import PDF
from tests.rows import reread

NUMBER = "4403012027000001"
FILLED = {
    "seller_nature": "022",
    "buyer_nature": "150",
    "objective": "10",
    "industry": "C",
    "plan_category": "90",
    "ip_type": "02",
    "type": "3",
    "subtype": "31",
    "contact": "王老师",
    "phone": "010-60000001",
}
COSTS = [{"kind": "EQUIPMENT", "what": "涂层试验电源一套", "amount": "12000"}]


@dataclass
class Registering:
    """One contract, its seller's officer, the office and two of its people."""

    licence: Licence
    office: Organisation
    registrar: Any
    second: Any

    @property
    def contract(self) -> Any:
        return self.licence.contract

    @property
    def officer(self) -> Any:
        return self.licence.seller

    def paper(self, words: bytes = b"") -> Any:
        content = PDF + words
        return documents.keep_document(
            content, filename="证书.pdf", title="证书", readers=[self.contract.seller], by=self.officer
        )

    def draft(self, **values: Any) -> Registration:
        return services.draft(self.contract, **FILLED | {"office": self.office} | values, by=self.officer)

    def submitted(self, **values: Any) -> Registration:
        return services.submit(self.draft(**values), by=self.officer)

    def accepted(self, **values: Any) -> Registration:
        return services.accept(self.submitted(**values), by=self.registrar)

    def registered(self, number: str = NUMBER, **values: Any) -> Registration:
        return services.register(self.accepted(**values), number=number, reason="符合认定条件。", by=self.registrar)

    def refused(self, **values: Any) -> Registration:
        return services.refuse(self.accepted(**values), "标的为一般加工承揽。", by=self.registrar)

    def recorded(self, on: date | None = None, **values: Any) -> Registration:
        given = {"number": NUMBER, "on": on or self.contract.signed_on, "office_name": "某市技术市场管理办公室"}
        row = self.draft(office=None)
        return services.record(row, **given | {"certificate": self.paper()} | values, by=self.officer)


def make_office(region: str = "110000", **values: Any) -> Organisation:
    return factories.make_organisation("AUTHORITY", region=region, name_zh="某市技术合同登记处", **values)


def make_registering(go: Any, sheet: Any = ENTRY, **values: Any) -> Registering:
    licence = make_licence(go, sheet, **values)
    office = make_office()
    people = [factories.make_member(office) for _ in range(2)]
    return Registering(licence, office, *people)


def end(ours: Registering) -> None:
    """Both sides end the contract before its term."""
    for by in (ours.officer, ours.licence.buyer):
        contracts.end_by_agreement(ours.contract, "双方协商解除。", by=by)


def now(row: Registration) -> Registration:
    return reread(row)
