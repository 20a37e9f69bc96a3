"""PostgreSQL itself refuses a mandate whose scope overlaps an exclusive one; see `MandateScope`."""

from typing import Any

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE brokerage_mandatescope ADD CONSTRAINT exclusive_mandates_do_not_overlap EXCLUDE USING gist (
    subject WITH =,
    mandate_id WITH <>,
    int4range(region_from, region_to) WITH &&,
    int4range(field_from, field_to) WITH &&,
    int8range(listing_from, listing_to) WITH &&,
    int8range(slot_from, slot_to) WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
) WHERE (is_live);
"""
DROP = "ALTER TABLE brokerage_mandatescope DROP CONSTRAINT exclusive_mandates_do_not_overlap;"


def on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("brokerage", "0004_mandates")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
