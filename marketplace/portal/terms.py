"""Ways to pay: a page for a firm that has never heard of a royalty; a few questions, and the ways side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace import law
from marketplace.contracts import wording
from marketplace.contracts.rules.sheet import Mode
from marketplace.core import charts
from marketplace.core.models import is_public_id
from marketplace.law.rules.places import NATION
from marketplace.listings import reading
from marketplace.listings.models import Projection

from .cards import address, in_language
from .labels import Labels
from .questions import TRIALS, USUAL, Questions
from .ways import ELSE, LATER, LICENCE_YEARS, SHOWN, SOONER, WAN, Way, from_offers, ways

GROUPS = {
    LATER: gettext_lazy("Use first, pay later"),
    SOONER: gettext_lazy("Pay from the start"),
    ELSE: gettext_lazy("Without cash"),
}
# What each way means for the risk, said where the sums are
RISKS = {
    Mode.BUYOUT: gettext_lazy("You pay the same however it sells."),
    Mode.OPEN: gettext_lazy("You pay the same however it sells."),
    Mode.INSTALMENTS: gettext_lazy("You pay the same however it sells, but not all at once."),
    Mode.DEFERRED: gettext_lazy("You pay the same however it sells, but later."),
    Mode.ENTRY_ROYALTY: gettext_lazy("If you sell nothing, you have paid the entry fee and owe nothing more."),
    Mode.ROYALTY: gettext_lazy("If you sell nothing, you pay nothing."),
    Mode.ZERO_UPFRONT: gettext_lazy("If no step is reached and nothing is sold, you pay nothing."),
    Mode.CONDITIONAL: gettext_lazy("If the condition is never met, you pay nothing."),
    Mode.TRIAL_TRANSFER: gettext_lazy("If you give it back at the end of the trial, you pay nothing."),
    Mode.EQUITY: gettext_lazy("You pay no money; the owner becomes a shareholder and shares in later profits."),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """The achievement that the page was opened from, and what its owner indicates to this reader."""

    title: str = ""
    url: str = ""
    modes: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


@require_safe
def ways_to_pay(request: HttpRequest) -> HttpResponse:
    """The questions with sensible answers filled in, and below them the ways side by side."""
    labels = Labels()
    offered = offer_of(request)
    modes = modes_of(request) or list(offered.modes)
    form = Questions(filled(request, offered, modes), labels)
    context: dict[str, Any] = {"form": form, "offered": offered, "is_narrowed": bool(modes)}
    if form.is_valid():
        context |= compared(worked_out(form, modes), labels) | {"query": query_of(form, modes)}
    return render(request, "portal/ways_to_pay.html", context)


def modes_of(request: HttpRequest) -> list[str]:
    """The ways chosen; what is none is left out."""
    return [each for each in request.GET.getlist("mode") if each in Mode.__members__]


def worked_out(form: Questions, modes: list[str]) -> list[Way]:
    """The chosen ways, or all, in the order in which they are shown."""
    chosen = [each for each in (*LATER, *SOONER, *ELSE) if not modes or each in modes]
    return ways(form.answers(), chosen, signed_on=next_january(timezone.localdate()))


def query_of(form: Questions, modes: list[str]) -> str:
    """The answers as an address, with the language, so that a picture in another one is another picture."""
    values = {name: form.data[name] for name in USUAL}
    return urlencode({**values, "mode": modes, "in": get_language() or ""}, doseq=True)


def next_january(today: date) -> date:
    return date(today.year + 1, 1, 1)


def offer_of(request: HttpRequest) -> Offered:
    """What the owner of the named achievement indicates, as far as this reader may know it."""
    rows = Projection.objects.visible_to(request.user).filter(kind="achievement")
    asked = request.GET.get("achievement", "")
    row = rows.filter(public_id=asked).select_related("achievement").first() if is_public_id(asked) else None
    if row is None:
        return Offered()
    seen = reading.read(row, request.user)
    indicated = from_offers(seen.offers)
    values = {
        **({"price": number(indicated["price"] / WAN)} if "price" in indicated else {}),
        **({"share": number(indicated["share"])} if "share" in indicated else {}),
        **({"trial": nearest(indicated["trial"])} if "trial" in indicated else {}),
    }
    title = in_language(seen.texts, "title")[0] or row.title
    return Offered(title, address(row), tuple(each for each in row.modes if each in Mode.__members__), values)


def nearest(months: int) -> str:
    """The choice of a trial that comes closest to what is offered."""
    return min(TRIALS, key=lambda choice: abs(int(choice) - months))


def filled(request: HttpRequest, offered: Offered, modes: list[str]) -> dict[str, Any]:
    """The answers given; what was not asked yet has the owner's indication or a usual value."""
    given = {name: value for name, value in request.GET.items() if name in Questions.base_fields}
    return {**USUAL, **offered.values, **given, "mode": modes}


