"""Invoices of the demonstration: made-up numbers, and a page that says that it is none."""

from typing import Any

from marketplace import law
from marketplace.core.money import to_fen
from marketplace.settlement import services
from marketplace.settlement.models import Invoice, Payment
from marketplace.settlement.rules.invoicing import Facts
from marketplace.settlement.services.invoices import Paper

TEXT = "DEMONSTRATION - NOT A TAX INVOICE"


def record(payment: Payment, number: int, *, by: Any) -> Invoice:
    """The invoice for a payment, at the general rate of its day."""
    rate = law.on(payment.on, payment.contract.law_place).percent("vat.rate.general")
    net = to_fen(payment.amount / (1 + rate))
    facts = Facts(
        kind=Invoice.Kind.DIGITAL_ORDINARY,
        number=f"{payment.on:%y}33{number:016d}",
        on=payment.on,
        net=net,
        rate=rate,
        tax=payment.amount - net,
    )
    paper = Paper("invoice.pdf", page(f"{TEXT}   {facts.number}"))
    return services.record_invoice(payment.contract, facts, paper=paper, payment=payment, by=by)


def page(text: str) -> bytes:
    """One line of ASCII as a PDF."""
    drawn = f"BT /F1 14 Tf 40 150 Td ({text}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 300] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    ]
    body, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(parts) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n"
    return f"{body}{end}startxref\n{len(body)}\n%%EOF\n".encode("ascii")
