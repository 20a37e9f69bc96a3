"""What is written down exists, and what exists is written down: settings, commands, links, the map."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("fixtures/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def read_variables() -> set[str]:
    """Names of the variables that the settings read."""
    source = (ROOT / "config/settings.py").read_text("utf-8")
    return set(re.findall(r'\w+\(\s*(?:"\w+",\s*)?"([A-Z]+(?:_[A-Z]+)+)"', source)) - {"SECURE_PROXY_SSL_HEADER"}


def described_variables() -> set[str]:
    return set(re.findall(r"^#? ?([A-Z]+(?:_[A-Z]+)*)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))


def test_every_variable_is_described():
    assert read_variables() - described_variables() == set()


def test_no_variable_is_described_that_nobody_reads():
    served = {"PORT", "WEB_CONCURRENCY"}  # read by make and gunicorn
    assert described_variables() - read_variables() - served == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = LINK.findall(page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_command_is_in_the_readme():
    commands = {p.stem for p in ROOT.glob("marketplace/*/management/commands/*.py")} - {"__init__"}
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {name for name in commands if f"`{name}" not in readme} == set()


def test_every_package_is_on_the_map():
    packages = {p.parent.name for p in ROOT.glob("marketplace/*/__init__.py")}
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert {name for name in packages if name not in guide} == set()


def test_both_readmes_show_the_two_commands():
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        assert "make demo" in text
        assert "make test" in text
