"""Proposing terms in the workspace: a mode, its figures, what each way costs, the document. Nothing typed is lost."""

import json
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.contracts.admin.figures import ASKED, FiguresForm, figures_of, is_preset
from marketplace.contracts.reading import parsed
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.sheet import Mode
from marketplace.contracts.rules.writing import write_sheet
from marketplace.core.workspace import move_url, page_url
from tests.admin.licences import negotiating, said, signed, text
from tests.contracts import living

pytestmark = pytest.mark.django_db
PLAN = {"first_sale_month": "12", "sales_2": "500000", "sales_3": "1500000", "sales_4": "3000000", "note": "Ours."}


@pytest.fixture
def contract(university, firm, university_officer, sme):
    return negotiating(university, firm)


def filled(mode, **changes):
    """A form of the mode as it comes, with what a person changed."""
    form = FiguresForm(mode)
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    words = {name: form.fields[name].prepare_value(value) for name, value in shown.items() if value is not None}
    return PLAN | {name: value for name, value in words.items() if value is not False} | {"way": mode.value} | changes


def send(client, contract, **values):
    return client.post(move_url(contract, "propose"), values)


def test_the_first_page_explains_every_mode_and_those_of_the_owner_come_first(enter, contract, sme):
    groups = enter(sme).get(move_url(contract, "propose")).context["groups"]
    assert [code for code, _name, _why in groups[0][1]] == ["ZERO_UPFRONT"]
    assert len(groups[0][1]) + len(groups[1][1]) == len(Mode)
    assert all(why for _title, modes in groups for _code, _name, why in modes)


@pytest.mark.parametrize("mode", list(Mode))
def test_every_modes_form_opens_and_compares_as_it_comes(enter, contract, sme, mode):
    page = enter(sme).get(move_url(contract, "propose"), {"way": mode.value})
    assert page.status_code == 200
    answer = send(enter(sme), contract, **filled(mode), step="compare")
    assert answer.context["faults"] == []
    assert answer.context["sentence"]
    assert len(answer.context["comparison"].cases) == 2


@pytest.mark.parametrize("mode", list(Mode))
def test_a_sheet_gives_back_the_figures_it_was_built_with(mode):
    sheet = build(mode, Figures(term_months=96, pay_days=45, trial_months=9))
    assert is_preset(sheet)
    assert build(mode, figures_of(sheet)) == sheet


def test_every_mode_says_which_figures_it_asks_for():
    assert set(ASKED) == set(Mode)


def test_the_comparison_shows_the_choice_first_and_the_bad_case(enter, contract, sme):
    answer = send(enter(sme), contract, **filled(Mode.DEFERRED, price="200000"), step="compare")
    expected, bad = answer.context["comparison"].cases
    assert [(name, total) for name, chosen, _years, total, _shares in expected.rows if chosen] == [
        ("Deferred payment", "200,000")
    ]
    assert len(bad.rows) == 2
    assert "data:image/svg+xml" in answer.content.decode()


def test_the_figures_become_a_version_of_the_terms(enter, contract, sme):
    answer = send(enter(sme), contract, **filled(Mode.ZERO_UPFRONT, rate="2.5", total_cap="500000"), step="propose")
    assert answer.url == page_url(contract)
    row = contract.sheets.get()
    assert (row.mode, row.proposed_by, row.note) == ("ZERO_UPFRONT", "BUYER", "Ours.")
    assert "2.5 % of net sales, at most CNY 500,000" in text(enter(sme), contract)


def test_figures_that_cannot_be_proposed_stay_with_the_reason(enter, contract, sme):
    answer = send(enter(sme), contract, **filled(Mode.DEFERRED, deferral_months="1"), step="propose")
    assert answer.context["faults"]
    page = answer.content.decode()
    assert 'value="1"' in page
    assert "Ours." in page
    assert not contract.sheets.exists()


def test_a_number_that_is_none_stays_as_it_was_typed(enter, contract, sme):
    answer = send(enter(sme), contract, **filled(Mode.BUYOUT, price="three lakh"), step="compare")
    assert "price" in answer.context["figures"].errors
    assert "three lakh" in answer.content.decode()


