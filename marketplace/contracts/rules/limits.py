"""Rules of licence terms: the legal values and customs that a sheet is measured against; the caller fills them in."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Legal values of a day and place, and two customs of this platform.

    open_fixed_cap            most of an open licence's fixed fee, yuan: `open_licence.fixed_cap`
    open_royalty_cap_sales    most of net sales: `open_licence.royalty_cap_sales`
    open_royalty_cap_profit   most of profit: `open_licence.royalty_cap_profit`
    income_tax_licence_years  shorter licences have no income-tax relief: `cit.licence_min_years`
    least_deferral_months     what is due earlier is not called deferred (practice: 6 to 24 months)
    prompt_days               what is due within these is paid at once (practice)
    """

    open_fixed_cap: Decimal
    open_royalty_cap_sales: Decimal
    open_royalty_cap_profit: Decimal
    income_tax_licence_years: int
    least_deferral_months: int = 6
    prompt_days: int = 90
