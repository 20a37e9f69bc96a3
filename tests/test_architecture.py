"""The house rules hold: direction, pure rooms, doors that do not write, light start-up, short files.

Each check is also shown to fail on a small piece of bad source, so that a check gone blind is noticed.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import (
    hidden_imports,
    impurities,
    machine_paths,
    overridden_saves,
    save_signals,
    too_long,
    writes,
)

ROOT = Path(__file__).resolve().parent.parent
DOORS = ("api", "portal", "workspace")


def sources(*packages: str) -> list[Path]:
    """Python files of these packages; migrations are generated and not judged."""
    files = (file for package in packages for file in (ROOT / package).rglob("*.py"))
    return sorted(file for file in files if "migrations" not in file.parts)


def is_room(file: Path, name: str) -> bool:
    """Whether a file is the room `name`, as a module or inside the package of that name."""
    return file.stem == name or name in file.relative_to(ROOT).parts[:-1]


def is_door(file: Path) -> bool:
    return is_room(file, "admin") or any(is_room(file, door) for door in DOORS)


def broken(check: Callable[[str], list[str]], files: list[Path]) -> list[str]:
    return [f"{file.relative_to(ROOT)}:{finding}" for file in files for finding in check(file.read_text("utf-8"))]


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


# The house as it stands


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)


def test_calls_go_down_and_news_goes_up():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_are_pure():
    rules = [file for file in sources("marketplace") if is_room(file, "rules")]
    assert rules
    for file in rules:
        package = ".".join(file.relative_to(ROOT).parts[:-1])
        assert broken(lambda source, package=package: impurities(source, package=package), [file]) == []


def test_nobody_listens_to_save_signals():
    assert broken(save_signals, sources("marketplace", "config")) == []


def test_models_do_not_override_save():
    assert broken(overridden_saves, [f for f in sources("marketplace") if is_room(f, "models")]) == []


def test_doors_do_not_write():
    assert broken(writes, [f for f in sources("marketplace") if is_door(f)]) == []


def test_no_import_hides_in_a_function():
    files = sources("marketplace")
    assert broken(hidden_imports, [f for f in files if f.name != "apps.py"]) == []
    wiring = [f for f in files if f.name == "apps.py"]
    assert broken(lambda source: hidden_imports(source, wires_receivers=True), wiring) == []


def test_files_are_short():
    assert broken(too_long, sources("marketplace", "matching")) == []


def test_tracked_files_name_no_machine():
    binary = {".png", ".jpg", ".mo", ".xlsx", ".docx", ".gz", ".ico", ".woff2"}
    texts = [file for file in tracked_files() if file.suffix not in binary]
    assert broken(machine_paths, texts) == []


REPORT = """
import sys
heavy = {"docx", "docxtpl", "pypdf", "scipy", "sklearn", "vl_convert"}
print(*sorted({name.split(".")[0] for name in sys.modules} & heavy))
"""

START_UP = """
import django
django.setup()
from django.urls import get_resolver
from config.celery import app
get_resolver().url_patterns
app.loader.import_default_modules()
"""


def loaded_by(code: str) -> str:
    """Which heavy packages are in memory once `code` has run in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", code + REPORT],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_starting_up_loads_no_heavy_package():
    assert loaded_by(START_UP) == ""


# Each check can fail, and lets pass what it should


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A house of empty rooms under the real contracts."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    stages = ("core", "listings", "discovery", "api", "portal")
    for package in ("config", "matching", "marketplace", *(f"marketplace/{stage}" for stage in stages)):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


def test_a_house_of_empty_rooms_keeps_the_contracts(small_house):
    assert lint_imports(small_house).returncode == 0


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("marketplace/core/wake.py", "from marketplace.listings import models", "Calls go down"),
        ("marketplace/api/base.py", "def f():\n    import marketplace.portal", "Calls go down"),
        ("marketplace/attic/__init__.py", "", "Calls go down"),
        ("marketplace/core/apps.py", "import config.settings", "Nobody knows the configuration"),
        ("matching/text.py", "from django.utils import timezone", "Matching is plain Python"),
        ("matching/text.py", "import marketplace.core", "Matching is plain Python"),
        ("marketplace/listings/tasks.py", "import matching", "Only discovery joins"),
    ],
)
def test_an_import_against_the_direction_is_noticed(small_house, room, line, contract):
    (small_house / room).parent.mkdir(exist_ok=True)
    (small_house / "marketplace/listings/models.py").touch()
    (small_house / room).write_text(line, "utf-8")
    done = lint_imports(small_house)
    assert done.returncode == 1
    assert f"{contract}" in done.stdout.partition("Broken contracts")[2]


