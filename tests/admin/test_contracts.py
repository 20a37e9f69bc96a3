"""A contract in the workspace: who finds it, what each side may press, and that a licence is carried by buttons."""

from itertools import product

import pytest
from django.urls import reverse

from marketplace.brokerage import services as brokerage
from marketplace.contracts import services
from marketplace.contracts.models import Contract, Milestone, SalesReport
from marketplace.core.workspace import list_url, move_url, moves_of, page_url
from tests import factories
from tests.admin.licences import names, negotiating, now, press, said, signed, text
from tests.contracts import living, making
from tests.rows import reread

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(university, firm, university_officer, sme):
    return negotiating(university, firm)


@pytest.fixture
def running(university, firm, university_officer, sme):
    """Signed and delivered: on trial since today."""
    row = signed(university, firm)
    services.deliver(row, by=sme)
    return reread(row)


# Who finds it


def test_a_stranger_finds_no_page_of_a_contract(enter, contract, outsider):
    client, page = enter(outsider), page_url(contract).removesuffix("change/")
    addresses = [page_url(contract), f"{page}history/", f"{page}claim/"]
    addresses += [move_url(contract, move.name) for move in moves_of(Contract)]
    for address in addresses:
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address


def test_both_sides_staff_and_its_manager_find_it(enter, contract, university_officer, sme, staff, broker):
    Contract.objects.filter(pk=contract.pk).update(manager=broker)
    for user in (university_officer, sme, staff, broker):
        assert contract.title in enter(user).get(list_url(Contract)).content.decode()
        assert enter(user).get(page_url(contract)).status_code == 200


def test_a_guarantor_that_was_asked_reads_the_contract_and_answers(enter, university, firm, sme, university_officer):
    row = making.agree(negotiating(university, firm), making.ZERO_UPFRONT)
    guarantor, officer = living.make_guarantor()
    assert enter(officer).get(page_url(row)).status_code == 404
    found = living.propose(row, guarantor, university_officer)
    assert enter(officer).get(page_url(row)).status_code == 200
    assert names(enter(officer), found) == {"issue", "refuse"}
    assert "The guarantor stands in for" in text(enter(officer), found)
    assert "The guarantor stands in for" not in text(enter(sme), found)


def test_the_owners_valuation_and_votes_are_not_shown_to_the_licensee(enter, university, firm, university_officer, sme):
    row = making.agree(negotiating(university, firm), making.ZERO_UPFRONT)
    making.decide(row)
    decision = row.decisions.get()
    assert "校长办公会" in text(enter(university_officer), row)
    assert "校长办公会" not in text(enter(sme), row)
    assert enter(sme).get(page_url(decision)).status_code == 404


def test_an_anonymous_owner_is_not_named_before_it_has_accepted(enter, firm, sme, university_officer):
    owner = factories.make_organisation("UNIVERSITY", name_zh="无名山大学", name_en="Nameless Mountain")
    officer = factories.make_member(owner)
    listing = factories.make_published_achievement(owner, is_anonymous=True)
    row = services.apply(listing, buyer=firm, mode="ZERO_UPFRONT", message="试用。", by=sme)
    for address in (list_url(Contract), page_url(row)):
        page = enter(sme).get(address).content.decode()
        assert ("Nameless" in page, "无名山" in page) == (False, False)
    assert "Nameless" in text(enter(officer), row)


# What may be pressed


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            "university_officer",
            {"propose", "particulars", "third-party", "record-clearance", "record-valuation", "withdraw"},
        ),
        ("sme", {"propose", "particulars", "third-party", "withdraw"}),
        ("inventor", set()),
        ("staff", set()),
    ],
)
def test_the_buttons_of_a_negotiation_are_those_of_the_role(role, expected, people, contract, enter):
    assert names(enter(people[role]), contract) == expected


