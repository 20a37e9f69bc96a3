"""On PostgreSQL the database itself refuses two rules of one key and place on the same day."""

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE law_rule ADD CONSTRAINT no_two_rules_in_force_at_once
EXCLUDE USING gist (key WITH =, place WITH =, daterange(effective_from, effective_to, '[]') WITH &&)
WHERE (verification <> 'DRAFT')
DEFERRABLE INITIALLY DEFERRED;
"""
REMOVE = "ALTER TABLE law_rule DROP CONSTRAINT no_two_rules_in_force_at_once;"


def run(statement):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("law", "0001_initial")]
    operations = [migrations.RunPython(run(ADD), run(REMOVE))]
