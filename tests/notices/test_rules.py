"""The clock of a notice and what it shows, by tables."""

from datetime import date

import pytest

from marketplace.notices import rules

FULL = {
    "name": "涂层",
    "abstract": "陶瓷层。",
    "method": "LICENSE",
    "price": "10万元",
    "counterparty": "晨辉公司",
    "related_party": "NONE",
    "inventors": ["林澄"],
}
ZHEJIANG = ("name", "abstract", "method", "price", "related_party")


def d(day):
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("objections", "days"),
    [
        ([], set()),
        ([(d(5), d(5))], {5}),
        ([(d(5), d(7))], {5, 6, 7}),
        ([(d(5), None)], {5, 6, 7, 8, 9, 10}),  # still open today, on the tenth
        ([(d(5), d(7)), (d(7), d(8))], {5, 6, 7, 8}),  # a day counts once
        ([(d(3), d(3)), (d(9), None)], {3, 9, 10}),
    ],
)
def test_the_clock_stands_still_from_filing_to_answer(objections, days):
    assert rules.stopped_days(objections, d(10)) == {d(day) for day in days}


@pytest.mark.parametrize(
    ("today", "objected", "closed", "left"), [(16, True, False, 1), (17, True, False, 0), (18, False, True, 0)]
)
def test_a_notice_runs_until_the_end_of_its_last_day(today, objected, closed, left):
    assert rules.may_object(d(today), d(17)) is objected
    assert rules.may_close(d(today), d(17), open_objections=0) is closed
    assert rules.days_left(d(today), d(17)) == left


def test_a_notice_does_not_close_over_an_open_objection():
    assert not rules.may_close(d(18), d(17), open_objections=1)


@pytest.mark.parametrize(
    ("ends", "since", "earlier", "kept"), [(17, 10, [], 8), (17, 17, [], 1), (17, 10, [10, 11], 6), (17, 10, [3], 8)]
)
def test_what_is_left_of_a_stopped_clock(ends, since, earlier, kept):
    assert rules.days_kept(d(ends), d(since), [d(day) for day in earlier]) == kept


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ({}, {}),
        ({"price": 100000}, {"price": "text"}),
        ({"price": "x" * 2001}, {"price": "text"}),
        ({"estimated_total": "860000.00"}, {}),
        ({"estimated_total": 860000.0}, {"estimated_total": "amount"}),
        ({"estimated_total": "1.001"}, {"estimated_total": "amount"}),
        ({"estimated_total": "-1"}, {"estimated_total": "amount"}),
        ({"estimated_total": "NaN"}, {"estimated_total": "amount"}),
        ({"estimated_total": "1e99"}, {"estimated_total": "amount"}),
        ({"estimated_total": "很多"}, {"estimated_total": "amount"}),
        ({"inventors": "林澄"}, {"inventors": "list"}),
        ({"inventors": [""]}, {"inventors": "list"}),
        ({"inventors": ["林澄"] * 51}, {"inventors": "list"}),
        ({"related_party": "PERHAPS"}, {"related_party": "mark"}),
        ({"telephone": "139"}, {"telephone": "unknown"}),
    ],
)
def test_each_field_has_its_kind(content, wrong):
    assert rules.faults(FULL | content) == wrong


@pytest.mark.parametrize(
    ("empty", "demanded", "lacking"),
    [
        ({}, ZHEJIANG, []),
        ({"abstract": "", "method": ""}, ZHEJIANG, ["abstract", "method"]),
        ({"abstract": "", "method": ""}, ("name", "price"), []),
        ({"price": ""}, ("name", "price"), ["price"]),
        ({"price": ""}, (), []),
    ],
)
def test_a_place_demands_its_fields(empty, demanded, lacking):
    assert rules.missing(FULL | empty, demanded) == lacking


@pytest.mark.parametrize(
    ("marks", "demanded", "fits"),
    [
        ({}, ZHEJIANG, True),
        ({"related_party": ""}, ZHEJIANG, False),
        ({"related_party": ""}, ("name",), True),
        ({"related_party": "RELATED"}, ZHEJIANG, False),  # related how?
        ({"related_party": "RELATED"}, (), False),
        ({"related_party": "RELATED", "relation": "公司由完成人之配偶控股"}, ZHEJIANG, True),
        ({"related_party": "COMPLETER"}, ZHEJIANG, True),
        ({"counterparty": "林澄"}, ZHEJIANG, False),  # named as a completer, marked as none
        ({"counterparty": "林澄", "related_party": "COMPLETER"}, ZHEJIANG, True),
        ({"counterparty": "林澄"}, ("name",), True),
    ],
)
def test_a_relation_to_the_recipient_is_marked_where_the_place_demands_it(marks, demanded, fits):
    assert rules.is_related_party_marked(FULL | marks, demanded) is fits


def test_the_same_terms_have_the_same_fingerprint_in_any_order():
    one = rules.fingerprint(price="10万元", method="LICENSE", counterparty="晨辉公司")
    assert one == rules.fingerprint(counterparty="晨辉公司", price="10万元", method="LICENSE")
    assert len(one) == 64


@pytest.mark.parametrize("other", [{"price": "11万元"}, {"method": "TRANSFER"}, {"counterparty": "别家"}])
def test_other_terms_have_another_fingerprint(other):
    terms = {"price": "10万元", "method": "LICENSE", "counterparty": "晨辉公司"}
    assert rules.fingerprint(**terms) != rules.fingerprint(**(terms | other))
