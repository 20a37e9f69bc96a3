"""Files of a deal: who hands them in, who opens which, with which mark, under which name, until when."""

import io

import pytest
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from rest_framework.test import APIClient

from marketplace.brokerage import names, services
from marketplace.brokerage.models import DealFile, NdaShowing
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from marketplace.core.models import Letter
from marketplace.core.workspace import page_url
from marketplace.documents.models import Document, Showing
from marketplace.parties import services as parties
from marketplace.parties.models import User
from tests import factories, papers
from tests.admin.conftest import enter  # noqa: F401  the same way to log in
from tests.rows import reread
from tests.tables import holders, people_around

pytestmark = pytest.mark.django_db


def add(deal, by, audience="nda", **values):
    paper = {"content": papers.make_pdf(), "filename": "王某.pdf", "title": "配方说明"}
    return services.add_file(deal, audience=audience, **paper | values, by=by)


def fresh(user):
    return User.objects.get(pk=user.pk)


def open_it(file, by, how="page"):
    return services.open_file(file.latest, how=how, by=fresh(by))


def text_of(copy):
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(copy.content)).pages[0].extract_text()


@pytest.fixture
def file(in_force, university_officer):
    return add(in_force.deal, university_officer)


# Handing in


@pytest.mark.parametrize("verb", ["add_file", "withdraw_file"])
def test_who_decides_for_a_side_hands_in(verb, joined, university, firm, broker):
    people = people_around(university, firm) | {"its manager": broker}
    assert holders(people, f"brokerage.{verb}", joined) == {"admin", "officer", "sme"}


def test_a_file_belongs_to_the_side_of_who_handed_it_in(file, university, university_officer):
    assert (file.side, file.latest.number, file.latest.uploaded_by) == ("supplier", 1, university_officer)
    assert list(file.latest.document.readers.all()) == [university]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"content": b""}, "file"),
        ({"content": b"<html>"}, "file"),
        ({"content": b"%PDF-1.7"}, "file"),
        ({"content": papers.make_pdf(password="x")}, "file"),
        ({"title": " "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"audience": "all"}, "audience"),
    ],
)
def test_what_cannot_be_kept_or_marked_is_refused(values, field, in_force, sme):
    with pytest.raises(Invalid) as fault:
        add(in_force.deal, sme, **values)
    assert set(fault.value.fields) == {field}
    assert not DealFile.objects.exists()
    assert not Document.objects.filter(kind="DEAL_FILE").exists()


def test_a_lost_deal_takes_no_file(joined, sme, broker):
    services.lose(joined, "TERMS_UNFIT", by=broker)
    with pytest.raises(Conflict):
        add(joined, sme)


def test_a_newer_version_stands_beside_the_earlier_one(file, university_officer, sme):
    newer = services.add_version(file, papers.PNG, filename="b.png", version=file.version, by=university_officer)
    assert [each.number for each in newer.versions.all()] == [2, 1]
    with pytest.raises(Stale):
        services.add_version(file, papers.PNG, filename="c.png", version=file.version, by=university_officer)
    with pytest.raises(Forbidden):
        services.add_version(file, papers.PNG, filename="c.png", by=sme)


# Who opens it


def seen_by(file, people):
    return {name for name, person in people.items() if file in DealFile.objects.visible_to(person)}


OWN = {"admin", "officer", "inventor", "reader", "staff", "staff who is a member"}


@pytest.mark.parametrize(
    ("audience", "others"),
    [("own", set()), ("nda", {"named", "its manager"}), ("both", {"named", "its manager", "sme"})],
)
def test_who_sees_a_file(audience, others, in_force, university, firm, university_officer, sme, broker):
    file = add(in_force.deal, university_officer, audience)
    people = people_around(university, firm) | {"its manager": broker, "named": sme}
    assert seen_by(file, people) == OWN | others


def test_own_people_get_it_as_it_was_handed_in(in_force, university_officer):
    content = papers.make_pdf()
    file = add(in_force.deal, university_officer, content=content)
    assert open_it(file, university_officer).content == content
    assert not NdaShowing.objects.exists()


def test_the_other_side_gets_a_marked_copy_and_a_line_is_written(file, sme):
    copy = open_it(file, sme, how="api")
    line = NdaShowing.objects.get()
    assert (line.user, line.side, line.document, line.shown_version, line.how) == (
        sme, "supplier", file.latest.document, 1, "api",
    )  # fmt: skip
    assert line.sha256 == file.latest.document.sha256
    assert "sme" in text_of(copy)
    assert line.public_id in text_of(copy)
    assert papers.WRITER.encode() not in copy.content
    assert Showing.objects.get(document=file.latest.document).user == sme


def test_the_copy_has_the_title_as_its_name_not_what_the_writer_called_it(file, sme):
    assert open_it(file, sme).name == "配方说明 v1.pdf"


def test_what_is_not_confidential_is_marked_and_not_logged(joined, university_officer, sme):
    file = add(joined, university_officer, "both")
    assert "sme" in text_of(open_it(file, sme))
    assert not NdaShowing.objects.exists()


