"""A match is kept in sight or put out of sight, with a reason, by each side for itself."""

import pytest

from marketplace.core.errors import Forbidden, Invalid
from marketplace.core.models import Entry
from marketplace.discovery import services
from marketplace.discovery.models import Judgement, Match
from tests import factories
from tests.rows import reread


@pytest.fixture
def match(university, firm):
    achievement, demand = factories.make_published_achievement(university), factories.make_published_demand(firm)
    return Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)


def test_a_manager_shortlists_for_herself(match, broker):
    judgement = services.shortlist(match, by=broker)
    assert (judgement.verdict, judgement.by, judgement.organisation) == ("shortlisted", broker, None)


def test_a_dismissal_keeps_its_reason_and_note(match, firm, sme):
    judgement = services.dismiss(match, "TOO_COSTLY", note="超出预算一倍。", by=sme, organisation=firm)
    assert (judgement.verdict, judgement.reason_code, judgement.note) == ("dismissed", "TOO_COSTLY", "超出预算一倍。")


@pytest.mark.parametrize(
    ("code", "note", "field"),
    [
        ("", "", "reason_code"),
        ("UGLY", "", "reason_code"),
        ("KNOWN", "长" * 501, "note"),
        ("KNOWN", "\x00", "note"),
        ("KNOWN", "\ud800", "note"),
    ],
)
def test_a_dismissal_of_the_wrong_shape_is_refused_and_never_cut(match, broker, code, note, field):
    with pytest.raises(Invalid) as fault:
        services.dismiss(match, code, note=note, by=broker)
    assert set(fault.value.fields) == {field}
    assert not Judgement.objects.exists()


def test_the_last_word_of_one_side_counts(match, broker):
    services.shortlist(match, by=broker)
    services.dismiss(match, "KNOWN", by=broker)
    assert Judgement.objects.get().verdict == "dismissed"


def test_two_people_of_one_organisation_have_one_judgement(match, firm, sme):
    services.shortlist(match, by=sme, organisation=firm)
    colleague = factories.make_member(firm, "admin")
    services.dismiss(match, "KNOWN", by=colleague, organisation=firm)
    assert Judgement.objects.get().by == colleague


def test_two_managers_and_both_sides_judge_apart(match, broker, university, university_officer, firm, sme):
    services.shortlist(match, by=broker)
    services.dismiss(match, "KNOWN", by=factories.make_technology_manager())
    services.shortlist(match, by=university_officer, organisation=university)
    services.dismiss(match, "TOO_COSTLY", by=sme, organisation=firm)
    assert sorted(Judgement.objects.values_list("verdict", flat=True)) == ["dismissed"] * 2 + ["shortlisted"] * 2


def test_a_judgement_is_taken_back(match, broker):
    services.shortlist(match, by=broker)
    services.restore(match, by=broker)
    assert not Judgement.objects.exists()
    assert Entry.objects.first().verb == "discovery.restore"


def test_taking_back_what_was_never_said_is_no_fault(match, broker):
    services.restore(match, by=broker)
    assert not Entry.objects.filter(verb__startswith="discovery.").exists()


def test_a_manager_takes_back_her_own_word_alone(match, broker):
    services.shortlist(match, by=broker)
    services.restore(match, by=factories.make_technology_manager())
    assert Judgement.objects.get().by == broker


@pytest.mark.parametrize("name", ["outsider", "university_officer", "broker", "staff"])
def test_nobody_takes_back_an_organisations_word_but_its_own(match, firm, sme, name, request):
    judgement = services.shortlist(match, by=sme, organisation=firm)
    with pytest.raises(Forbidden):
        services.restore(match, by=request.getfixturevalue(name), organisation=firm)
    assert reread(judgement) == judgement


@pytest.mark.parametrize("name", ["outsider", "university_officer", "broker", "staff"])
def test_nobody_overrules_an_organisations_word_either(match, firm, sme, name, request):
    judgement = services.shortlist(match, by=sme, organisation=firm)
    with pytest.raises(Forbidden):
        services.dismiss(match, "KNOWN", by=request.getfixturevalue(name), organisation=firm)
    assert reread(judgement).verdict == "shortlisted"


def test_a_note_stays_out_of_the_journal(match, broker):
    services.dismiss(match, "KNOWN", note="内部看法", by=broker)
    assert "内部看法" not in str(list(Entry.objects.values()))
