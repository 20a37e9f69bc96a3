"""The demonstration market: complete, the same the second time, and refused where it would be dangerous."""

import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from marketplace.brokerage.models import Deal, DealFile, Lead, Meeting, Message, Task
from marketplace.core.models import Entry
from marketplace.demo import cast, fiction, world
from marketplace.discovery.models import Match
from marketplace.listings.models import Achievement, Demand, Projection
from marketplace.parties.models import Membership, Organisation, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOUNS = (Achievement, Demand, Projection, Organisation, User, Membership, Match, Lead, Deal, Entry)
FEW = 12


def seed(*words: str) -> dict:
    out = io.StringIO()
    call_command("seed_demo", "--no-quality", "--json", *words, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(autouse=True)
def debug(settings):
    """Test runs switch DEBUG off; the demonstration market insists on it."""
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cast.hashed.cache_clear()


@pytest.fixture
def write(tmp_path):
    """A folder of the benchmark format."""

    def folder(corpus: list[dict], queries: list[dict] = ()):
        for name, rows in (("corpus", corpus), ("queries", queries)):
            (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        return str(tmp_path)

    return folder


@pytest.mark.slow
def test_it_is_complete_and_the_second_time_changes_nothing():
    report = seed()
    assert report["published"] == len(fiction.records("achievements") + fiction.records("demands")) - len(
        world.UNFINISHED
    )
    assert report["refused"] == 0
    assert all(shown["matches"] and shown["matches"][0]["reasons"] for shown in report["demands_shown"])
    soon = timezone.localdate() + timedelta(days=14)
    assert Achievement.objects.filter(state="published", expires_on__lte=soon).exists()
    assert {"draft", "submitted", "returned", "published"} == set(Achievement.objects.values_list("state", flat=True))
    assert (Lead.objects.count(), Deal.objects.count()) == (2, 6)
    check_deals()
    before = [model.objects.count() for model in NOUNS]
    assert seed()["published"] == 0
    assert [model.objects.count() for model in NOUNS] == before


def check_deals():
    """One at each stage, and one whose room holds everything."""
    assert set(Deal.objects.values_list("state", flat=True)) == set(Deal.State.values)
    full = Deal.objects.get(state="negotiating")
    assert full.ndas.get().state == "in_force"
    for held in (Message, Task, Meeting, DealFile):
        assert held.objects.filter(deal=full).exists(), held


def test_every_role_can_log_in():
    by_key = cast.organisations({cast.SEEKER: fiction.firms()[cast.SEEKER]})
    cast.people(by_key)
    assert all(authenticate(username=each.email, password=cast.PASSWORD) for each in cast.ACCOUNTS)
    assert Membership.objects.live().count() == sum(bool(each.organisation) for each in cast.ACCOUNTS)


def test_it_is_refused_where_debug_is_off(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="known password"):
        seed()
    assert not User.objects.exists()


def long(number: int, size: int) -> dict:
    return {"id": f"r{number}", "title": f"title {number}", "text": f"word{number} " * (size // 8), "keywords": ["one"]}


def test_a_folder_becomes_a_market_with_matches(write):
    report = seed("--from", write([long(n, 900) for n in range(1, 30)], [long(n, 400) for n in range(3, 6)]))
    assert (report["achievements"], report["demands"], report["refused"]) == (29, 3, 0)
    assert report["demands_shown"][0]["matches"][0]["title"] == "title 3"


def test_every_seventh_record_is_confidential_and_some_owners_are_anonymous(write):
    seed("--from", write([long(n, 900) for n in range(1, 71)]))
    assert Achievement.objects.exclude(tiers={}).count() == 10
    hidden = Projection.objects.get(achievement__source_id="r7")
    assert "description_zh" not in hidden.texts
    assert (
        Projection.objects.filter(owner_name_zh="").count() == Achievement.objects.filter(is_anonymous=True).count() > 0
    )


@pytest.mark.parametrize("size", [40, 500, 800, 6_000, 16_000])
def test_no_text_is_cut(write, size):
    seed("--from", write([long(1, size)]))
    row = Achievement.objects.get()
    kept = " ".join([row.summary_zh, row.description_zh, row.description_en])
    assert kept.count("word1") == size // 8


def test_what_is_too_long_for_a_listing_is_counted(write):
    report = seed("--from", write([long(1, 900), long(2, 20_000)]))
    assert (report["published"], report["too_long"]) == (1, 1)


def test_a_limit_takes_the_first_records(write):
    assert seed("--from", write([long(n, 100) for n in range(1, 30)]), "--limit", "5")["achievements"] == 5


def test_records_of_one_beginning_all_find_an_owner(write):
    text = "DESCRIPTION (provided by applicant): the same beginning of every one of these texts, word for word, number"
    records = [{"id": f"r{number}", "text": f"{text} {number}"} for number in range(130)]
    assert seed("--from", write(records))["published"] == 130


@pytest.mark.parametrize("line", ["{}", "no json", '{"id": 1}', "[]"])
def test_a_wrong_line_is_named(write, line, tmp_path):
    folder = write([long(1, 100)])
    (tmp_path / "corpus.jsonl").write_text(f"{json.dumps(long(1, 100))}\n{line}\n", "utf-8")
    with pytest.raises(CommandError, match=r"corpus\.jsonl.*2"):
        seed("--from", folder)


def test_a_folder_without_records_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"corpus\.jsonl"):
        seed("--from", str(tmp_path))


def test_accounts_are_printed_only_where_they_exist(db, capsys):
    call_command("seed_demo", "--accounts")
    assert "officer@demo.example" not in capsys.readouterr().out
    make_user(email="officer@demo.example")
    call_command("seed_demo", "--accounts")
    assert "officer@demo.example" in capsys.readouterr().out
