"""A fixed cast for every test, and the reference data that the house cannot stand without."""

import os
from datetime import datetime, time
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples

from config.celery import app
from marketplace.core.wake import Rest
from marketplace.discovery.indexing import MARKET
from marketplace.documents.models import Template
from marketplace.law.book import forget_edition
from marketplace.law.models import Code, CodeList, Edition, Rule
from tests import factories

KEPT: dict[type[Model], list[Any]] = {}

# HYPOTHESIS_PROFILE=nightly looks long for what the everyday run may miss
examples.register_profile("everyday", max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.register_profile("nightly", examples.get_profile("everyday"), max_examples=100_000)
examples.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What asks no database finds the same beside every one."""
    for item in items:
        is_real = {"services", "browser"} & set(item.path.parts)  # they start processes of their own
        if not is_real and "db" not in item.fixturenames and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.any_database)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Load legal values, code lists and Word templates once, as every installation does."""
    with django_db_blocker.unblock():
        let_ledger_be_emptied()
        load_what_every_installation_has()


def load_what_every_installation_has():
    """By its commands the first time, then out of memory: they take more than a second, and many tests need it."""
    if not KEPT:
        call_command("load_reference", verbosity=0)
        call_command("load_templates", verbosity=0)
        KEPT.update({model: list(model._base_manager.all()) for model in (Rule, Edition, CodeList, Code, Template)})
    for model, rows in KEPT.items():
        if not model._base_manager.exists():
            model._base_manager.bulk_create(rows)


def let_ledger_be_emptied():
    """Between transactional tests a test database is truncated, which the ledger refuses everywhere else."""
    if connection.vendor == "postgresql":
        connection.settings_dict["OPTIONS"]["options"] += " -c marketplace.may_truncate=on"  # needs no superuser
        connection.close()  # it holds from the next connection on


@pytest.fixture(autouse=True)
def clean_memory(request):
    """What a process remembers between requests is not carried from test to test, nor to one in another process."""
    if {"services", "browser"} & set(request.path.parts):
        cache.key_prefix = ""  # the servers that these tests start know no other
        cache.clear()
    else:
        cache.key_prefix = token_hex(4)
    MARKET.forget()
    forget_edition()
    translation.activate(settings.LANGUAGE_CODE)  # a request leaves its language to the thread
    Rest.until = 0.0


@pytest.fixture
def go(time_machine):
    """Let it be noon of a day in Beijing: `go(date(2027, 1, 4))`."""
    noon = time(12, tzinfo=ZoneInfo("Asia/Shanghai"))
    return lambda day: time_machine.move_to(datetime.combine(day, noon), tick=False)


@pytest.fixture
def university(db):
    return factories.make_organisation("UNIVERSITY", name_zh="江澜大学", name_en="Jianglan University")


@pytest.fixture
def firm(db):
    return factories.make_organisation("FIRM", name_zh="晨辉机电有限公司", name_en="Chenhui Electromechanical")


@pytest.fixture
def university_officer(university):
    return factories.make_member(university, name="university officer")


@pytest.fixture
def inventor(university):
    return factories.make_member(university, "inventor", name="inventor")


@pytest.fixture
def sme(firm):
    return factories.make_member(firm, name="sme")


@pytest.fixture
def broker(db):
    return factories.make_technology_manager(name="broker")


@pytest.fixture
def guarantor(db):
    return factories.make_member(factories.make_organisation("GUARANTOR"), name="guarantor")


@pytest.fixture
def authority(db):
    return factories.make_member(factories.make_organisation("AUTHORITY"), name="authority")


@pytest.fixture
def outsider(db):
    return factories.make_member(factories.make_organisation("FIRM"), name="outsider")


@pytest.fixture
def staff(db):
    return factories.make_user(name="staff", is_staff=True)


@pytest.fixture(autouse=True)
def tasks_at_once():
    """Tasks run in the process that sends them, with Redis too, unless a test of the services asks for its `queue`."""
    eager = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = eager


@pytest.fixture(autouse=True)
def reference_data(request, django_db_blocker):
    """A transactional test empties every table at its end, so the next one loads what it took away."""
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        load_what_every_installation_has()
