"""What the database itself refuses of money: each nonsense by raw SQL. What is PostgreSQL's alone: tests/services."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection, models

from marketplace.brokerage import services as brokerage
from marketplace.settlement import services
from marketplace.settlement.models import Account, BankLine, BankStatement, Commission, Journal, Obligation, Payment
from tests import factories
from tests.brokerage.mandating import make_signed_mandate
from tests.contracts.test_constraints import copy_of, refused
from tests.settlement import equity_attacks, sharing_attacks
from tests.settlement.claiming import make_defaulted
from tests.settlement.test_bank import csv_of, row
from tests.settlement.test_invoices import FACTS, PAPER

DAY = date(2027, 1, 20)
# Constraint → the row that it guards, and an assignment that breaks it.
BREAKS = {
    "a_bank_statement_has_its_hash": ("statement", "sha256 = 'x'"),
    "a_bank_line_is_money_that_came_in": ("line", "amount = 0"),
    "an_ignored_bank_line_says_why": ("line", "state = 'ignored', ignored_reason = ''"),
    "a_credit_is_not_negative": ("billing", "credit = -0.01"),
    "no_more_is_paid_than_owed": ("obligation", "paid = amount + 0.01"),
    "no_more_interest_is_paid_than_owed": ("obligation", "interest_paid = interest + 0.01"),
    "a_write_off_says_why": ("obligation", "state = 'written_off', write_off_reason = ''"),
    "a_payment_is_more_than_nothing": ("payment", "amount = 0"),
    "a_reversed_payment_says_why": ("payment", "state = 'reversed', reversal_reason = ''"),
    "an_allocation_pays_something": ("allocation", "principal = 0, interest = 0"),
    "an_invoice_is_its_net_amount_and_its_tax": ("invoice", "tax = tax + 0.01"),
    "an_invoice_below_zero_takes_another_back": ("invoice", "net = -1, tax = 0, amount = -1"),
    "a_tax_rate_is_a_ratio": ("invoice", "rate = 6"),
    "a_withdrawn_invoice_says_why": ("invoice", "state = 'withdrawn', withdrawal_reason = ''"),
    "a_part_of_an_invoice_is_something": ("part of an invoice", "amount = 0"),
    "the_parts_of_a_commission_make_the_whole": ("commission line", "manager_amount = manager_amount + 0.01"),
    "a_commission_line_is_not_zero": ("commission line", "amount = 0, agency_amount = 0, manager_amount = 0"),
    "what_counts_for_a_commission_was_received": ("commission line", "counted = -1"),
    "a_paid_commission_has_its_day": ("commission line", "state = 'paid'"),
    "a_disputed_commission_says_why": ("commission line", "state = 'disputed'"),
    "no_more_is_claimed_than_covered": ("claim", "amount = cover + 0.01, accepted = cover + 0.01"),
    "no_more_is_accepted_than_claimed": ("claim", "accepted = amount + 0.01, reasons = 'x'"),
    "a_claim_accepted_in_part_says_why": ("claim", "accepted = amount - 0.01, paid = 0.01, reasons = ''"),
    "no_more_is_compensated_than_accepted": ("claim", "paid = accepted + 0.01"),
    "a_claim_follows_a_demand_and_its_days": ("claim", "filed_on = cure_until"),
    "a_withdrawn_claim_alone_has_its_day": ("claim", "state = 'withdrawn'"),
    "a_refused_claim_says_why": ("claim", "state = 'refused', refusal = ''"),
    "a_compensated_claim_has_its_day_and_transfer": ("claim", "reference = ''"),
    "the_same_loss_is_claimed_once": ("loss", "claimed = amount + 0.01"),
    "no_more_of_a_loss_is_compensated_than_claimed": ("loss", "compensated = claimed + 0.01"),
    "a_line_claims_no_more_than_was_lost": ("line of a claim", "amount = lost + 0.01"),
    "a_line_is_accepted_for_no_more_than_claimed": ("line of a claim", "accepted = amount + 0.01"),
    "a_line_holds_no_more_than_was_accepted": ("line of a claim", "held = accepted + 0.01"),
    "a_line_that_does_not_stand_holds_nothing": ("line of a claim", "stands = FALSE"),
    "a_licensor_bears_no_less_than_nothing": ("loss", "borne = -0.01"),
    "a_recourse_is_for_something": ("recourse", "amount = 0, paid = 0"),
    "no_more_is_recovered_than_was_compensated": ("recourse", "paid = amount + 0.01"),
    "a_recourse_given_up_says_why": ("recourse", "state = 'forgone', forgone_reason = ''"),
    "a_recovery_is_more_than_nothing": ("recovery", "costs = -1, amount = amount - 1"),
    "a_recovery_is_its_costs_and_its_parts": ("recovery", "guarantor_part = guarantor_part + 0.01"),
    "a_part_that_arrived_names_its_transfer": ("recovery", "passing_reference = ''"),
    "a_reversed_recovery_says_why_and_is_not_passed_on": ("recovery", "state = 'reversed', reversal_reason = 'x'"),
    "a_part_of_a_recovery_is_something": ("part of a recovery", "amount = 0"),
    "a_credit_notice_is_about_something_unpaid": ("credit notice", "amount = 0"),
    "a_credit_notice_leaves_days_to_reply": ("credit notice", "reply_until = announced_on"),
    "a_credit_notice_waits_until_the_days_are_over": ("credit notice", "state = 'pushed', pushed_on = reply_until"),
    "a_reply_is_answered_before_it_is_on_record": (
        "credit notice",
        "pushed_on = '2030-01-01', reply = 'x', answer = ''",
    ),
    "an_ended_credit_notice_says_why": ("credit notice", "state = 'corrected', outcome = ''"),
    **sharing_attacks.BREAKS,
    **equity_attacks.BREAKS,
}
# Of the ledger, whose rows PostgreSQL lets nobody edit: constraint → the row that is copied with what breaks it.
ADDED = {
    "a_booking_has_two_lines": ("journal", {"cause": "'x'", "line_count": "1"}),
    "a_reversal_names_what_it_reverses": ("journal", {"cause": "'x'", "kind": "'REVERSAL'"}),
    "a_ledger_line_is_not_zero": ("ledger line", {"amount": "0"}),
}
# Constraint → the row of which a second one is refused, and how the copy differs lest it break another one.
ONLY_ONE = {
    "one_account_per_book_kind_and_currency": ("account", {}),
    "one_upload_per_bank_statement": ("statement", {}),
    "one_bank_line_per_reference": ("line", {}),
    "one_booking_per_cause": ("journal", {}),
    "one_obligation_per_cause": ("obligation", {}),
    "one_invoice_per_number": ("invoice", {}),
    "one_part_per_invoice_and_obligation": ("part of an invoice", {}),
    "one_payment_per_transfer": ("payment", {"bank_line_id": "NULL", "fact_id": "fact_id + 100000"}),
    "one_open_claim_per_guarantee": ("open claim", {}),
    "a_guarantee_is_asked_for_a_loss_once_at_a_time": ("line of an open claim", {}),
    "one_recourse_per_compensation": ("recourse", {}),
    "one_recovery_per_transfer": ("recovery", {}),
    "one_part_per_recovery_and_loss": ("part of a recovery", {"payment_id": "NULL"}),
    "one_live_credit_notice_per_creditor": ("credit notice", {}),
    "one_payment_per_bank_line": ("payment", {"reference": "'x'", "fact_id": "fact_id + 100000"}),
    "one_commission_per_contract_and_principal": ("commission", {}),
    "one_open_commission_per_receipt": ("commission line", {}),
    **sharing_attacks.ONLY_ONE,
    **equity_attacks.ONLY_ONE,
}


@pytest.fixture
def rows(entry, go):
    """One row of each kind, as the services leave it."""
    return {**of_money(entry), **of_claims(go), **sharing_attacks.of_sharing(go), **equity_attacks.of_equity(go)}


def of_claims(go):
    found = make_defaulted(go)
    found.file()
    found.accept()
    claim = found.compensate("40000")
    recovery = found.pass_on(found.recover("5000"))
    given = {"contract": found.contract, "issuer": found.guarantee.guarantor, "grounds": "代偿后仍未偿还。"}
    notice = services.announce_credit(**given, by=found.guarantor)
    second = make_defaulted(go).file()
    line = claim.lines.get()
    return {
        "claim": claim,
        "open claim": second,
        "line of an open claim": second.lines.get(),
        "loss": line.loss,
        "line of a claim": line,
        "recourse": recovery.recourse,
        "recovery": recovery,
        "part of a recovery": recovery.parts.get(),
        "credit notice": notice,
    }


def of_money(entry):
    entry.go(DAY)
    content = csv_of(row(purpose=entry.row.public_id))
    services.import_statement(entry.contract.seller, content, "a.csv", by=entry.seller)
    payment, journal = Payment.objects.get(), Journal.objects.earliest("id")
    invoice = services.record_invoice(entry.contract, FACTS, paper=PAPER, by=entry.seller)
    commission = commissioned(payment)
    return {
        "commission": commission,
        "commission line": commission.lines.get(),
        "account": Account.objects.earliest("id"),
        "allocation": payment.allocations.get(),
        "billing": entry.contract.billing,
        "invoice": invoice,
        "part of an invoice": invoice.parts.get(),
        "journal": journal,
        "ledger line": journal.lines.earliest("id"),
        "line": BankLine.objects.get(),
        "obligation": Obligation.objects.get(),
        "payment": payment,
        "statement": BankStatement.objects.get(),
    }


def commissioned(payment):
    """A commission of the payment's contract, as if a broker had brought the two together."""
    contract, manager = payment.contract, factories.make_technology_manager()
    mandate = make_signed_mandate(contract.seller, manager=manager)
    achievement = factories.make_published_achievement(contract.seller)
    introduction = brokerage.log_introduction(achievement, contract.buyer, by=manager)
    commission = Commission.objects.create(
        contract=contract, mandate=mandate, introduction=introduction, principal=contract.seller, kind="MANDATE"
    )
    services.commissions.follow(contract)
    return commission


def named(kind):
    models_here = apps.get_app_config("settlement").get_models()
    return {each.name for model in models_here for each in model._meta.constraints if isinstance(each, kind)}


def test_every_constraint_has_its_attack():
    assert named(models.CheckConstraint) == set(BREAKS) | set(ADDED)
    assert named(models.UniqueConstraint) == set(ONLY_ONE)


def test_nonsense_is_refused_by_its_constraint(rows):
    for name, (kind, assignment) in BREAKS.items():
        table = connection.ops.quote_name(rows[kind]._meta.db_table)
        assert name in refused(f"UPDATE {table} SET {assignment} WHERE id = %s", [rows[kind].pk])


def test_nonsense_is_not_added_to_the_ledger(rows):
    for name, (kind, values) in ADDED.items():
        assert name in refused(copy_of(rows[kind], **values))


def test_a_second_one_is_refused(rows):
    for name, (kind, values) in ONLY_ONE.items():
        said = refused(copy_of(rows[kind], **values))
        assert "unique" in said.lower(), name
        assert name in said or connection.vendor != "postgresql"
