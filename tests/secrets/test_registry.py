"""Every text and amount of every model is either confidential, with its readers, or not secret, with the reason."""

import pytest
from django.apps import apps
from django.db import models

from .registry import CONFIDENTIAL, EVERYTHING, NOT_SECRET
from .walking import routes

OURS = [model for model in apps.get_models() if model.__module__.startswith("marketplace.")]
TELLING = (models.CharField, models.TextField, models.DecimalField, models.JSONField)
NEVER = {"public_id", "sha256", "fingerprint"}
FILLED = {
    "id", "object_id", "public_id", "contract", "deal", "side", "token", "app_label", "key", "name", "code", "number",
}  # fmt: skip


def telling(model):
    """The fields that could hold a secret; a choice or a state is one of a few words of the house."""
    found = {each.name for each in model._meta.concrete_fields if isinstance(each, TELLING) and not each.choices}
    return found - NEVER


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_each_field_is_confidential_or_not_secret(model):
    label = model._meta.label
    if NOT_SECRET.get(label) == EVERYTHING:
        return
    secret = {name for secrets in CONFIDENTIAL.get(label, ()) for name in secrets.fields}
    left = telling(model) - secret - set(NOT_SECRET.get(label, "").split())
    assert not left, f"Say in tests/secrets/registry.py who may read {label}: {', '.join(sorted(left))}"


def test_the_registry_names_only_fields_that_exist():
    known = {model._meta.label: {each.name for each in model._meta.fields} for model in OURS}
    named = {(label, name) for label, groups in CONFIDENTIAL.items() for each in groups for name in each.fields}
    named |= {(label, name) for label, names in NOT_SECRET.items() if names != EVERYTHING for name in names.split()}
    assert sorted((label, name) for label, name in named if label in known and name not in known[label]) == []


def test_every_parameter_of_an_address_can_be_filled():
    """A row of a new noun is found by itself; another parameter, or a new page of one row, is added to walking.py."""
    unknown = [route.text for route in routes() if set(route.names) - FILLED]
    nobodys = [route.text for route in routes() if "public_id" in route.names and route.model is None]
    assert unknown + nobodys == []
