"""What is said in the room of a deal: who says what to whom, who reads it, who is told, what is taken back."""

import pytest
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Message
from marketplace.core import notifying
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from marketplace.core.models import Entry, Letter, Notification
from marketplace.parties import services as parties
from marketplace.parties.models import Membership, User
from tests import factories
from tests.rows import reread

pytestmark = pytest.mark.django_db
CLOSED, CORRECTED, NOT_MET = "room_closed", "corrected", "not_joined"


@pytest.fixture
def joined(deal, university_officer, sme):
    return services.join(services.join(deal, by=university_officer), by=sme)


@pytest.fixture
def cast(university, firm, university_officer, inventor, sme, broker, outsider, staff):
    """Everybody who might read, by name; each is asked anew, as by another request."""
    reader, colleague = factories.make_member(university, "reader"), factories.make_member(firm, "reader")
    people = {
        "officer": university_officer,
        "inventor": inventor,
        "reader": reader,
        "sme": sme,
        "sme's reader": colleague,
    }
    return people | {"manager": broker, "outsider": outsider, "staff": staff}


def say(deal, text="中试数据已更新。", audience="all", *, by, **values):
    return services.post_message(deal, text, audience=audience, by=by, **values)


def readers(message, cast):
    fresh = {name: User.objects.get(pk=user.pk) for name, user in cast.items()}
    return {name for name, user in fresh.items() if Message.objects.visible_to(user).filter(pk=message.pk).exists()}


# Who reads what


def test_the_room_reads_what_is_for_all(joined, cast, sme):
    everybody = {"officer", "inventor", "reader", "sme", "sme's reader", "manager"}
    assert readers(say(joined, by=sme), cast) == everybody


def test_a_sides_own_message_stays_with_it_and_the_manager(joined, cast, sme, university_officer):
    assert readers(say(joined, audience="seeker", by=sme), cast) == {"sme", "sme's reader", "manager"}
    own = say(joined, audience="supplier", by=university_officer)
    assert readers(own, cast) == {"officer", "inventor", "reader", "manager"}


def test_the_manager_writes_to_one_side_or_to_all(joined, cast, broker):
    assert readers(say(joined, audience="seeker", by=broker), cast) == {"sme", "sme's reader", "manager"}
    assert say(joined, by=broker).seat == "manager"


def test_who_leaves_the_organisation_reads_nothing_more_and_writes_nothing(joined, cast, sme, staff):
    message = say(joined, by=sme)
    parties.end_membership(sme.memberships.get(), by=staff)
    assert "sme" not in readers(message, cast)
    with pytest.raises(Forbidden):
        say(joined, by=User.objects.get(pk=sme.pk))


def test_an_account_that_is_closed_reads_nothing(joined, cast, sme):
    message = say(joined, by=sme)
    User.objects.filter(pk=sme.pk).update(is_active=False)
    assert "sme" not in readers(message, cast)


@pytest.mark.parametrize("name", ["reader", "outsider", "staff"])
def test_who_only_reads_or_is_not_in_the_room_writes_nothing(name, joined, cast):
    for audience in ("all", "supplier", "seeker"):
        with pytest.raises(Forbidden):
            say(joined, audience=audience, by=cast[name])


def test_nobody_writes_to_the_other_side_alone(joined, sme):
    with pytest.raises(Forbidden):
        say(joined, audience="supplier", by=sme)


def test_a_manager_whose_registration_is_over_only_reads(joined, broker, cast, sme):
    message = say(joined, by=sme)
    type(broker.technology_manager).objects.update(valid_until=timezone.localdate() - timezone.timedelta(days=1))
    with pytest.raises(Forbidden):
        say(joined, by=User.objects.get(pk=broker.pk))
    assert "manager" in readers(message, cast)


def test_before_both_want_to_talk_each_side_talks_with_the_manager_alone(deal, cast, university_officer, broker):
    for person in (university_officer, broker):
        with pytest.raises(Conflict) as fault:
            say(deal, by=person)
        assert fault.value.code == NOT_MET
    assert "sme" not in readers(say(deal, audience="supplier", by=university_officer), cast)


