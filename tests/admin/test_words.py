"""Every state and every verb of the journal has words and a colour: read from the models and from the code."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from marketplace.core.models import Entry
from marketplace.core.workspace.stage import STATE_COLOURS
from marketplace.workspace import words

CODE = Path(__file__).resolve().parents[2] / "marketplace"
WRITERS = {"act", "create", "record", "line"}
VERB = re.compile(r"[a-z]+\.[a-z_]+")
STATED = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("marketplace.")
    and not model.__name__.startswith("Historical")
    and any(field.name == "state" and field.choices for field in model._meta.concrete_fields)
]


def texts(node):
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def recorded(source):
    """The verbs that a file gives to what writes the journal."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    writing = (node for node in calls if getattr(node.func, "id", getattr(node.func, "attr", "")) in WRITERS)
    given = (part for node in writing for part in [*node.args, *(word.value for word in node.keywords)])
    return {text for part in given for text in texts(part) if VERB.fullmatch(text)}


@pytest.mark.parametrize("model", STATED, ids=lambda model: model.__name__)
def test_every_state_has_a_colour_and_a_word_in_the_journal(model):
    states = {value for value, _label in model._meta.get_field("state").choices}
    assert states - set(STATE_COLOURS) == set()
    assert {(model._meta.label_lower, state) for state in states} <= set(words.STATES)


def test_every_verb_that_is_recorded_has_words():
    verbs = set().union(*(recorded(file.read_text("utf-8")) for file in sorted(CODE.rglob("*.py"))))
    assert {"brokerage.join", "listings.publish", "settlement.write_off"} <= verbs
    assert verbs - set(words.ACTS) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "written", "said"),
    [
        ("brokerage.lose", "CAPACITY Ask again in spring.", "No capacity at present: Ask again in spring."),
        ("brokerage.lose", "CAPACITY", "No capacity at present"),
        ("contracts.demand", "Pay now.", "Pay now."),
        ("notices.void", "WITHDRAWN", "withdrawn by its organisation"),
    ],
)
def test_the_code_before_a_remark_reads_as_its_label(verb, written, said, settings):
    settings.LANGUAGE_CODE = "en"
    assert words.reason(Entry(verb=verb, reason=written)) == said
