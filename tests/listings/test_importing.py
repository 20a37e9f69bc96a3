"""Importing a sheet: previewed, committed as drafts, each row once; the template; export and back."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Forbidden, NotFound
from marketplace.core.models import Entry
from marketplace.core.spreadsheets import waiting
from marketplace.listings import services
from marketplace.listings.importing import plan, writing
from marketplace.listings.importing.faults import RowsAtFault
from marketplace.listings.importing.plan import Outcome
from marketplace.listings.importing.reading import read
from marketplace.listings.models import Achievement, Offer, Right
from tests import factories
from tests.listings.sheets import HEADERS, ROW, csv_of, opened, row, sheet_of

pytestmark = pytest.mark.django_db
RIGHT = ("知识产权1类型", "知识产权1号码")
SECOND = row(成果名称="第二项成果", 单位内部编号="CG-002")
BAD = row(成果名称="第三项成果", 单位内部编号="CG-003", 技术领域="没有")


@pytest.fixture
def run(university, university_officer):
    """Import a file for the university; `run(content, "preview")` only looks."""

    def act(content: bytes, verb: str = "commit", **options):
        return getattr(plan, verb)(read(content), owner=university, by=university_officer, **options)

    return act


def outcomes(done) -> list[str]:
    return [each.outcome.value for each in done.rows]


def test_a_preview_writes_nothing(run):
    assert outcomes(run(sheet_of(ROW, SECOND), "preview")) == ["new", "new"]
    assert not Achievement.objects.exists()


def test_rows_become_drafts_with_offers_and_a_journal(run, university):
    run(sheet_of(ROW))
    draft = Achievement.objects.get()
    assert (draft.owner, draft.state, draft.source, draft.source_id) == (university, "draft", "import", "CG-001")
    assert [offer.mode for offer in draft.offers.order_by("id")] == ["BUYOUT", "ROYALTY"]
    assert Entry.objects.filter(verb="listings.draft", subject_id=draft.pk).exists()


def test_a_complete_row_may_go_to_review_at_once(run, university_officer):
    headers = [*HEADERS, "密级", "已完成保密审查"]
    run(sheet_of([*ROW, "非密", "是"], headers=headers))
    assert services.submit(Achievement.objects.get(), by=university_officer).state == "submitted"


def test_the_same_file_twice_says_unchanged(run):
    run(sheet_of(ROW, SECOND))
    assert outcomes(run(sheet_of(ROW, SECOND))) == ["unchanged", "unchanged"]
    assert Achievement.objects.count() == 2


def test_the_same_rows_in_another_format_are_unchanged(run):
    run(sheet_of(ROW))
    for encoding in ("gb18030", "utf-8-sig", "utf-16"):
        assert outcomes(run(csv_of(ROW).encode(encoding))) == ["unchanged"]


def test_without_a_number_of_its_own_a_row_is_known_by_its_title(run):
    headers, cells = HEADERS[:-2], ROW[:-2]
    run(sheet_of(cells, headers=headers))
    assert outcomes(run(sheet_of(cells, headers=headers))) == ["unchanged"]


def test_a_changed_row_changes_its_draft(run):
    run(sheet_of(ROW))
    done = run(sheet_of(row(成果名称="改了名称", **{"价格上限（元）": 700000})))
    assert outcomes(done) == ["changed"]
    assert done.rows[0].changes == ["title_zh", "offers"]
    assert Achievement.objects.get().title_zh == "改了名称"
    assert Offer.objects.get(mode="BUYOUT").price_high == 700_000


def test_columns_that_are_not_there_leave_their_fields_alone(run):
    run(sheet_of(ROW))
    run(sheet_of(["改了名称", "CG-001"], headers=["成果名称", "单位内部编号"]))
    draft = Achievement.objects.get()
    assert (draft.title_zh, draft.field, draft.offers.count()) == ("改了名称", "05", 2)


def test_one_fault_and_nothing_is_imported(run):
    with pytest.raises(RowsAtFault):
        run(sheet_of(ROW, BAD))
    assert not Achievement.objects.exists()


def test_rows_at_fault_are_left_out_when_asked(run):
    assert outcomes(run(sheet_of(ROW, BAD, SECOND), skip_errors=True)) == ["new", "error", "new"]
    assert Achievement.objects.count() == 2


@pytest.mark.parametrize("twin", [row(成果名称="铝合金 陶瓷涂层", 单位内部编号="9"), row(成果名称="别的名称")])
def test_the_second_of_two_like_rows_is_a_duplicate(run, twin):
    assert outcomes(run(sheet_of(ROW, twin))) == ["new", "duplicate"]
    assert Achievement.objects.count() == 1


def test_a_draft_written_by_hand_is_not_overwritten(run, university):
    factories.make_achievement(university, title_zh="铝合金陶瓷涂层")
    assert outcomes(run(sheet_of(ROW))) == ["duplicate"]
    assert Achievement.objects.get().source == ""


def test_a_published_achievement_is_not_overwritten(run, university):
    run(sheet_of([*ROW, "非密", "是"], headers=[*HEADERS, "密级", "已完成保密审查"]))
    factories.publish(Achievement.objects.get())
    assert outcomes(run(sheet_of(row(简介="新的简介")))) == ["duplicate"]
    assert Achievement.objects.get().summary_zh == "原位生长陶瓷层。"


def test_a_withdrawn_number_is_no_new_row(run, university_officer):
    run(sheet_of(ROW))
    services.withdraw(Achievement.objects.get(), by=university_officer)
    assert outcomes(run(sheet_of(row(简介="新的简介")))) == ["duplicate"]


def test_a_right_is_entered_once_and_named_by_both(run):
    headers = [*HEADERS, *RIGHT]
    patent = ["发明专利", "ZL201310699744.2"]
    run(sheet_of([*ROW, *patent], [*SECOND, *patent], headers=headers))
    assert [each.number for each in Right.objects.all()] == ["201310699744.2"]
    assert Right.objects.get().achievements.count() == 2
    assert outcomes(run(sheet_of([*ROW, *patent], [*SECOND, *patent], headers=headers))) == ["unchanged"] * 2


@pytest.mark.parametrize("role", ["reader"])
def test_a_reader_may_not_import(university, role):
    reader = factories.make_member(university, role)
    with pytest.raises(Forbidden):
        plan.preview(read(sheet_of(ROW)), owner=university, by=reader)


def test_an_outsider_may_not_import(university, outsider):
    with pytest.raises(Forbidden):
        plan.commit(read(sheet_of(ROW)), owner=university, by=outsider)


def test_another_owners_platform_id_is_not_found(run, firm):
    theirs = factories.make_achievement(firm)
    done = run(sheet_of([*ROW, theirs.public_id], headers=[*HEADERS, "平台编号"]), "preview")
    assert [fault.column for fault in done.rows[0].draft.faults] == ["平台编号"]


def varied(owner) -> list[Achievement]:
    """Achievements that use every column."""
    right = services.add_right(
        {"kind": "02", "number": "201310699744.2", "title_zh": "一种方法"}, owner=owner, by=SYSTEM
    )
    offers = [
        {"mode": "BUYOUT", "price_low": "100000", "price_high": "200000.55", "note": "=1+1"},
        {"mode": "ROYALTY", "royalty_percent": "2.25", "price_low": "5", "price_high": "6"},
        {"mode": "TRIAL_TRANSFER", "free_months": 12},
    ]
    tiers = {"tiers": {"description": "nda", "price": "registered"}, "public_note_zh": "登录后可见"}
    signs = {"summary_zh": "=cmd|'/c calc'!A1", "economics_zh": "@SUM(1)", "advantage_zh": "-3 dB\n第二行"}
    words = {"technology_keywords_en": ["one, with a comma"], "market_keywords_zh": ["甲", "乙"]}
    many = factories.make_achievement(owner, offers=offers, **tiers, **signs, **words)
    services.edit(many, {}, by=SYSTEM, rights=[right])
    return [many, factories.make_achievement(owner), factories.make_achievement(owner, offers=(), is_anonymous=True)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_export_read_back_changes_nothing(run, university, language):
    varied(university)
    with override(language):
        content = writing.export(Achievement.objects.filter(owner=university).prefetch_related("offers", "rights"))
        done = run(content, "preview")
    assert [(each.outcome, each.changes) for each in done.rows] == [(Outcome.UNCHANGED, [])] * 3


def test_an_export_can_be_changed_and_read_back(run, university):
    varied(university)
    everything = Achievement.objects.filter(owner=university).prefetch_related("offers", "rights")
    sheet = opened(writing.export(everything))
    book = sheet.parent
    place = next(cell.column for cell in sheet[1] if str(cell.value).startswith("成果名称"))
    sheet.cell(2, place).value = "导出后改的名称"
    stream = io.BytesIO()
    book.save(stream)
    assert outcomes(run(stream.getvalue())).count("changed") == 1
    assert Achievement.objects.filter(title_zh="导出后改的名称").exists()


def test_an_export_holds_no_live_formula(university):
    varied(university)
    sheet = opened(writing.export(Achievement.objects.filter(owner=university)))
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert kinds == {"s", "n"}
    risky = [cell for line in sheet.iter_rows(min_row=2) for cell in line if str(cell.value)[:1] in "=@-"]
    assert risky
    assert all(cell.quotePrefix for cell in risky if cell.data_type == "s")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_imports_as_nothing_and_its_example_as_a_good_row(run, language):
    with override(language):
        content = writing.template()
        assert run(content, "preview").rows == []
        sheet = opened(content)
        place = next(cell.column for cell in sheet[1] if cell.value in ("单位内部编号", "Own number"))
        sheet.cell(2, place).value = "1"
        stream = io.BytesIO()
        sheet.parent.save(stream)
        done = run(stream.getvalue(), "preview")
    assert [(each.outcome, each.draft.faults, each.draft.warnings) for each in done.rows] == [(Outcome.NEW, [], [])]


def test_every_header_of_the_template_has_a_comment_and_code_columns_a_list():
    sheet = opened(writing.template())
    assert all(cell.comment for cell in sheet[1])
    assert len(sheet.data_validations.dataValidation) > 10


def test_a_waiting_file_is_found_by_its_uploader_alone(university, university_officer, outsider):
    token = waiting.keep(b"abc", organisation_id=university.pk, by=university_officer)
    assert waiting.fetch(token, by=university_officer) == (b"abc", university.pk)
    with pytest.raises(NotFound):
        waiting.fetch(token, by=outsider)
    waiting.drop(token)
    with pytest.raises(NotFound):
        waiting.fetch(token, by=university_officer)


def command(*words: str) -> str:
    out = io.StringIO()
    call_command("import_achievements", *words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_command_previews_then_imports(tmp_path, university):
    file = tmp_path / "sheet.xlsx"
    file.write_bytes(sheet_of(ROW, SECOND))
    words = (str(file), "--organisation", university.credit_code, "--json")
    assert json.loads(command(*words, "--dry-run"))["counts"]["new"] == 2
    assert not Achievement.objects.exists()
    command(*words)
    assert json.loads(command(*words))["counts"] == {"new": 0, "changed": 0, "unchanged": 2, "duplicate": 0, "error": 0}


def test_the_command_names_row_and_column_and_imports_nothing(tmp_path, university):
    file = tmp_path / "sheet.xlsx"
    file.write_bytes(sheet_of(ROW, BAD))
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_achievements", str(file), "--organisation", university.credit_code, stdout=out)
    assert "    3  " in out.getvalue()
    assert "技术领域" in out.getvalue()
    assert not Achievement.objects.exists()


def test_the_command_says_what_is_missing(tmp_path, university, firm):
    with pytest.raises(CommandError, match="--organisation"):
        command(str(tmp_path / "none.xlsx"))
    with pytest.raises(CommandError, match=r"none\.xlsx"):
        command(str(tmp_path / "none.xlsx"), "--organisation", university.credit_code)
