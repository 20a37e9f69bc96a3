"""The page that compares the ways to pay: its figures, its questions, what it tells whom, and its chart."""

import re
from datetime import date
from decimal import Decimal as D

import pytest
from django.urls import reverse

from marketplace.contracts.rules.sheet import Mode
from marketplace.portal.questions import TRIALS, USUAL
from marketplace.portal.terms import RISKS, nearest, number
from marketplace.portal.ways import ELSE, LATER, SOONER, Answers, from_offers, ways
from tests.factories import make_published_achievement

PAGE = "/ways-to-pay/"
PLAN = Answers(sales=D(1_000_000), first_sale_month=12, price=D(300_000), share=D("0.03"), trial_months=6)
OFFERS = [
    {"mode": "ENTRY_ROYALTY", "price_low": "300000.00", "price_high": "700000.00", "royalty_percent": "2.0000"},
    {"mode": "TRIAL_TRANSFER", "price_low": None, "price_high": None, "royalty_percent": None, "free_months": 3},
]


def worked_out(mode, **changes):
    answers = Answers(**{name: getattr(PLAN, name) for name in Answers.__slots__} | changes)
    (found,) = ways(answers, [Mode(mode)], signed_on=date(2027, 1, 1))
    return found


# The figures


@pytest.mark.parametrize(
    ("mode", "expected", "certain"),
    [
        ("BUYOUT", ("300000", "0", "0", "0", "0"), 300_000),
        ("INSTALMENTS", ("200000", "100000", "0", "0", "0"), 300_000),
        ("DEFERRED", ("0", "0", "300000", "0", "0"), 300_000),
        ("TRIAL_TRANSFER", ("300000", "0", "0", "0", "0"), 0),
        ("CONDITIONAL", ("300000", "0", "0", "0", "0"), 0),
        ("EQUITY", ("0", "0", "0", "0", "0"), 0),
    ],
)
def test_a_fixed_price_falls_into_the_years_in_which_it_is_due(mode, expected, certain):
    found = worked_out(mode)
    assert found.expected == tuple(map(D, expected))
    assert found.certain == certain


def test_a_share_of_sales_is_the_share_of_what_is_sold_over_the_licence():
    found = worked_out("ROYALTY")
    assert abs(found.expected_all - D(9 * 1_000_000) * D("0.03")) < 1
    assert found.certain == 0
    assert found.bad_all < found.expected_all / 3


def test_who_sells_nothing_pays_no_share():
    assert worked_out("ROYALTY", sales=D(0)).expected_all == 0
    assert worked_out("ENTRY_ROYALTY", sales=D(0)).expected_all == 60_000


def test_a_trial_is_as_long_as_asked_for_and_usual_where_the_way_needs_one():
    assert worked_out("TRIAL_TRANSFER", trial_months=3).sheet.trial.months == 3
    assert worked_out("TRIAL_TRANSFER", trial_months=0).sheet.trial.months == 6
    assert worked_out("ZERO_UPFRONT", trial_months=0).sheet.trial is None


def test_the_groups_hold_every_mode_once_and_each_says_its_risk():
    assert sorted((*LATER, *SOONER, *ELSE)) == sorted(Mode)
    assert set(RISKS) == set(Mode)


def test_an_offer_gives_the_middle_of_its_band():
    assert from_offers(OFFERS) == {"price": D(500_000), "share": D(2), "trial": 3}
    assert from_offers([{"mode": "OPEN", "price_low": None}]) == {}


@pytest.mark.parametrize(("months", "choice"), [(3, "3"), (4, "3"), (8, "6"), (24, "12")])
def test_an_offered_trial_is_the_nearest_choice(months, choice):
    assert nearest(months) == choice
    assert USUAL["trial"] in TRIALS


@pytest.mark.parametrize(("value", "text"), [("50", "50"), ("2.0000", "2"), ("0.5", "0.5"), ("100", "100")])
def test_numbers_are_written_without_needless_zeros(value, text):
    assert number(D(value)) == text


# The page


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_answers_before_anything_is_asked(page, language):
    text = page(PAGE, language=language)
    assert text.count('<article class="way"') == len(Mode)
    assert ("前6个月免费使用；" in text) == (language == "zh-hans")
    assert ("Use free for the first 6 months; then CNY 30,000 at milestone 1" in text) == (language == "en")


@pytest.mark.django_db
def test_figures_are_in_wan_and_words_are_explained(page):
    text = page(f"{PAGE}?mode=ENTRY_ROYALTY&price=50&share=2", language="en")
    assert "Pay CNY 100,000 on signature and 2 % of net sales." in text
    assert re.search(r"<td>10\.0</td>", text)
    assert "What does “Royalty” mean?" in text
    assert "This is an estimate, not an offer." in text


@pytest.mark.django_db
def test_only_the_chosen_ways_are_compared(page):
    text = page(f"{PAGE}?mode=BUYOUT&mode=ROYALTY&mode=GIFT", language="en")
    assert re.findall(r'<article class="way" id="(\w+)">', text) == ["ROYALTY", "BUYOUT"]


