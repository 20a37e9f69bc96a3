"""A fixed cast for every test, and the reference data that the house cannot stand without."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.utils import translation

from config.celery import app
from marketplace.core.wake import Rest
from marketplace.discovery.indexing import MARKET
from marketplace.law.book import forget_edition
from tests import factories


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Load legal values and code lists once, as every installation does."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)


@pytest.fixture(autouse=True)
def clean_memory():
    """What a process remembers between requests is not carried from test to test."""
    cache.clear()
    MARKET.forget()
    forget_edition()
    translation.activate(settings.LANGUAGE_CODE)  # a request leaves its language to the thread
    Rest.until = 0.0


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
    """A transactional test empties every table at its end, so it loads the reference data again."""
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        call_command("load_reference", verbosity=0)
