"""PostgreSQL itself keeps the history of the register: lines are added, never edited."""

from typing import Any

from django.db import migrations

ADD = """
CREATE FUNCTION register_is_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND coalesce(current_setting('marketplace.may_truncate', true), '') = 'on' THEN
        RETURN NULL;  -- a test database empties itself between tests
    END IF;
    RAISE EXCEPTION 'The register is added to, never edited.' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER register_line_is_never_edited BEFORE UPDATE OR DELETE ON register_registerline
    FOR EACH ROW EXECUTE FUNCTION register_is_never_edited();
CREATE TRIGGER register_lines_are_never_emptied BEFORE TRUNCATE ON register_registerline
    FOR EACH STATEMENT EXECUTE FUNCTION register_is_never_edited();
"""
DROP = """
DROP TRIGGER register_lines_are_never_emptied ON register_registerline;
DROP TRIGGER register_line_is_never_edited ON register_registerline;
DROP FUNCTION register_is_never_edited();
"""


def on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql.replace("%", "%%"), params=())

    return run


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