@pytest.mark.parametrize(
    ("role", "has", "has_not"),
    [
        ("sme", {"keep", "stop", "dispute"}, {"deliver", "demand", "record-payment"}),
        ("university_officer", {"extend-trial", "record-payment", "dossier", "dispute"}, {"keep", "stop", "demand"}),
        ("staff", {"lose-right"}, {"keep", "stop", "record-payment", "dispute"}),
    ],
)
def test_the_buttons_of_a_trial_are_those_of_the_role(role, has, has_not, people, running, enter):
    found = names(enter(people[role]), running)
    assert has <= found
    assert not has_not & found


def test_a_move_of_the_other_side_is_forbidden_though_the_row_is_seen(enter, running, university_officer, staff):
    assert press(enter(university_officer), running, "keep").status_code == 403
    assert press(enter(staff), running, "dispute", reason="x").status_code == 403


# The banner


def test_each_side_reads_what_it_does_next(enter, running, sme, university_officer, staff):
    page = text(enter(sme), running)
    assert "Keep the licence or stop by" in page
    assert "election day" in page
    assert "Nothing waits for you now." in text(enter(university_officer), running)
    assert "What you do next" not in text(enter(staff), running)


def test_a_negotiation_begins_with_place_and_use_and_a_proposal(enter, university, firm, university_officer):
    row = negotiating(university, firm, territory=[], fields_of_use=[])
    page = text(enter(university_officer), row)
    assert "Say for which territory" in page
    assert "Nobody has proposed terms yet" in page


# A licence by buttons


def test_terms_are_accepted_as_they_were_read(enter, contract, sme, university_officer):
    first = services.propose(contract, living.SHEET, side="SELLER", by=university_officer)
    client = enter(sme)
    form = client.get(move_url(contract, "accept-terms")).context["form"]
    assert form.fields["seen"].initial == str(first.number)
    services.propose(contract, living.STOPPING, side="SELLER", by=university_officer)
    answer = press(client, contract, "accept-terms", seen="1", agrees="on")
    (told,) = answer.context["form"].non_field_errors()
    assert "proposed version 2" in told
    assert "the licence is kept → the licence ends" in told
    assert answer.context["form"]["seen"].value() == "2"  # the page shows the new one, and asks again
    press(client, contract, "accept-terms", seen="2", agrees="on")
    assert now(contract).state == "guarantee_pending"


def test_the_versions_say_what_they_changed(enter, contract, sme, university_officer):
    services.propose(contract, living.SHEET, side="SELLER", by=university_officer)
    services.propose(contract, living.STOPPING, side="BUYER", by=sme)
    page = text(enter(sme), contract)
    assert "What this version changed" in page
    assert "the licence is kept → the licence ends" in page


def test_what_is_missing_before_the_signatures_is_listed(enter, university, firm, university_officer, sme):
    row = making.agree(negotiating(university, firm), making.ZERO_UPFRONT)
    client = enter(university_officer)
    votes = {"votes_for": "3", "votes_against": "0", "abstentions": "0"}
    present = "林\uff0c周\uff0c陈"  # full-width commas, as they are typed in Chinese
    meeting = {"meeting": "校长办公会", "held_on": now(row).law_on, "attendees": present, "resolution": "同意"}
    press(client, row, "record-decision", **votes, **meeting)
    press(client, row, "waive-guarantee", reason="会议决定不要求担保。")
    assert now(row).state == "notice_pending"
    page = text(client, row)
    assert "Open the public notice of the price" in page
    assert "E_SIGN" not in page
    assert f'<a href="{move_url(row, "open-notice")}">' in page
    press(client, row, "record-clearances", **{"PLEDGE-answer": "NOT_NEEDED", "PLEDGE-party": "", "PLEDGE-note": "无"})
    assert not now(row).clearances.exists()  # all or none: nobody looked into it
    answers = {"PLEDGE-answer": "NOT_NEEDED", "PLEDGE-party": "周处长", "PLEDGE-note": "登记簿无质押。"}
    press(client, row, "record-clearances", **answers)
    assert [each.kind for each in now(row).clearances.all()] == ["PLEDGE"]
    press(client, row, "open-notice")
    assert now(row).notice is not None


