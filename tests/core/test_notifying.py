"""Notifications: written beside each letter, once; each kind is switched off by either way, or from the letter."""

from datetime import timedelta

import pytest
from django.core import mail, signing
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from marketplace.core import letters, notifying, sending
from marketplace.core.access import SYSTEM
from marketplace.core.errors import NotFound
from marketplace.core.models import Entry, Letter, Mute, Notification

pytestmark = pytest.mark.django_db
PAGE, MAIL = Mute.Channel.PAGE, Mute.Channel.MAIL


def post(user, number=1, **special):
    words = {"subject": "有人对“涂层”感兴趣", "body": f"涂层\n{letters.link('/workspace/brokerage/lead/7/change/')}"}
    return letters.post(f"lead_opened:{number}:{user.pk}", user=user, **words | special)


def told(user):
    return list(notifying.visible_to(user).values_list("text_zh", flat=True))


def test_a_letter_to_a_user_is_told_in_the_page_too(sme):
    post(sme)
    row = Notification.objects.get()
    assert (row.kind, row.text, row.about) == ("lead_opened", "有人对“涂层”感兴趣", "涂层")
    assert row.path == "/workspace/brokerage/lead/7/change/"


def test_a_letter_to_an_address_is_told_nobody():
    letters.post("test:1", to="p@example.org", subject="a", body="b")
    assert (Letter.objects.count(), Notification.objects.count()) == (1, 0)


def test_the_same_is_told_once(sme):
    post(sme)
    post(sme, subject="anders")
    assert told(sme) == ["有人对“涂层”感兴趣"]


def test_what_is_translated_when_asked_is_told_in_the_readers_language(sme):
    post(sme, subject=gettext_lazy("Notifications"), body=lambda: gettext_lazy("Matches"))
    row = Notification.objects.get()
    assert (row.text, row.about) == ("通知", "匹配")
    with override("en"):
        assert (row.text, row.about) == ("Notifications", "Matches")


def test_who_wants_no_letters_is_told_in_the_page_all_the_same(sme):
    sme.mail_is_off = True
    assert post(sme) is None
    assert len(told(sme)) == 1


def test_who_may_not_log_in_is_told_nothing(sme):
    sme.is_active = False
    assert post(sme) is None
    assert Notification.objects.count() == 0


@pytest.mark.parametrize(
    ("off", "in_page", "by_mail"), [((), 1, 1), ((PAGE,), 0, 1), ((MAIL,), 1, 0), ((PAGE, MAIL), 0, 0)]
)
def test_each_way_is_switched_off_by_itself(sme, off, in_page, by_mail):
    for channel in off:
        notifying.switch_off("lead_opened", channel, by=sme)
    post(sme)
    assert (Notification.objects.count(), Letter.objects.count()) == (in_page, by_mail)


def test_a_switch_is_for_one_kind_and_one_person(sme, broker):
    notifying.switch_off("lead_answered", MAIL, by=sme)
    notifying.switch_off("lead_opened", MAIL, by=broker)
    assert post(sme) is not None


def test_switching_twice_is_written_once(sme):
    for _ in range(2):
        notifying.switch_off("lead_opened", MAIL, by=sme)
    for _ in range(2):
        notifying.switch_on("lead_opened", MAIL, by=sme)
    assert list(Entry.objects.filter(actor=sme).values_list("verb", flat=True).order_by("id")) == [
        "core.switch_off", "core.switch_on",
    ]  # fmt: skip


def test_an_unknown_kind_cannot_be_switched(sme):
    with pytest.raises(NotFound):
        notifying.switch_off("nonsense", MAIL, by=sme)


def test_the_form_switches_exactly_what_it_says(sme):
    notifying.choose([("lead_opened", "page"), ("contract", "mail")], by=sme)
    on = {(each.kind, way) for each in notifying.switches(sme) for way in ("page", "mail") if getattr(each, way)}
    assert on == {("lead_opened", "page"), ("contract", "mail")}


def test_what_no_stage_has_named_is_of_the_last_kind(sme):
    letters.post("nobody-knows:1", subject="a", body="b", user=sme)
    assert Notification.objects.get().kind == notifying.OTHER
    assert [each.kind for each in notifying.switches(sme)][-1] == notifying.OTHER


def test_it_appears_when_it_is_due(sme):
    post(sme, due_at=timezone.now() + timedelta(days=1))
    assert told(sme) == []
    assert notifying.unread_count(sme) == 0


def test_reading_is_for_the_reader_alone(sme, broker):
    post(sme)
    row = Notification.objects.get()
    with pytest.raises(NotFound):
        notifying.read(row.public_id, by=broker)
    assert notifying.unread_count(sme) == 1
    notifying.read(row.public_id, by=sme)
    assert notifying.unread_count(sme) == 0


def test_everything_is_read_at_once(sme, broker):
    for number in range(3):
        post(sme, number)
    post(broker)
    assert notifying.read_all(by=sme) == 3
    assert (notifying.unread_count(sme), notifying.unread_count(broker)) == (0, 1)


def test_what_was_read_a_year_ago_is_forgotten(sme):
    post(sme, 1)
    post(sme, 2)
    notifying.read(Notification.objects.first().public_id, by=sme)
    assert notifying.forget(timezone.now()) == 0
    assert notifying.forget(timezone.now() + timedelta(days=366)) == 1


@pytest.mark.parametrize("place", ["https://elsewhere.example/x", "http://127.0.0.1:8000//elsewhere.example"])
def test_a_notification_leads_to_no_other_site(sme, place):
    post(sme, body=f"涂层 {place}")
    assert Notification.objects.get().path == ""


def test_the_letter_says_how_its_kind_is_ended_in_one_click(sme):
    letter = post(sme)
    sending.send_due(timezone.now() + timedelta(seconds=1))
    headers = mail.outbox[0].extra_headers
    address = f"http://127.0.0.1:8000/mail/off/{letter.off_token}/"
    assert headers["List-Unsubscribe"] == f"<{address}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail.outbox[0].body
    assert notifying.read_token(letter.off_token) == (sme.pk, "lead_opened", "")


def test_a_token_that_was_made_elsewhere_is_none():
    for token in ("", "x", signing.dumps([1, "lead_opened", ""], salt="another")):
        with pytest.raises(NotFound):
            notifying.read_token(token)


def test_the_machine_has_no_notifications():
    assert list(notifying.visible_to(SYSTEM)) == []
