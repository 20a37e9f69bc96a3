"""What a firm is asked about its plan, and how numbers are read as people write them."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy

from marketplace.contracts.rules.sheet import Mode

from .labels import Labels
from .ways import WAN, Answers

FIRST_SALES = {
    "6": gettext_lazy("in half a year"),
    "12": gettext_lazy("in one year"),
    "18": gettext_lazy("in a year and a half"),
    "24": gettext_lazy("in two years"),
    "36": gettext_lazy("in three years"),
}
TRIALS = {
    "0": gettext_lazy("No, I know that it works"),
    "3": gettext_lazy("Yes, 3 months"),
    "6": gettext_lazy("Yes, 6 months"),
    "12": gettext_lazy("Yes, 12 months"),
}
USUAL = {"sales": "100", "first": "12", "price": "30", "share": "3", "trial": "6"}


class PlainNumber(forms.DecimalField):
    """A number as people write it: full-width digits, thousands separators and its own unit are understood."""

    def __init__(self, *, units: tuple[str, ...], least: str, most: int, **options: Any) -> None:
        self.units = units
        told = _lazy_bounds(least, most)
        super().__init__(
            min_value=Decimal(least),
            max_value=Decimal(most),
            max_digits=12,
            error_messages={
                "required": gettext_lazy("Write a number here; an estimate is enough."),
                "invalid": gettext_lazy("Write a number in digits, such as 100 or 2.5."),
                **dict.fromkeys(("min_value", "max_value", "max_digits", "max_whole_digits"), told),
                "max_decimal_places": gettext_lazy("Two digits behind the point are enough."),
            },
            decimal_places=2,
            widget=forms.TextInput({"inputmode": "decimal", "size": 10, "maxlength": 20}),
            **options,
        )

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace(" ", "")
        for unit in self.units:
            text = text.removesuffix(unit)
        if text and not text.replace(".", "", 1).removeprefix("-").isdigit():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


def _bounds(least: str, most: int) -> str:
    return gettext("Write a number from %(least)s to %(most)s.") % {"least": least, "most": f"{most:,}"}


_lazy_bounds = lazy(_bounds, str)  # said in the reader's language, not in that of the first reader


class Questions(forms.Form):
    """What a firm is asked. Amounts are 万元, as firms reckon."""

    sales = PlainNumber(
        units=("万元", "万"),
        least="0",
        most=1_000_000,
        label=gettext_lazy("How much do you expect to sell each year? (万元)"),
        help_text=gettext_lazy("Sales of the new product in an ordinary year, without VAT. 1 万元 is CNY 10,000."),
    )
    first = forms.ChoiceField(
        choices=list(FIRST_SALES.items()),
        label=gettext_lazy("When will you sell the first one?"),
        help_text=gettext_lazy("Counted from the day on which the contract is signed."),
    )
    price = PlainNumber(
        units=("万元", "万"),
        least="0.1",
        most=100_000,
        label=gettext_lazy("Which price does the owner name? (万元)"),
        help_text=gettext_lazy("The price for everything at once. Leave the number if you do not know it yet."),
    )
    share = PlainNumber(
        units=("%",),
        least="0",
        most=100,
        label=gettext_lazy("Or which share of your sales? (%)"),
        help_text=gettext_lazy("Of every 100 yuan that you sell, so many go to the owner. 2 to 5 is common."),
    )
    trial = forms.ChoiceField(
        choices=list(TRIALS.items()),
        label=gettext_lazy("Do you want to try it first?"),
        help_text=gettext_lazy("While you try, you pay nothing. At the end you keep it or give it back."),
    )
    mode = forms.MultipleChoiceField(
        required=False, label=gettext_lazy("Compare only these"), widget=forms.CheckboxSelectMultiple
    )
    achievement = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, values: Any, labels: Labels) -> None:
        super().__init__(values, label_suffix="")
        mode = self.fields["mode"]
        assert isinstance(mode, forms.MultipleChoiceField)
        known = [(code, name) for code, name in labels.choices("licensing_mode") if code in Mode.__members__]
        mode.choices = known

    def answers(self) -> Answers:
        given = self.cleaned_data
        return Answers(
            sales=given["sales"] * WAN,
            first_sale_month=int(given["first"]),
            price=given["price"] * WAN,
            share=given["share"] / 100,
            trial_months=int(given["trial"]),
        )