@pytest.mark.parametrize("typed", ["30000 60000", "30000\uff0c60000", "30000\u300160000", "30000\uff1b 60000"])
def test_amounts_are_divided_as_they_are_typed_in_chinese(typed):
    form = FiguresForm(Mode.ZERO_UPFRONT, filled(Mode.ZERO_UPFRONT, milestones=typed))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["milestones"] == [Decimal(30_000), Decimal(60_000)]


def test_later_versions_start_from_the_last_one(enter, contract, sme, university_officer):
    sheet = build(Mode.ZERO_UPFRONT, Figures(trial_months=7))
    document = services.propose(contract, write_sheet(sheet), side="SELLER", by=university_officer)
    assert is_preset(parsed(document))
    page = enter(sme).get(move_url(contract, "propose"), {"way": "ZERO_UPFRONT"})
    assert page.context["figures"]["trial_months"].value() == 7
    editor = enter(sme).get(move_url(contract, "propose"), {"way": "document"})
    assert json.loads(editor.context["form"]["text"].value()) == document.content


def test_who_answers_an_older_version_is_told_what_came_and_keeps_what_was_typed(
    enter, contract, sme, university_officer
):
    def offer(**figures):
        sheet = write_sheet(build(Mode.ZERO_UPFRONT, Figures(**figures)))
        services.propose(contract, sheet, side="SELLER", by=university_officer)

    offer()
    assert enter(sme).get(move_url(contract, "propose"), {"way": "ZERO_UPFRONT"}).context["seen"] == 1
    offer(rate=Decimal("0.04"))
    mine = filled(Mode.ZERO_UPFRONT, rate="2.5", cover_amount="50000")
    answer = send(enter(sme), contract, **mine, step="propose", seen="1")
    ((_, told),) = answer.context["faults"]
    assert "proposed version 2" in told
    assert "→ 4" in told
    assert answer.context["figures"]["rate"].value() == "2.5"
    send(enter(sme), contract, **mine, step="propose", seen=str(answer.context["seen"]))
    (cover,) = parsed(contract.sheets.get(number=3)).guarantees
    assert (cover.kind, cover.cover_amount) == ("COMPANY", Decimal(50_000))


def test_the_short_form_warns_that_the_last_version_says_more(enter, contract, sme, university_officer):
    services.propose(contract, living.SHEET, side="SELLER", by=university_officer)
    page = enter(sme).get(move_url(contract, "propose"), {"way": "ZERO_UPFRONT"}).content.decode()
    assert "says more than this short form knows" in page


def test_the_figures_can_be_taken_into_the_document(enter, contract, sme):
    answer = send(enter(sme), contract, **filled(Mode.ROYALTY, rate="4"), step="document")
    document = json.loads(answer.context["form"]["text"].value())
    assert document["terms"][0]["tiers"] == [{"from": "0", "rate": "0.04"}]
    assert "Ours." in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "place"),
    [("{", "line 1, column 2"), ("[]", "/"), ('{"form": "term-sheet/1"}', "/"), ("[" * 100_000, "/")],
)
def test_a_document_that_cannot_be_read_stays_with_its_faults_by_place(enter, contract, sme, typed, place):
    answer = send(enter(sme), contract, way="document", text=typed, note="Ours.", step="propose")
    assert any(where.startswith(place) or where == place for where, _sentence in answer.context["faults"])
    assert answer.context["form"]["text"].value() == typed
    assert not contract.sheets.exists()


def test_a_document_is_checked_and_then_proposed(enter, contract, sme):
    document = json.dumps(living.SHEET)
    checked = send(enter(sme), contract, way="document", text=document, note="", step="check")
    assert "Use free for the first 12 months" in checked.context["sentence"]
    assert not contract.sheets.exists()
    send(enter(sme), contract, way="document", text=document, note="", step="propose")
    assert contract.sheets.get().mode == "ZERO_UPFRONT"


def test_only_who_may_propose_enters_and_only_while_it_is_negotiated(enter, contract, inventor, staff, university, sme):
    for user in (inventor, staff):
        assert enter(user).get(move_url(contract, "propose")).status_code == 403
    done = signed(university, contract.buyer)
    answer = enter(sme).get(move_url(done, "propose"))
    assert answer.url == page_url(done)
    assert "no longer possible" in said(answer)
