"""The disclosure log, which PostgreSQL itself keeps as it keeps the journal: lines are added, never edited."""

from typing import Any

import django.db.models.deletion
import marketplace.core.models
from django.conf import settings
from django.db import migrations, models

ADD = """
CREATE TRIGGER showing_is_never_edited BEFORE UPDATE OR DELETE ON brokerage_ndashowing
    FOR EACH ROW EXECUTE FUNCTION journal_is_never_edited();
CREATE TRIGGER showings_are_never_emptied BEFORE TRUNCATE ON brokerage_ndashowing
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_never_edited();
"""
DROP = """
DROP TRIGGER showings_are_never_emptied ON brokerage_ndashowing;
DROP TRIGGER showing_is_never_edited ON brokerage_ndashowing;
"""


def on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_journal_guards"),
        ("brokerage", "0008_ndas"),
        ("documents", "0003_ndas"),
        ("listings", "0005_index_attempts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NdaShowing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=marketplace.core.models.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                        verbose_name="public id",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "side",
                    models.CharField(
                        choices=[("supplier", "supplier"), ("seeker", "seeker")],
                        help_text="The side whose content was shown.",
                        max_length=8,
                        verbose_name="whose",
                    ),
                ),
                ("shown_version", models.PositiveIntegerField(verbose_name="version shown")),
                ("sha256", models.CharField(max_length=64, verbose_name="hash of what was shown")),
                (
                    "how",
                    models.CharField(
                        choices=[("page", "in the workspace"), ("api", "by the API")], max_length=4, verbose_name="door"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nda_showings",
                        to="documents.document",
                        verbose_name="document",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="showings",
                        to="listings.projection",
                        verbose_name="listing",
                    ),
                ),
                (
                    "nda",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="showings",
                        to="brokerage.nda",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nda_showings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="shown to",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the disclosure log",
                "verbose_name_plural": "disclosure log",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", True), ("listing__isnull", False)),
                            models.Q(("document__isnull", False), ("listing__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_showing_is_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="a_showing_has_the_hash_of_what_was_shown",
                    ),
                ],
            },
        ),
        migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP)),
    ]