def test_a_lost_deal_is_read_and_nothing_is_added(joined, cast, sme):
    message = say(joined, by=sme)
    lost = services.lose(joined, "TERMS_UNFIT", by=sme)
    for attempt in (
        lambda: say(lost, by=sme),
        lambda: services.correct_message(message, "另说。", by=sme),
        lambda: services.withdraw_message(message, "写错了。", by=sme),
    ):
        with pytest.raises(Conflict) as fault:
            attempt()
        assert fault.value.code == CLOSED
    assert "officer" in readers(message, cast)


# Threads


def test_a_reply_goes_to_whom_the_first_message_went(joined, sme, broker):
    first = say(joined, audience="seeker", by=sme)
    answer = services.post_message(joined, "收到。", reply_to=first, by=broker)
    again = services.post_message(joined, "好。", reply_to=answer, by=sme)
    assert [each.audience for each in (answer, again)] == ["seeker", "seeker"]
    assert {answer.thread, again.thread} == {first}
    with pytest.raises(Invalid):
        say(joined, audience="all", reply_to=first, by=sme)


def test_nobody_replies_to_what_they_do_not_read(joined, sme, university_officer):
    own = say(joined, audience="seeker", by=sme)
    with pytest.raises(Forbidden):
        services.post_message(joined, "我来答。", reply_to=own, by=university_officer)


@pytest.mark.parametrize("text", ["", "  ", "字" * 4001, "a\x00b"])
def test_a_message_says_something_fit_to_be_kept(text, joined, sme):
    with pytest.raises(Invalid) as fault:
        say(joined, text, by=sme)
    assert "text" in fault.value.fields


@pytest.mark.parametrize("audience", ["", "everybody"])
def test_who_reads_it_is_chosen(audience, joined, sme):
    with pytest.raises(Invalid) as fault:
        say(joined, audience=audience, by=sme)
    assert "audience" in fault.value.fields


# Mentions and news


def told(user, kind):
    return Notification.objects.filter(user=user, kind=kind).count()


def test_a_mention_tells_that_person_once(joined, sme, inventor):
    message = say(joined, "@inventor 请看，@inventor。", by=sme)
    assert [each.user for each in message.mention_rows.all()] == [inventor]
    assert told(inventor, "room_mention") == 1
    assert Letter.objects.filter(user=inventor, kind="room_mention").count() == 1


def test_who_may_not_read_it_cannot_be_mentioned_whether_they_exist_or_not(joined, sme, inventor):
    said = []
    for name in ("inventor", "nobody"):
        with pytest.raises(Invalid) as fault:
            say(joined, f"@{name} 看一下", audience="seeker", by=sme)
        said.append(fault.value.fields["text"][0].replace(name, "…"))
    assert said[0] == said[1]
    assert not told(inventor, "room_mention")


def test_deciders_are_told_once_until_they_have_read(joined, sme, university_officer, inventor, broker):
    for _ in range(3):
        last = say(joined, by=sme)
    assert [told(each, "room_message") for each in (university_officer, broker, inventor, sme)] == [1, 1, 0, 0]
    services.mark_read(joined, through=last, by=university_officer)
    say(joined, by=sme)
    assert told(university_officer, "room_message") == 2
    assert told(broker, "room_message") == 1


def test_whoever_spoke_in_a_thread_hears_of_its_replies(joined, inventor, sme):
    first = say(joined, by=inventor)
    services.post_message(joined, "谢谢。", reply_to=first, by=sme)
    assert told(inventor, "room_message") == 1


def test_the_other_side_hears_nothing_of_a_sides_own_message(joined, sme, university_officer, broker):
    Notification.objects.all().delete()
    say(joined, audience="seeker", by=sme)
    assert set(Notification.objects.values_list("user", flat=True)) == {broker.pk}


