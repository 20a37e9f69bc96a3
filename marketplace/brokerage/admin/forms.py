"""Forms that brokers and their principals share: organisations by credit code, rates as lines."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import UnfoldAdminTextInputWidget, text
from marketplace.parties.models import Organisation
from marketplace.parties.rules import CreditCodeError, check_credit_code

from ..rules.commission import Tier, read_tiers, write_tiers

HUNDRED = Decimal(100)


class CreditCodeField(forms.CharField):
    """A verified organisation by its unified social credit code: nobody leafs through a list of all."""

    widget = UnfoldAdminTextInputWidget

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            code = check_credit_code(text)
        except CreditCodeError as fault:
            raise ValidationError(str(fault)) from fault
        row = Organisation.objects.filter(credit_code=code, state=Organisation.State.VERIFIED).first()
        if row is None:
            raise ValidationError(_("No verified organisation on this platform has this credit code."))
        return row

    def run_validators(self, value: Any) -> None:
        """What the text was is checked above."""


class RatesField(forms.CharField):
    """Lines of an amount and a rate in per cent: from 0 yuan on 5 %, from 1,000,000 on 3 %."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": text(rows=2).widget} | options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        try:
            tiers = read_tiers(value)
        except (ValueError, TypeError):
            return ""
        return "\n".join(f"{plain(tier.above)} {plain(tier.rate * HUNDRED)}" for tier in tiers)

    def to_python(self, value: Any) -> Any:
        lines = (super().to_python(value) or "").splitlines()
        try:
            return write_tiers([tier_of(line) for line in lines if line.strip()])
        except (ValueError, ArithmeticError) as fault:
            raise ValidationError(
                _("Write one line each: an amount in yuan, a space, the rate in per cent.")
            ) from fault

    def run_validators(self, value: Any) -> None:
        """The service checks them."""


def tier_of(line: str) -> Tier:
    above, rate = line.replace(",", "").replace("%", " ").split()
    return Tier(Decimal(above), Decimal(rate) / HUNDRED)


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
