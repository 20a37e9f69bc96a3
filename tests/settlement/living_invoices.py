"""Invoices in a licence that lives at random: recorded, taken back, withdrawn; and how much of what is invoiced."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from marketplace.core.errors import Conflict, Invalid
from marketplace.settlement import services
from marketplace.settlement.models import Invoice, Obligation
from marketplace.settlement.rules.invoicing import Facts
from marketplace.settlement.services.invoices import Paper, invoiced
from tests.contracts.making import PDF

PLACE, SHARE = st.integers(0, 99), st.integers(1, 120)
PAPER = Paper("a.pdf", PDF)


class Invoices:
    """Rules and what always holds, for a machine that lives through books as well."""

    invoice_number = 0

    @property
    def kept(self):
        """What stands of each invoice in fen, with its line: the simple model."""
        return self.__dict__.setdefault("_kept", {})

    def on_paper(self, fen):
        self.invoice_number += 1
        amount = Decimal(fen) / 100
        number = f"{self.invoice_number:020}"
        return Facts(kind="DIGITAL_ORDINARY", number=number, on=self.today, net=amount, rate=Decimal(0), tax=Decimal(0))

    @rule(place=PLACE, share=SHARE)
    def an_invoice_is_recorded(self, place, share):
        """For a part of what is left of one line, or for more than that, which is refused."""
        rows = list(Obligation.objects.filter(contract=self.licence.row).order_by("id"))
        row = rows[place % len(rows)]
        done = sum(left for key, left in self.kept.values() if key == row.key)
        room = int((row.amount + row.interest) * 100) - done if row.amount > 0 else 0
        fen = max(room * share // 100, 1)
        given = self.on_paper(fen)
        if fen > room:
            with pytest.raises(Invalid):
                self.record_invoice(given, row)
            return
        invoice = self.record_invoice(given, row)
        assert self.record_invoice(given, row).pk == invoice.pk
        self.kept[invoice.pk] = (row.key, fen)
        self.did("invoiced")

    def record_invoice(self, given, row):
        return services.record_invoice(
            self.licence.contract, given, paper=PAPER, obligation=row, by=self.licence.seller
        )

    @precondition(lambda self: self.kept)
    @rule(place=PLACE, share=SHARE)
    def a_red_letter_takes_an_invoice_back(self, place, share):
        pk = list(self.kept)[place % len(self.kept)]
        (key, left), invoice = self.kept[pk], Invoice.objects.get(pk=pk)
        fen = max(left * share // 100, 1)
        if fen > left:
            with pytest.raises((Invalid, Conflict)):
                self.correct_invoice(invoice, -fen)
            return
        self.correct_invoice(invoice, -fen)
        self.kept[pk] = (key, left - fen)
        self.did("red letter")

    def correct_invoice(self, invoice, fen):
        return services.correct_invoice(invoice, self.on_paper(fen), paper=PAPER, by=self.licence.seller)

    @precondition(lambda self: self.kept)
    @rule(place=PLACE)
    def an_invoice_is_withdrawn(self, place):
        invoice = Invoice.objects.get(pk=list(self.kept)[place % len(self.kept)])
        if invoice.corrections.exists():
            with pytest.raises(Conflict):
                services.withdraw_invoice(invoice, "录错", by=self.licence.seller)
            return
        services.withdraw_invoice(invoice, "录错", by=self.licence.seller)
        del self.kept[invoice.pk]
        self.did("invoice withdrawn")

    @invariant()
    def as_much_is_invoiced_as_the_model_says(self):
        sums = {}
        for key, left in self.kept.values():
            sums[key] = sums.get(key, 0) + left
        found = {key: int(amount * 100) for key, amount in invoiced(self.licence.contract).items()}
        assert {key: fen for key, fen in found.items() if fen} == {key: fen for key, fen in sums.items() if fen}
