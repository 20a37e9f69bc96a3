"""The calls of docs/api.md on contracts and on sharing, run one after the other as they stand there."""

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from marketplace.contracts.models import Contract
from marketplace.settlement.models import Payout
from tests.settlement.sharing import make_sharing

from .contracting import make_table

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")
pytestmark = pytest.mark.django_db


@pytest.fixture
def table(broker, outsider, staff):
    return make_table(broker, outsider, staff)


def calls_of(heading):
    """The curl commands of one section."""
    section = GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(curl .*?)```", section, re.DOTALL)


def run(call, user, command, known):
    """The answer to a curl command, its variables filled in."""
    for name, value in known.items():
        command = command.replace(f"'${name}'", value).replace(f"${name}/", f"{value}/")
    words = shlex.split(command.replace("\\\n", " "))
    given = dict(pairwise(words))
    path = next(word for word in words if word.startswith("http")).split("/api/v1/")[1]
    headers = dict(word.split(": ", 1) for word in words if word.startswith(("If-Match: ", "Idempotency-Key: ")))
    method = "post" if "-d" in words or "-X" in words else "get"
    return call(user, method, path, json.loads(given["-d"]) if "-d" in given else None, **headers)


def test_the_three_calls_lead_from_the_application_to_the_statement(call, table):
    apply, *others = calls_of("Contracts")
    known = {"ACHIEVEMENT_ID": table.achievement.public_id, "ORGANISATION_ID": table.buyer_firm.public_id}
    applied = run(call, table.buyer, apply, known)
    known["CONTRACT_ID"] = applied.json()["id"]
    submitted, statement = (run(call, table.buyer, each, known) for each in others)
    assert (applied.status_code, submitted.status_code) == (201, 200)
    assert (Contract.objects.get().state, statement.json()["code"]) == ("screening", "E_NOT_AGREED")


def test_the_calls_on_sharing_lead_from_a_plan_to_the_file_for_the_bank(call, go):
    sharing = make_sharing(go)
    draft, sign, share, pay, take = calls_of("Distribution of income")
    one, other = sharing.people = [sharing.payee("季明"), sharing.payee("何晓")]
    known = {"CONTRACT_ID": sharing.licence.contract.public_id, "ORGANISATION_ID": sharing.book.public_id}
    known |= {"PAYEE_ID": one.public_id, "OTHER_PAYEE_ID": other.public_id}
    plan = run(call, sharing.officer, draft, known).json()
    known |= {"PLAN_ID": plan["id"], "PLAN_HASH": plan["sha256"]}
    signed = [run(call, each.user, sign, known).json()["state"] for each in (one, other)]
    assert signed == ["drafted", "signed"]
    known["PAYMENT_ID"] = sharing.receive().public_id
    shared = run(call, sharing.officer, share, known).json()
    assert [row["amount"] for row in shared["shares"]] == ["16666.67", "8333.33", "22500.00", "2500.00"]
    sharing.approved(sharing.book.distributions.get())
    known["PAYOUT_ID"] = run(call, sharing.officer, pay, known).json()["id"]
    taken = run(call, sharing.officer, take, known)
    assert (taken.status_code, "16666.67" in taken.content.decode()) == (200, True)
    assert Payout.objects.get().taken_at is not None
