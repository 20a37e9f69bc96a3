"""Expressing interest from the portal: who may, what is asked, how a refusal reads."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.brokerage.models import Lead
from marketplace.brokerage.services import decline
from marketplace.core.workspace import move_url
from marketplace.listings.models import Projection
from tests.factories import make_member, make_organisation, make_published_achievement, make_published_demand

pytestmark = pytest.mark.django_db
WORDS = {"pitch": "我们做沿海支架。", "why_fit": "盐雾一千小时正合用。"}


@pytest.fixture
def form(open_achievement):
    return reverse("portal:achievement_interest", args=[open_achievement.public_id])


@pytest.fixture
def send(client, firm):
    def post(path, user, **values):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        english = {"accept-language": "en"}
        return client.post(path, {"sender": firm.pk, **WORDS, **values}, headers=english)

    return post


def test_a_visitor_logs_in_first_and_comes_back(client, form):
    answer = client.get(form)
    assert answer.status_code == 302
    assert answer.url.endswith(f"/login/?next={form}")


def test_an_officer_sends_interest_in_the_firm_s_name(send, form, sme, firm, open_achievement):
    answer = send(form, sme)
    lead = Lead.objects.get()
    assert (answer.status_code, lead.sender, lead.sent_by) == (302, firm, sme)
    assert lead.listing == open_achievement


def test_the_sender_then_sees_until_when_to_wait(send, form, sme, client, open_achievement):
    send(form, sme)
    day = (timezone.localdate() + timedelta(days=14)).isoformat()
    assert day in client.get(reverse("portal:achievement", args=[open_achievement.public_id])).content.decode()


def test_own_listing_that_fits_goes_with_it(send, form, sme, open_demand):
    send(form, sme, own_listing=open_demand.public_id)
    assert Lead.objects.get().own_listing == open_demand


def test_a_listing_of_somebody_else_or_of_the_same_kind_is_refused(send, form, sme, firm):
    for row in (make_published_demand(), make_published_achievement(firm)):
        assert send(form, sme, own_listing=row.public_id).status_code == 200
    assert not Lead.objects.exists()


def test_a_second_interest_is_refused_in_words_and_nothing_is_lost(send, form, sme):
    send(form, sme)
    text = send(form, sme, pitch="第二次说明").content.decode()
    assert "already waits for an answer" in text
    assert "第二次说明" in text


@pytest.mark.parametrize("name", ["pitch", "why_fit"])
def test_an_empty_text_is_marked(send, form, sme, name):
    assert f'id="id_{name}_error"' in send(form, sme, **{name: "  "}).content.decode()


def test_one_cannot_speak_for_another_organisation(send, form, outsider, firm):
    assert send(form, outsider, sender=firm.pk).status_code == 200
    assert not Lead.objects.exists()


@pytest.mark.parametrize("role", ["inventor", "reader"])
def test_a_role_that_decides_nothing_is_told_so(send, form, firm, role):
    text = send(form, make_member(firm, role)).content.decode()
    assert "administrator or an officer" in text
    assert not Lead.objects.exists()


def test_an_organisation_that_waits_for_verification_is_told_so(client, form):
    client.force_login(make_member(make_organisation(verified=False), "admin"))
    assert "You act for none yet" in client.get(form, headers={"accept-language": "en"}).content.decode()


def test_one_s_own_listing_takes_no_interest(send, form, university_officer, university):
    assert "your own listing" in send(form, university_officer, sender=university.pk).content.decode()


def test_a_demand_past_its_deadline_takes_no_interest(send, open_demand, university_officer, university):
    Projection.objects.filter(pk=open_demand.pk).update(deadline=timezone.localdate() - timedelta(days=1))
    path = reverse("portal:demand_interest", args=[open_demand.public_id])
    assert "deadline has passed" in send(path, university_officer, sender=university.pk).content.decode()
    assert not Lead.objects.exists()


def test_a_closed_listing_takes_no_interest(send, form, sme, open_achievement):
    Projection.objects.filter(pk=open_achievement.pk).update(is_open_for_interest=False)
    assert "takes no expressions" in send(form, sme).content.decode()
    assert not Lead.objects.exists()


def test_a_firm_reads_how_reliably_the_owner_answers_and_nothing_of_an_anonymous_one(
    send, form, sme, page, open_achievement, hidden_achievement, university_officer
):
    send(form, sme)
    decline(Lead.objects.get(), "TAKEN", by=university_officer)
    sentence = "has answered 100 % of earlier"
    pages = [page(f"/achievements/{row.public_id}/", language="en") for row in (open_achievement, hidden_achievement)]
    assert [sentence in text for text in pages] == [True, False]


@pytest.fixture
def pay_later(open_achievement):
    Projection.objects.filter(pk=open_achievement.pk).update(modes=["ZERO_UPFRONT"])
    return f"/achievements/{open_achievement.public_id}/"


def test_a_firm_is_led_to_apply_where_it_may_use_first_and_pay_later(page, sme, pay_later, open_achievement):
    assert f'href="{move_url(open_achievement, "apply-to-use")}"' in page(pay_later, sme)


def test_a_visitor_logs_in_before_applying_and_no_number_is_shown(page, pay_later):
    text = page(pay_later, language="en")
    assert "Apply to use first and pay later" in text
    assert "apply-to-use" not in text


def test_who_acts_for_no_firm_or_is_offered_no_such_mode_is_led_nowhere(
    page, sme, university_officer, pay_later, open_achievement
):
    assert "Apply to use first" not in page(pay_later, university_officer, language="en")
    Projection.objects.filter(pk=open_achievement.pk).update(modes=["BUYOUT"])
    assert "Apply to use first" not in page(pay_later, sme, language="en")
