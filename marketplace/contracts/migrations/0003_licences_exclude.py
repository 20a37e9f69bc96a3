"""PostgreSQL itself refuses a licence whose scope overlaps another one's; see `LicenceScope`."""

from typing import Any

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE contracts_licencescope ADD CONSTRAINT licences_do_not_overlap EXCLUDE USING gist (
    subject WITH =,
    contract_id WITH <>,
    int4range(region_from, region_to) WITH &&,
    int4range(field_from, field_to) WITH &&,
    int8range(slot_from, slot_to) WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
) WHERE (is_live);
"""
DROP = "ALTER TABLE contracts_licencescope DROP CONSTRAINT licences_do_not_overlap;"


def on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_initial")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