@pytest.mark.django_db
@pytest.mark.parametrize("sales", ["100", "１００", "1,00", "100万元", " 100 ", "100.00"])
def test_a_number_is_read_as_people_write_it(page, sales):
    assert '<article class="way"' in page(f"{PAGE}?sales={sales}&mode=ROYALTY", language="en")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("sales=lots", "Write a number in digits, such as 100 or 2.5."),
        ("sales=", "Write a number here; an estimate is enough."),
        ("sales=-1", "Write a number from 0 to 1,000,000."),
        ("price=0", "Write a number from 0.1 to 100,000."),
        ("price=1e5", "Write a number in digits"),
        ("price=NaN", "Write a number in digits"),
        ("share=101", "Write a number from 0 to 100."),
        ("share=2.555", "Two digits behind the point are enough."),
        ("price=99999999999999", "Write a number from 0.1 to 100,000."),
    ],
)
def test_nonsense_is_said_in_plain_words_and_nothing_is_worked_out(page, query, sentence):
    text = page(f"{PAGE}?{query}", language="en")
    assert sentence in text
    assert '<article class="way"' not in text


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["first=99", "trial=x", "achievement=%00", "achievement=2222222222222222", "mode="])
def test_an_odd_address_is_answered_too(page, query):
    assert "<h1>" in page(f"{PAGE}?{query}")


@pytest.mark.django_db
@pytest.mark.parametrize("extreme", ["sales=0&price=0.1&share=0", "sales=1000000&price=100000&share=100&first=6"])
def test_extremes_are_worked_out(page, client, extreme):
    text = page(f"{PAGE}?{extreme}")
    assert text.count('<article class="way"') == len(Mode)


# Of an achievement


@pytest.fixture
def offered(university):
    return make_published_achievement(university, title_zh="测漏系统", title_en="Leak finder", offers=OFFERS)


@pytest.mark.django_db
def test_the_page_of_an_achievement_leads_to_its_own_ways(page, offered):
    text = page(f"/achievements/{offered.public_id}/")
    assert f'href="{PAGE}?achievement={offered.public_id}"' in text


@pytest.mark.django_db
def test_the_owners_indication_is_filled_in(page, offered):
    text = page(f"{PAGE}?achievement={offered.public_id}", language="en")
    assert re.findall(r'<article class="way" id="(\w+)">', text) == ["TRIAL_TRANSFER", "ENTRY_ROYALTY"]
    assert "Use free for the first 3 months; then CNY 500,000 on deciding to keep it." in text
    assert "Leak finder" in text


@pytest.mark.django_db
def test_what_is_typed_goes_before_the_indication(page, offered):
    text = page(f"{PAGE}?achievement={offered.public_id}&price=80", language="en")
    assert "CNY 800,000 on deciding to keep it" in text


@pytest.mark.django_db
def test_a_confidential_price_is_not_told(page, university, outsider, university_officer):
    tiers = {"price": "registered"}
    row = make_published_achievement(university, offers=OFFERS, tiers=tiers)
    address = f"{PAGE}?achievement={row.public_id}"
    assert "500,000" not in page(address, language="en")
    assert "500,000" in page(address, outsider, language="en")


@pytest.mark.django_db
def test_the_page_is_linked_from_the_front_the_menu_and_the_site_map(page):
    assert page("/").count(f'href="{PAGE}"') == 2
    assert PAGE in page(reverse("portal:sitemap"))


# The chart


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["", "&narrow"])
def test_the_chart_has_titled_axes_a_legend_and_a_panel_for_each_way(client, size):
    query = "sales=100&first=12&price=30&share=3&trial=6&mode=ROYALTY&mode=BUYOUT&in=en"
    answer = client.get(f"{PAGE}chart.svg?{query}{size}", headers={"accept-language": "en"})
    svg = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    for words in (
        "year of the licence",
        "paid (万元)",
        "as you expect",
        "if it sells badly",
        "Royalty only",
        "Buy-out",
    ):
        assert words in svg


@pytest.mark.django_db
def test_the_page_names_both_pictures_and_says_what_they_show(page):
    text = page(f"{PAGE}?mode=BUYOUT", language="en")
    assert re.search(r'<source media="[^"]+" srcset="/ways-to-pay/chart.svg\?[^"]+&amp;narrow">', text)
    assert 'alt="Bars of what you pay in years 1 to 5. In all, 万元: Buy-out: 30.0, 30.0 if it sells badly."' in text


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["sales=lots", "mode=EQUITY"])
def test_there_is_no_picture_of_nothing(client, query):
    assert client.get(f"{PAGE}chart.svg?{query}").status_code == 404


@pytest.mark.django_db
def test_the_page_asks_no_other_host_and_runs_no_script(page):
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//|<script|\son\w+=|style=\"", page(PAGE))


@pytest.mark.django_db
def test_every_input_has_a_label(page):
    text = page(PAGE)
    inputs = re.findall(r"<(?:input|select)(?![^>]*type=\"hidden\")[^>]*\sid=\"([^\"]+)\"", text)
    assert len(inputs) == 5 + len(Mode)
    assert set(inputs) <= set(re.findall(r"<label for=\"([^\"]+)\"", text))
