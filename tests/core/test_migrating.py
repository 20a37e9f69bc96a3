"""Migrating: historical models leave nothing behind that makes the next one dearer."""

from django.db import models
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.signals import class_prepared
from django_fsm import FSMField


def test_a_historical_state_field_looks_through_no_later_class():
    before = len(class_prepared.receivers)
    state = ProjectState()
    state.add_model(ModelState("core", "Lamp", [("id", models.AutoField(primary_key=True)), ("state", FSMField())]))
    assert state.apps.get_model("core", "Lamp")
    assert len(class_prepared.receivers) == before
