"""Contracts on the front page and in the list: what waits for whom, the next day, a constant number of questions."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from marketplace.contracts import services
from marketplace.contracts.models import Contract, Milestone
from marketplace.core.workspace import list_url, page_url
from tests.admin.asking import queries, work
from tests.admin.licences import negotiating, signed, small
from tests.contracts import living, making
from tests.rows import reread

pytestmark = pytest.mark.django_db


def test_terms_wait_for_the_side_that_has_not_accepted_them(enter, university, firm, university_officer, sme):
    row = negotiating(university, firm)
    assert work(enter(sme))["Terms to answer"] == [page_url(row)]  # nobody has proposed any yet
    services.propose(row, living.SHEET, side="SELLER", by=university_officer)
    assert work(enter(sme))["Terms to answer"] == [page_url(row)]
    assert "Terms to answer" not in work(enter(university_officer))


def test_what_is_missing_before_the_signatures_waits_for_the_licensor(enter, university, firm, university_officer, sme):
    row = making.agree(negotiating(university, firm), living.SHEET)
    assert work(enter(university_officer))["Contracts to bring to the signature"] == [page_url(row)]
    assert "Contracts to bring to the signature" not in work(enter(sme))


def test_a_text_waits_for_the_side_that_has_not_signed_it(enter, university, firm, university_officer, sme):
    row = making.make_ready_contract(seller=university, buyer=small(firm))
    making.sign_as(row, "SELLER")
    assert work(enter(sme))["Texts to sign"] == [page_url(row)]
    assert "Texts to sign" not in work(enter(university_officer))


def test_a_running_licence_shows_each_side_what_waits_for_it(enter, university, firm, university_officer, sme):
    row = signed(university, firm)
    assert work(enter(sme))["Documents to confirm"] == [page_url(row)]
    services.deliver(row, by=sme)
    milestone = Milestone.objects.get(slug="pilot")
    services.claim(milestone, reached_on=timezone.localdate(), note="三批合格。", by=sme)
    Contract.objects.filter(pk=row.pk).update(trial_ends_on=timezone.localdate() + timedelta(days=12))
    assert work(enter(sme))["Election day is near: keep or stop"] == [page_url(row)]
    assert work(enter(university_officer))["Milestones to confirm"] == [page_url(milestone)]


def test_what_is_overdue_and_a_report_that_is_due_are_shown_to_their_side(
    enter, go, university, firm, university_officer, sme
):
    go(date(2027, 1, 4))
    row = signed(university, firm, living.ENTRY)
    services.deliver(row, by=sme)
    go(date(2027, 4, 10))
    services.tick(reread(row), date(2027, 4, 10))
    assert work(enter(sme))["Overdue payments"] == [page_url(row)]
    assert work(enter(university_officer))["Overdue payments"] == [page_url(row)]
    assert "Sales reports to hand in" in work(enter(sme))
    for person, other in ((sme, university), (university_officer, firm)):
        first, *_rest = enter(person).get("/workspace/").context["sections"]
        assert str(first.title) == "Overdue payments"
        assert str(first.lines[0].note) == f"{other} · due on 2027-02-03, 66 days overdue"
    listed = enter(sme).get(list_url(Contract)).content.decode()
    assert "payment due 66 days ago" in listed
    assert "Demand what is overdue" in enter(university_officer).get(page_url(row)).content.decode()


def test_a_guarantee_waits_for_the_guarantor(enter, university, firm, university_officer, sme):
    row = making.agree(negotiating(university, firm), making.ZERO_UPFRONT)
    guarantor, officer = living.make_guarantor()
    found = living.propose(row, guarantor, university_officer)
    assert work(enter(officer))["Guarantees to answer"] == [page_url(found)]


def test_another_sides_contracts_are_not_shown(enter, university, firm, university_officer, sme, outsider):
    signed(university, firm)
    assert not any(work(enter(outsider)).values())


@pytest.mark.parametrize("role", ["staff", "university_officer", "sme"])
def test_queries_do_not_grow_with_the_contracts(role, people, enter, university, firm):
    client = enter(people[role])
    row = signed(university, firm)
    services.deliver(row, by=people["sme"])
    negotiating(university, firm)
    making.make_ready_contract(seller=university, buyer=reread(firm))
    before = [queries(client, address) for address in ("/workspace/", list_url(Contract), list_url(Milestone))]
    for _ in range(2):
        more = signed(university, firm)
        services.deliver(more, by=people["sme"])
        negotiating(university, firm)
        making.make_ready_contract(seller=university, buyer=reread(firm))
    after = [queries(client, address) for address in ("/workspace/", list_url(Contract), list_url(Milestone))]
    assert all(late <= early for early, late in zip(before, after, strict=True))


def test_applications_of_anonymous_owners_cost_no_more_questions(enter, university, firm, sme, university_officer):
    rows = [negotiating(university, firm) for _ in range(4)]
    Contract.objects.filter(pk__in=[row.pk for row in rows]).update(state="screening", answer_by=timezone.localdate())
    Contract.objects.filter(pk__in=[row.pk for row in rows[1:]]).update(state="declined", decline_code="CAPACITY")
    client = enter(sme)
    before = queries(client, f"{list_url(Contract)}?state__exact=screening")
    Contract.objects.filter(pk__in=[row.pk for row in rows]).update(state="screening", decline_code="")
    assert queries(client, f"{list_url(Contract)}?state__exact=screening") <= before


def test_the_list_filters_by_state_mode_and_side(enter, university, firm, university_officer, sme):
    row = negotiating(university, firm)
    client = enter(sme)

    def found(**query):
        return set(client.get(list_url(Contract), query).context["cl"].queryset)

    assert found(side="buyer") == found(mode="ZERO_UPFRONT") == found(q=row.title[:6]) == {row}
    assert found(side="seller") == found(mode="BUYOUT") == found(state__exact="paying") == set()
