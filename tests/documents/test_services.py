"""Templates are uploaded, documents made, kept, opened and verified."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.core.models import Entry
from marketplace.documents import archives, services
from marketplace.documents.models import Document, DocumentContent, Kind, Showing, Template
from tests import factories

from .conftest import altered, read, values_of, word

pytestmark = pytest.mark.django_db
NOTICE = (Kind.NOTICE, "zh")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def make(readers, by, **given):
    values = values_of(Kind.NOTICE, **given)
    return services.make_document(*NOTICE, values, title="公示 一号", readers=readers, by=by)


@pytest.fixture
def document(university, firm, university_officer):
    return make([university, firm], university_officer)


# Templates


def test_the_shipped_templates_are_there_and_loading_them_again_changes_nothing():
    folder = Path(settings.FIXTURE_ROOT) / "templates"
    count = Template.objects.count()
    report = services.load_templates(folder, by=SYSTEM)
    assert (len(report["unchanged"]), report["added"], Template.objects.count()) == (count, [], count)


def test_an_upload_makes_a_new_edition_and_keeps_the_old_one(staff):
    old = services.current_template(*NOTICE)
    new = services.upload_template(*NOTICE, word("{{ owner_name }}"), by=staff)
    assert (new.edition, services.current_template(*NOTICE), new.uploaded_by) == (old.edition + 1, new, staff)
    assert not Template.objects.get(pk=old.pk).is_current


def test_the_same_file_again_is_no_new_edition(staff):
    first = services.upload_template(*NOTICE, word("{{ owner_name }}"), by=staff)
    assert services.upload_template(*NOTICE, word("{{ owner_name }}"), by=staff) == first


def test_an_older_edition_can_be_put_back_in_use(staff):
    old = services.current_template(*NOTICE)
    services.upload_template(*NOTICE, word("{{ owner_name }}"), by=staff)
    back = services.upload_template(*NOTICE, bytes(old.content), by=staff)
    assert (back.edition, back.sha256, back.is_current) == (old.edition + 2, old.sha256, True)


def test_what_a_person_uploaded_is_not_replaced_by_what_is_shipped(staff):
    mine = services.upload_template(*NOTICE, word("{{ owner_name }}"), by=staff)
    report = services.load_templates(Path(settings.FIXTURE_ROOT) / "templates", by=SYSTEM)
    assert report["kept"] == ["NOTICE.zh"]
    assert services.current_template(*NOTICE) == mine


def test_a_template_with_an_unknown_variable_is_not_taken(staff):
    with pytest.raises(Invalid, match=r".") as fault:
        services.upload_template(*NOTICE, word("{{ secret_key }}"), by=staff)
    assert "secret_key" in fault.value.fields["file"][0]


@pytest.mark.parametrize(("kind", "language"), [("EVIDENCE", "zh"), ("NOTICE", "fr"), ("x", "zh")])
def test_a_template_has_a_known_kind_and_language(kind, language, staff):
    with pytest.raises(Invalid):
        services.upload_template(kind, language, word("{{ owner_name }}"), by=staff)


def test_templates_are_uploaded_by_staff_alone(university_officer, broker):
    for person in (university_officer, broker):
        with pytest.raises(Forbidden):
            services.upload_template(*NOTICE, word("x"), by=person)


# Making


def test_a_document_is_made_with_its_hash_template_readers_and_journal_line(document, university, firm):
    assert document.template == services.current_template(*NOTICE)
    assert set(document.readers.all()) == {university, firm}
    assert services.verify(document)
    assert Entry.objects.filter(verb="documents.make", subject_id=document.pk).count() == 1


def test_the_values_stand_in_the_document(university, university_officer):
    made = make([university], university_officer, owner_name="江澜大学", price_text="第一行\n第二行")
    text = read(services.content_of(made))
    assert "江澜大学拟以" in text
    assert "第一行\n第二行" in text


def test_the_same_values_give_the_same_hash(document, firm, sme):
    assert make([firm], sme).sha256 == document.sha256
    assert make([firm], sme, price_text="别的价格").sha256 != document.sha256


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"owner_name": ""}, "owner_name"),
        ({"owner_name": 7}, "owner_name"),
        ({"owner_name": "a\x07b"}, "owner_name"),
        ({"owner_name": "a\ufffeb"}, "owner_name"),
        ({"owner_name": "x" * 5001}, "owner_name"),
        ({"nonsense": "x"}, "nonsense"),
        ({"rights": "x"}, "rights"),
        ({"rights": [{"nonsense": "x"}]}, "rights"),
        ({"rights": [{}] * 201}, "rights"),
    ],
)
def test_a_value_that_does_not_fit_is_named(given, name, university, university_officer):
    with pytest.raises(Invalid) as fault:
        make([university], university_officer, **given)
    assert list(fault.value.fields) == [name]
    assert not Document.objects.exists()


def test_without_a_template_in_that_language_there_is_no_document(university, university_officer):
    with pytest.raises(Conflict, match=r"no template|没有这类模板"):
        services.make_document("NOTICE", "en", {}, title="x", readers=[university], by=university_officer)


def test_nobody_makes_papers_for_others_alone(university, sme):
    with pytest.raises(Forbidden):
        make([university], sme)


# Keeping


def test_evidence_is_kept_under_a_harmless_name_with_the_ending_of_its_content(firm, sme):
    made = services.keep_document(PNG, filename="..\\../a:b\u202e.exe", title="照片", readers=[firm], by=sme)
    assert (made.filename, made.media_type, made.scan_state) == ("a b.png", "image/png", "unscanned")
    assert services.content_of(made) == PNG


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><script>", "file_type"),
        (b"MZ\x90", "file_type"),
        (b"<svg xmlns='x'/>", "file_type"),
        (PNG + b"\0" * 10 * 2**20, "too_large"),
        (PNG + archives.TEST_VIRUS, "infected"),
    ],
)
def test_other_files_are_refused(content, code, firm, sme):
    with pytest.raises(Invalid) as fault:
        services.keep_document(content, filename="x.pdf", title="x", readers=[firm], by=sme)
    assert fault.value.code == code


@pytest.mark.parametrize(("start", "ending"), [(b"%PDF-1.7", ".pdf"), (b"\xff\xd8\xff\xe0", ".jpg")])
def test_pictures_and_pdf_are_known_by_their_start(start, ending):
    assert archives.file_type(start + b"x").ending == ending


def test_office_files_are_known_by_their_parts():
    assert archives.file_type(word("x")) == archives.DOCX
    with pytest.raises(Invalid):
        archives.file_type(altered(word("x"), word__vbaProject_dot_bin=b"x"))


# Opening


def test_opening_gives_the_bytes_and_is_noted(document, sme):
    assert services.open_document(document, how="api", by=sme) == services.content_of(document)
    assert Showing.objects.values_list("document", "user", "how").get() == (document.pk, sme.pk, "api")


def test_a_stranger_finds_nothing_and_leaves_no_trace(document, outsider, broker):
    for person in (outsider, broker):
        with pytest.raises(NotFound):
            services.open_document(document, by=person)
    assert not Showing.objects.exists()


def test_a_file_that_was_altered_in_the_database_is_not_shown(document, sme):
    DocumentContent.objects.filter(document=document).update(content=b"another")
    assert not services.verify(document)
    with pytest.raises(Conflict, match=r"no longer what it was|已被改动"):
        services.open_document(document, by=sme)


def test_nobody_opens_what_is_in_quarantine(firm, sme, staff):
    row = services.keep_document(PNG, filename="x", title="照片", readers=[firm], by=sme)
    services.quarantine(row, reason="Found by the scanner.", by=staff)
    for person in (sme, staff):
        with pytest.raises(Conflict, match=r"quarantine|已隔离"):
            services.open_document(row, by=person)


def test_a_document_made_here_is_never_scanned_or_put_away(document, staff):
    with pytest.raises(Conflict):
        services.clear(document, by=SYSTEM)
    with pytest.raises(Conflict):
        services.quarantine(document, reason="x", by=staff)


def test_a_list_of_documents_reads_no_content(document, staff):
    with CaptureQueriesContext(connection) as seen:
        list(Document.objects.visible_to(staff))
    assert not [query for query in seen if "content" in query["sql"]]


def test_documents_are_seen_by_members_of_their_readers_and_staff(document, university, firm, outsider, broker, staff):
    seers = [factories.make_member(university, "reader"), factories.make_member(firm, "inventor"), staff]
    assert [Document.objects.visible_to(person).count() for person in seers] == [1, 1, 1]
    assert [Document.objects.visible_to(person).count() for person in (outsider, broker)] == [0, 0]


def test_a_role_that_ended_closes_the_document(document, firm):
    person = factories.make_member(firm)
    assert Document.objects.visible_to(person).exists()
    person.memberships.update(ended_on=timezone.localdate())
    fresh = type(person).objects.get(pk=person.pk)
    assert not Document.objects.visible_to(fresh).exists()
