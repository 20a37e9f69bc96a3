"""Code lists: names in two languages, choices of today, retired codes readable but not chosen."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Invalid
from marketplace.law import codes, services
from marketplace.law.book import forget_edition
from marketplace.law.errors import RetiredCode, UnknownCode, UnknownList, WrongParent, WrongReference

pytestmark = pytest.mark.django_db


def publish(*items, name="example_list", **head):
    row = {"title_zh": "示例", "title_en": "Example", "confidence": "D", "items": list(items)} | head
    return services.publish_codes({name: row}, by=SYSTEM)


A, B = {"code": "A", "zh": "甲", "en": "First"}, {"code": "B", "zh": "乙", "en": "Second"}


@pytest.mark.parametrize(
    ("language", "label"), [("zh-hans", "新材料及其应用"), ("en", "New materials and their application")]
)
def test_a_code_is_named_in_the_readers_language(language, label):
    with translation.override(language):
        assert codes.label("technical_field", "05") == label
    assert codes.label("technical_field", "05", language) == label


def test_a_list_has_a_title():
    with translation.override("en"):
        assert codes.title("trl9") == "Technology readiness level (9)"


def test_a_licensing_mode_is_explained_in_one_sentence():
    with translation.override("zh-hans"):
        assert codes.explanation("licensing_mode", "BUYOUT").endswith("。")
    assert codes.explanation("technical_field", "05") == ""


def test_choices_follow_the_reader():
    pairs = codes.choices("enterprise_size")
    with translation.override("en"):
        english = list(pairs)
    with translation.override("zh-hans"):
        assert (english[0], next(iter(pairs))) == (("LARGE", "Large"), ("LARGE", "大型"))


def test_a_form_made_before_a_code_was_published_offers_it():
    publish(A)
    field = forms.ChoiceField(choices=codes.choices("example_list"))
    publish(A, B)
    assert field.clean("B") == "B"


def test_a_retired_code_is_readable_and_not_chosen():
    publish(A, B | {"effective_to": "2020-12-31"})
    assert codes.label("example_list", "B", "en") == "Second"
    assert codes.values("example_list") == {"A"}
    with pytest.raises(RetiredCode):
        codes.check("example_list", "B")


def test_a_retired_code_could_be_chosen_in_its_time():
    publish(A, B | {"effective_to": "2020-12-31"})
    assert codes.check("example_list", "B", on=date(2020, 12, 31)).code == "B"
    assert [item.code for item in codes.items("example_list", on=date(2020, 6, 1))] == ["A", "B"]


def test_the_licence_is_a_contract_type_of_its_own_since_the_civil_code():
    assert "3" not in codes.values("contract_type", on=date(2020, 12, 31))
    assert "3" in codes.values("contract_type", on=date(2021, 1, 1))


def test_a_code_that_the_file_no_longer_names_stays():
    publish(A, B)
    publish(A)
    assert codes.label("example_list", "B", "zh-hans") == "乙"


def test_an_unknown_code_is_named():
    with pytest.raises(UnknownCode, match="XX") as caught:
        codes.label("technical_field", "XX")
    assert (caught.value.code, caught.value.list_name) == ("E_CODE_UNKNOWN", "technical_field")


def test_an_unknown_list_is_named():
    with pytest.raises(UnknownList, match="colours"):
        codes.values("colours")


def test_a_sub_code_belongs_to_its_parent():
    assert codes.check("contract_subtype", "31", parent="3").parent == "3"
    with pytest.raises(WrongParent):
        codes.check("contract_subtype", "31", parent="2")


def test_a_parent_that_is_not_there_is_refused():
    with pytest.raises(WrongReference, match="example_list:A"):
        publish(A | {"parent": "9"}, parent_list="contract_type")


@pytest.mark.parametrize(
    "item", [A | {"zh": ""}, A | {"colour": 1}, {"zh": "甲", "en": "First"}, A | {"effective_to": "then"}]
)
def test_an_item_that_cannot_be_is_refused(item):
    with pytest.raises(WrongReference, match="example_list"):
        publish(item)


def test_a_known_list_asks_one_question_a_second(django_assert_num_queries):
    codes.values("province")
    forget_edition()
    with django_assert_num_queries(1):
        codes.values("province")
        codes.values("province")


def test_order_is_that_of_the_file():
    assert [item.code for item in codes.items("enterprise_size")] == ["LARGE", "MEDIUM", "SMALL", "MICRO"]


def reason_faults(code, text=""):
    try:
        codes.check_reason("lead_decline", code, text, code_field="code", text_field="text")
    except Invalid as fault:
        return set(fault.fields)
    return set()


@pytest.mark.parametrize(
    ("code", "text", "faults"),
    [("CAPACITY", "", set()), ("OTHER", "", {"text"}), ("OTHER", "太远", set()), ("NONSENSE", "", {"code"})],
)
def test_another_reason_needs_words(code, text, faults):
    assert reason_faults(code, text) == faults