def test_a_guarantor_reads_first_what_is_asked_of_it(enter, university, firm, university_officer, guarantor):
    row = making.agree(negotiating(university, firm), making.ZERO_UPFRONT)
    terms = {"cover_amount": "50000.00", "liability": "GENERAL"}
    organisation = guarantor.memberships.get().organisation
    asked = services.propose_guarantee(row, "COMPANY", organisation, terms, by=university_officer)
    page = text(enter(guarantor), asked)
    assert "You are asked to stand in for Chenhui Electromechanical" in page
    assert page.count("number of the policy or bond") == 0  # not known yet
    assert "You are asked" not in text(enter(university_officer), asked)


def test_two_sides_sign_exactly_the_text_that_they_read(enter, university, firm, university_officer, sme):
    row = making.make_ready_contract(seller=university, buyer=negotiating(university, firm).buyer)
    seen = enter(sme).get(move_url(row, "sign")).context["form"].fields["seen"].initial
    assert seen == row.document.sha256
    other = press(enter(sme), row, "sign", seen="0" * 64, agrees="on")
    assert "another text took the place" in other.context["form"].non_field_errors()[0]
    press(enter(sme), row, "sign", seen=seen, agrees="on")
    assert "sign" not in names(enter(sme), row)
    press(enter(university_officer), row, "sign", seen=seen, agrees="on")
    assert now(row).state == "signed"


def test_a_milestone_is_declared_and_confirmed_on_its_own_page(enter, running, sme, university_officer):
    row = Milestone.objects.get(slug="pilot")
    missing = press(enter(sme), row, "claim", reached_on=str(running.signed_on), note="")
    assert "evidence" in said(missing).lower()
    press(enter(sme), row, "claim", reached_on=str(running.signed_on), note="三批合格。")
    assert move_url(row, "accept") in text(enter(university_officer), running)
    press(enter(university_officer), row, "accept", note="")
    assert reread(row).state == "achieved"


def test_a_report_asks_for_the_deductions_of_its_terms_alone(enter, university, firm, sme, university_officer):
    row = signed(university, firm)
    days = {"first": now(row).signed_on, "last": now(row).signed_on, "due_on": now(row).signed_on}
    report = SalesReport.objects.create(contract=row, royalty="royalty", **days)
    fields = set(enter(sme).get(move_url(report, "submit")).context["form"].fields)
    assert fields == {"gross", "deduction_RETURNS", "note", "evidence"}
    refused = press(enter(sme), report, "submit", gross="1000", deduction_RETURNS="2000", note="Ours.")
    assert refused.context["form"]["note"].value() == "Ours."
    assert reread(report).state == "due"


def test_a_firm_applies_from_the_market_and_hands_it_in(enter, university, firm, sme, university_officer):
    listing = factories.make_published_achievement(university)
    press_it = {"buyer": negotiating(university, firm).buyer.public_id, "mode": "ZERO_UPFRONT", "message": "试用涂层。"}
    assert "apply-to-use" in names(enter(sme), listing)
    assert "apply-to-use" not in names(enter(university_officer), listing)
    answer = press(enter(sme), listing, "apply-to-use", **press_it)
    row = Contract.objects.get(state="applied")
    assert answer.url == page_url(row)
    press(enter(sme), row, "submit")
    assert names(enter(university_officer), row) >= {"accept-application", "decline"}


def test_a_deal_is_drawn_up_once_by_its_manager(enter, market, broker, sme, university_officer):
    assert "draw-up" not in names(enter(broker), market.deal)
    for verb, person in product((brokerage.join, brokerage.waive_nda), (university_officer, sme)):
        verb(market.deal, by=person)
    press(enter(broker), market.deal, "draw-up", mode="ROYALTY")
    row = Contract.objects.get(deal=market.deal)
    assert (row.state, row.manager) == ("negotiating", broker)
    assert "draw-up" not in names(enter(broker), market.deal)
    assert "propose" in names(enter(broker), row)


def test_the_evidence_pack_of_a_licence_in_good_standing_is_answered_with_a_sentence(enter, running, sme):
    answer = enter(sme).get(reverse("admin:contracts_contract_claim", args=[running.pk]))
    assert answer.url == page_url(running)
    assert "needs a default" in said(answer)
