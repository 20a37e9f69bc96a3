"""PostgreSQL itself keeps the journal: entries and seals are added, never edited. See `models.Entry` and `models.Seal`."""

from typing import Any

from django.db import migrations

ADD = """
CREATE FUNCTION journal_is_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND coalesce(current_setting('marketplace.may_truncate', true), '') = 'on' THEN
        RETURN NULL;  -- a test database empties itself between tests
    END IF;
    RAISE EXCEPTION 'The journal is added to, never edited.' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER entry_is_never_edited BEFORE UPDATE OR DELETE ON core_entry
    FOR EACH ROW EXECUTE FUNCTION journal_is_never_edited();
CREATE TRIGGER entries_are_never_emptied BEFORE TRUNCATE ON core_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_never_edited();
CREATE TRIGGER seal_is_never_edited BEFORE UPDATE OR DELETE ON core_seal
    FOR EACH ROW EXECUTE FUNCTION journal_is_never_edited();
CREATE TRIGGER seals_are_never_emptied BEFORE TRUNCATE ON core_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_never_edited();
"""
DROP = """
DROP TRIGGER seals_are_never_emptied ON core_seal;
DROP TRIGGER seal_is_never_edited ON core_seal;
DROP TRIGGER entries_are_never_emptied ON core_entry;
DROP TRIGGER entry_is_never_edited ON core_entry;
DROP FUNCTION journal_is_never_edited();
"""


def on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("core", "0005_sealed_journal")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