def test_a_heavy_package_in_memory_is_noticed():
    assert loaded_by("import scipy") == "scipy"


@pytest.mark.parametrize(
    "source",
    [
        "from django.db.models.signals import post_save",
        "from django.db.models import signals\nsignals.pre_delete.connect(f)",
        "import django.db.models.signals\ndjango.db.models.signals.m2m_changed.connect(f)",
    ],
)
def test_a_save_signal_is_noticed(source):
    assert len(save_signals(source)) == 1


def test_other_signals_pass():
    source = "from django.db.models.signals import post_migrate\nfrom django.dispatch import Signal"
    assert save_signals(source) == []


def test_an_overridden_save_is_noticed():
    assert overridden_saves("class Deal(Model):\n    def save(self): ...") == ["2: Deal.save is overridden"]
    assert overridden_saves("def save(row): ...") == []


@pytest.mark.parametrize(
    "call",
    [
        "deal.save()",
        "form.save(commit=False)",
        "Deal.objects.create(title='x')",
        "Deal.objects.filter(pk=1).update(state='agreed')",
        "Deal.objects.filter(pk=1).update(**values)",
        "get_object_or_404(Deal, pk=1).delete()",
        "Deal.objects.bulk_create(deals)",
        "Deal.objects.get_or_create(title='x')",
        "super().save(commit=True)",
        "class Deals(ModelViewSet): ...",
        "class Deals(mixins.CreateModelMixin, GenericViewSet): ...",
        "class NewDeal(CreateView): ...",
    ],
)
def test_a_write_in_a_door_is_noticed(call):
    assert writes(call)


@pytest.mark.parametrize(
    "call",
    [
        "from marketplace.brokerage import services\nservices.create(deal, by=user)",
        "from marketplace.brokerage.services import deals\ndeals.create(deal, by=user)",
        "context.update({'deals': deals})",
        "cache.delete('totals')",
        "workbook.save(stream)",
        "class Deals(ModelViewSet):\n"
        + "".join(f"    def perform_{verb}(self, x): ...\n" for verb in ("create", "update", "destroy")),
    ],
)
def test_what_is_no_write_passes(call):
    assert writes(call) == []


@pytest.mark.parametrize("name", ["json", "marketplace.core.money", "django.conf", "matchings"])
def test_an_import_inside_a_function_is_noticed(name):
    assert hidden_imports(f"def f():\n    if True:\n        import {name}") == [f"3: f imports {name}"]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    from matching import Matcher",
        "def f():\n    from sklearn.preprocessing import normalize",
        "import json\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from django.db import models",
    ],
)
def test_heavy_imports_and_those_at_the_top_pass(source):
    assert hidden_imports(source) == []


def test_only_ready_may_wire_receivers():
    source = "class A:\n    def {}(self):\n        from . import receivers"
    assert hidden_imports(source.format("ready"), wires_receivers=True) == []
    assert hidden_imports(source.format("ready")) == ["3: ready imports .receivers"]
    assert hidden_imports(source.format("path"), wires_receivers=True) == ["3: path imports .receivers"]


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils import timezone",
        "import django",
        "from .models import Deal",
        "from . import services",
        "from marketplace.law import book",
        "def f():\n    from django.db import models",
    ],
)
def test_an_impure_rule_is_noticed(source):
    assert len(impurities(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from decimal import Decimal\nimport datetime",
        "from marketplace.core.money import split",
        "from marketplace.core import money",
        "from marketplace.law.rules import Value",
        "from .rules import share",
        "import typing\nif typing.TYPE_CHECKING:\n    from .models import Deal",
    ],
)
def test_a_pure_rule_passes(source):
    assert impurities(source) == []


def test_rules_of_one_package_know_each_other_and_nobody_above():
    inside = "marketplace.law.rules"
    assert impurities("from .faults import Fault", package=inside) == []
    assert impurities("from . import faults", package=inside) == []
    assert len(impurities("from ..models import Rule", package=inside)) == 1


def test_a_long_file_is_noticed():
    assert too_long("x = 1\n" * 401)
    assert too_long("x = 1\n" * 400) == []


@pytest.mark.parametrize(
    "text",
    [
        "see /" + "work/shared/notes",
        "open /" + "Users/li/x",
        "cd /" + "home/li/x",
        "index-url=" + "http://x",
        "file:/" + "//x",
    ],
)
def test_a_machine_path_is_noticed(text):
    assert len(machine_paths(text)) == 1


@pytest.mark.parametrize(
    "text", ["https://example.org/home/li/x", "/home/app/var", "the index URL of a mirror", "/admin/work/"]
)
def test_ordinary_paths_pass(text):
    assert machine_paths(text) == []