@pytest.mark.parametrize("audience", ["both", "nda"])
def test_the_hash_and_the_size_of_the_file_itself_are_for_who_opens_it(
    audience, in_force, university_officer, sme, broker, staff
):
    """Whoever has the same paper from elsewhere would know by them whose it is."""
    file = add(in_force.deal, university_officer, audience)
    document, shown = file.latest.document, {}
    for person in (university_officer, staff, sme, broker):
        client = APIClient()
        client.force_authenticate(fresh(person))
        [version] = client.get(f"/api/v1/deal-files/{file.public_id}/").json()["versions"]
        shown[person] = version["sha256"], version["size"]
    assert shown[university_officer] == shown[staff] == (document.sha256, document.size)
    assert shown[sme] == shown[broker] == (None, None)


def test_the_page_of_a_file_shows_its_size_to_who_opens_it(file, university_officer, sme, enter):  # noqa: F811
    with translation.override("en"):
        size = filesizeformat(file.latest.document.size)
    shown = [size in enter(each).get(page_url(file)).content.decode() for each in (university_officer, sme)]
    assert shown == [True, False]


# Anonymous until introduced


@pytest.fixture
def anonymous(monkeypatch):
    monkeypatch.setattr(names, "is_anonymous", lambda row: row.kind == "achievement")


def test_an_anonymous_owner_is_named_by_no_file(deal, anonymous, university_officer, sme):
    file = add(deal, university_officer, "both")
    copy = open_it(file, sme)
    assert copy.name == f"{file.public_id} v1.pdf"
    assert papers.WRITER.encode() not in copy.content
    assert open_it(file, university_officer).name == "王某.pdf"


@pytest.mark.parametrize("title", ["江澜大学的配方", "江 澜 大 学", "Jianglan University paper"])
def test_an_anonymous_owner_does_not_name_itself_in_a_title(title, deal, anonymous, university_officer):
    with pytest.raises(Invalid) as fault:
        add(deal, university_officer, "both", title=title)
    assert set(fault.value.fields) == {"title"}
    assert add(deal, university_officer, "own", title=title).title == title


def test_once_both_want_to_talk_it_may_be_named(joined, anonymous, university_officer, sme):
    file = add(joined, university_officer, "both", title="江澜大学的配方")
    assert open_it(file, sme).name == "江澜大学的配方 v1.pdf"


# What closes it


def end_membership(world):
    parties.end_membership(world["sme"].memberships.get(), by=world["staff"])


def take_name_back(world):
    services.release(world["nda"].bound.get(side="seeker"), by=world["sme"])


def terminate(world):
    services.terminate_nda(world["nda"], note="不再需要。", by=world["university_officer"])


def withdraw(world):
    services.withdraw_file(world["file"], by=world["university_officer"])


def lose(world):
    services.lose(reread(world["nda"].deal), "TERMS_UNFIT", by=world["sme"])


@pytest.mark.parametrize("closing", [end_membership, take_name_back, terminate, withdraw, lose])
def test_what_ends_closes_a_download_link_that_was_kept(closing, file, in_force, sme, staff, university_officer, enter):  # noqa: F811
    world = {"nda": in_force, "file": file, "sme": sme, "staff": staff, "university_officer": university_officer}
    client = enter(sme)
    address = page_url(file).replace("/change/", "/version/1/")
    assert address in client.get(page_url(file)).content.decode()
    assert client.get(address).status_code == 200
    closing(world)
    assert client.get(address).status_code in (302, 403, 404)
    assert NdaShowing.objects.count() == 1
    with pytest.raises(NotFound):
        open_it(file, sme)


def test_a_file_is_withdrawn_once_and_stays_with_its_owner(file, university_officer):
    services.withdraw_file(file, by=university_officer)
    with pytest.raises(Conflict):
        services.withdraw_file(file, by=university_officer)
    assert open_it(file, university_officer).content


def test_the_documents_page_does_not_show_it_to_the_other_side(file, sme, broker):
    assert not Document.objects.visible_to(sme).filter(pk=file.latest.document_id).exists()
    assert not Document.objects.visible_to(broker).filter(pk=file.latest.document_id).exists()


# News and pages


def test_whom_it_is_for_hears_of_it_and_nobody_else(in_force, university_officer, sme, firm):
    colleague = factories.make_member(firm)
    Letter.objects.all().delete()
    add(in_force.deal, university_officer)
    assert list(Letter.objects.values_list("user", flat=True)) == [sme.pk]
    add(in_force.deal, university_officer, "both")
    assert set(Letter.objects.values_list("user", flat=True)) == {sme.pk, colleague.pk}
    assert "配方说明" not in "".join(Letter.objects.values_list("body", flat=True))


def test_a_side_adds_a_file_on_the_page_of_the_deal(in_force, university_officer, sme, firm, enter):  # noqa: F811
    client = enter(university_officer)
    address = page_url(in_force.deal).replace("/change/", "/do/add-file/")
    paper = io.BytesIO(papers.make_pdf())
    paper.name = "a.pdf"
    answer = client.post(address, {"title": "配方说明", "audience": "nda", "file": paper})
    assert answer.status_code == 302
    assert "配方说明" in enter(sme).get(page_url(in_force.deal)).content.decode()
    colleague = factories.make_member(firm)
    assert "配方说明" not in enter(colleague).get(page_url(in_force.deal)).content.decode()