def test_news_carry_no_word_of_the_message_and_can_be_switched_off(joined, sme, university_officer, inventor):
    notifying.switch_off("room_message", "page", by=university_officer)
    notifying.switch_off("room_message", "mail", by=university_officer)
    say(joined, "CANARY @inventor", by=sme)
    assert not told(university_officer, "room_message")
    texts = [f"{each.text_zh}{each.about_zh}{each.path}" for each in Notification.objects.all()]
    texts += [each.subject + each.body for each in Letter.objects.all()]
    texts += [each.reason + each.subject_label for each in Entry.objects.all()]
    assert not [each for each in texts if "CANARY" in each]


# Unread


def test_what_others_said_is_unread_until_it_is_marked(joined, sme, university_officer):
    first = say(joined, by=sme)
    say(joined, by=sme)
    say(joined, by=university_officer)
    seen = Message.objects.visible_to(university_officer)
    assert seen.unread_by(university_officer).count() == 2
    assert services.mark_read(joined, through=first, by=university_officer) == 1
    assert services.mark_read(joined, by=university_officer) == 1
    assert services.mark_read(joined, through=first, by=university_officer) == 0  # a mark never goes back
    assert seen.unread_by(university_officer).count() == 0


def test_a_mark_counts_only_what_its_reader_sees(joined, sme, university_officer, outsider):
    say(joined, audience="seeker", by=sme)
    assert services.mark_read(joined, by=university_officer) == 0
    assert services.mark_read(joined, by=outsider) == 0


# Corrected, withdrawn


def test_a_correction_is_a_new_message_and_the_old_one_stays(joined, sme):
    old = say(joined, "5月交付。", by=sme)
    new = services.correct_message(old, "6月交付。", by=sme)
    assert (new.corrects, new.thread, new.audience) == (old, old, "all")
    assert reread(old).text == "5月交付。"
    with pytest.raises(Conflict) as fault:
        services.correct_message(old, "7月交付。", by=sme)
    assert fault.value.code == CORRECTED


def test_a_withdrawn_message_leaves_its_place_and_the_reason(joined, sme):
    message = services.withdraw_message(say(joined, "底价80万", by=sme), "发错了对象。", by=sme)
    assert (message.said, message.withdrawn_reason) == ("", "发错了对象。")
    with pytest.raises(Conflict):
        services.withdraw_message(message, "再来。", by=sme)
    with pytest.raises(Conflict):
        services.correct_message(message, "90万", by=sme)
    with pytest.raises(Invalid):
        services.withdraw_message(say(joined, by=sme), " ", by=sme)


@pytest.mark.parametrize("name", ["officer", "manager", "sme's colleague", "staff"])
def test_only_the_author_corrects_and_withdraws(name, joined, cast, firm, sme):
    person = (cast | {"sme's colleague": factories.make_member(firm)})[name]
    message = say(joined, by=sme)
    with pytest.raises(Forbidden):
        services.withdraw_message(message, "不妥。", by=person)
    with pytest.raises(Forbidden):
        services.correct_message(message, "另说。", by=person)


def test_who_withdraws_an_older_version_is_told(joined, sme):
    message = say(joined, by=sme)
    with pytest.raises(Stale):
        services.withdraw_message(message, "写错了。", version=7, by=sme)


def test_a_person_of_both_sides_reads_both_and_writes_as_either(joined, university, sme, cast):
    Membership.objects.create(user=sme, organisation=university, role="officer")
    both = User.objects.get(pk=sme.pk)
    assert say(joined, audience="supplier", by=both).seat == "supplier"
    assert say(joined, audience="seeker", by=both).seat == "seeker"


def test_a_reply_across_deals_is_not_there(joined, sme, broker, university, firm):
    first = say(joined, by=sme)
    achievement, demand = factories.make_published_achievement(university), factories.make_published_demand(firm)
    match = type(joined.demand.matches_as_demand.get()).objects.create(
        achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1
    )
    other = services.open_deal(match, by=broker)
    with pytest.raises(NotFound):
        services.post_message(other, "好。", reply_to=first, by=broker)
