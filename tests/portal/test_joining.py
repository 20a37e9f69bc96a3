"""From sign-up to the workspace: applying, waiting, coming in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.core.access import SYSTEM
from marketplace.core.workspace import page_url
from marketplace.parties import services
from marketplace.parties.models import Membership, Organisation, TechnologyManager, User
from tests.factories import make_credit_code, make_user
from tests.register.registering import PDF, declared_for

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PARTICULARS = {"name_zh": "新来的有限公司", "kind": "FIRM", "region": "330000"}
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def newcomer(client):
    user = make_user(name="newcomer")
    client.force_login(user, backend=BACKEND)
    return user


def apply(client, **values):
    filled = PARTICULARS | {"credit_code": make_credit_code()} | values
    return client.post(reverse("portal:apply"), filled, headers=ENGLISH)


def test_somebody_new_is_shown_the_ways_in(client, newcomer):
    assert newcomer.email in client.get("/start/").content.decode()


def test_an_application_makes_the_applicant_administrator(client, newcomer):
    assert apply(client).url == "/start/"
    assert Membership.objects.get(user=newcomer).role == Membership.Role.ADMIN


def test_an_applicant_sees_that_verification_is_waited_for(client, newcomer):
    apply(client)
    assert "Waiting for verification" in client.get("/start/", headers=ENGLISH).content.decode()


def test_a_verified_member_goes_straight_to_the_workspace(client, newcomer):
    apply(client)
    services.verify(Organisation.objects.get(), by=SYSTEM)
    assert client.get("/start/").url == reverse("admin:index")


@pytest.mark.parametrize("reader", ["staff", "broker", "sme"])
def test_those_who_are_in_go_straight_to_the_workspace(client, request, reader):
    client.force_login(request.getfixturevalue(reader), backend=BACKEND)
    assert client.get("/start/").url == reverse("admin:index")


def test_a_wrong_credit_code_is_said_at_its_field(client, newcomer):
    good = make_credit_code()
    wrong = good[:17] + ("0" if good[17] != "0" else "1")
    text = apply(client, credit_code=wrong).content.decode()
    assert 'id="id_credit_code_error"' in text
    assert "one character is mistyped" in text
    assert PARTICULARS["name_zh"] in text


def test_a_code_in_small_full_width_letters_is_taken(client, newcomer):
    code = make_credit_code()
    apply(client, credit_code=code.lower().replace("9", "９"))
    assert Organisation.objects.get().credit_code == code


def test_a_taken_code_says_whom_to_ask(client, newcomer, firm):
    assert "Ask its administrator" in apply(client, credit_code=firm.credit_code).content.decode()


def test_a_size_needs_its_proof_and_day(client, newcomer):
    text = apply(client, size="SMALL").content.decode()
    assert text.count("needs its proof") == 2
    assert not Organisation.objects.exists()


def test_a_size_with_its_proof_is_kept(client, newcomer):
    apply(client, size="SMALL", size_proof="2025年度审计报告", size_proved_on="2026-03-31")
    assert Organisation.objects.get().size == "SMALL"


@pytest.mark.parametrize("values", [{"region": "999999"}, {"kind": "KING"}, {"name_zh": "x" * 201}, {"name_zh": "\0"}])
def test_nonsense_is_marked_and_not_stored(client, newcomer, values):
    assert "errorlist" in apply(client, **values).content.decode()
    assert not Organisation.objects.exists()


def apply_as_manager(client, level="PRIMARY", **special):
    values = {"fields_chosen": ["05"], "languages": ["zh"], "introduction": ""}
    values |= {"declared": declared_for("manager", level), "evidence": SimpleUploadedFile("a.pdf", PDF.content)}
    return client.post(f"{reverse('portal:apply_as_manager')}?level={level}", values | special, headers=ENGLISH)


def test_a_technology_manager_applies_and_waits(client, newcomer):
    assert apply_as_manager(client, "SENIOR").url == "/start/"
    held = TechnologyManager.objects.get(user=newcomer)
    assert (held.fields, held.level, held.applications.get().evidence.count()) == (["05"], "SENIOR", 1)
    text = client.get("/start/", headers=ENGLISH).content.decode()
    assert page_url(held.applications.get()) in text
    assert client.get(page_url(held.applications.get())).status_code == 200


def test_each_level_asks_for_its_own_and_says_by_which_rule(client, newcomer):
    text = client.get("/apply/technology-manager/?level=SENIOR", headers=ENGLISH).content.decode()
    assert "Certificate of the senior training" in text
    assert "National training syllabus" in text
    assert "please check" in text
    assert client.get("/apply/technology-manager/?level=KING").status_code == 404


def test_what_is_not_declared_or_proven_is_said(client, newcomer):
    text = apply_as_manager(client, declared=["ADULT"], evidence="").content.decode()
    assert "Not declared: Law-abiding" in text
    assert "Hand in the certificate" in text
    assert not TechnologyManager.objects.exists()


def test_applying_twice_as_a_manager_is_said_in_words(client, newcomer):
    apply_as_manager(client)
    assert "applied already" in apply_as_manager(client).content.decode()


def test_signing_up_leads_to_the_ways_in(client):
    password = "a-long-pass-phrase-7"
    values = {"name": " 何新 ", "email": "new@example.org", "password1": password, "password2": password}
    answer = client.post(reverse("account_signup"), values)
    assert User.objects.get(email="new@example.org").name == "何新"
    assert answer.url == "/start/"


@pytest.mark.parametrize("path", ["/start/", "/apply/", "/apply/technology-manager/"])
def test_a_visitor_logs_in_first(client, path):
    assert client.get(path).url == f"/accounts/login/?next={path}"