def compared(found: list[Way], labels: Labels) -> dict[str, Any]:
    """The ways in words and figures, under the headings of GROUPS, with their chart."""
    cards = [card(way, labels) for way in found]
    groups = [
        {"title": title, "cards": [each for each in cards if each["mode"] in modes]} for modes, title in GROUPS.items()
    ]
    cash = [(way, each["name"]) for way, each in zip(found, cards, strict=True) if way.is_cash]
    book = law.on(timezone.localdate(), NATION)
    return {
        "groups": [each for each in groups if each["cards"]],
        "years": range(1, SHOWN + 1),
        "licence_years": LICENCE_YEARS,
        "chart": described(cash) if cash else "",
        "reward": {"percent": number(book.percent(REWARD) * 100), "citation": book.citation(REWARD)},
    }


REWARD = "reward.floor.transfer_license"


def card(way: Way, labels: Labels) -> dict[str, Any]:
    """One way to pay: the plain sentence, what is paid in each year, the words that need explaining."""
    english = (get_language() or "").startswith("en")
    rows = [
        (
            _("As you expect"),
            [in_wan(each) for each in way.expected],
            in_wan(sum(way.expected)),
            in_wan(way.expected_all),
        ),
        (_("If it sells badly"), [in_wan(each) for each in way.bad], in_wan(sum(way.bad)), in_wan(way.bad_all)),
    ]
    return {
        "mode": way.mode,
        "name": labels.label("licensing_mode", way.mode),
        "sentence": wording.sentence(way.sheet, "en" if english else "zh"),
        "rows": rows if way.is_cash else [],
        "certain": wording.yuan(way.certain) if way.certain else "",
        "risk": RISKS[way.mode],
        "words": wording.words_in(way.sheet),
    }


def in_wan(amount: Decimal | int) -> str:
    """万元 with one place, a plain zero for nothing."""
    return f"{amount / WAN:,.1f}" if amount else "0"


def number(value: Decimal) -> str:
    """As people write it: without needless zeros."""
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def described(found: Iterable[tuple[Way, str]]) -> str:
    """What the chart shows, for who does not see it."""
    sums = [
        _("%(mode)s: %(expected)s, %(bad)s if it sells badly")
        % {"mode": name, "expected": in_wan(sum(way.expected)), "bad": in_wan(sum(way.bad))}
        for way, name in found
    ]
    text = _("Bars of what you pay in years 1 to %(years)s. In all, 万元: %(sums)s.")
    return text % {"years": SHOWN, "sums": "; ".join(sums)}


@require_safe
def ways_chart(request: HttpRequest) -> HttpResponse:
    """The bars of a comparison as SVG: a wide picture, or with ?narrow a telephone's."""
    labels = Labels()
    modes = modes_of(request)
    form = Questions(filled(request, Offered(), modes), labels)
    if not form.is_valid():
        raise Http404
    named = [(way, labels.label("licensing_mode", way.mode)) for way in worked_out(form, modes) if way.is_cash]
    points = [
        charts.Point(str(year), float(amount / WAN), series, name)
        for way, name in named
        for series, row in ((_("as you expect"), way.expected), (_("if it sells badly"), way.bad))
        for year, amount in enumerate(row, 1)
    ]
    size = (
        frame(columns=2, width=122, height=110) if "narrow" in request.GET else frame(columns=3, width=300, height=130)
    )
    if not points:
        raise Http404
    return HttpResponse(charts.bars(points, size), "image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def frame(*, columns: int, width: int, height: int) -> charts.Frame:
    return charts.Frame(
        x_title=_("year of the licence"), y_title=_("paid (万元)"), columns=columns, width=width, height=height
    )
