"""PostgreSQL itself keeps the ledger: balanced at commit, added to and never edited. See `models.ledger`."""

from typing import Any

from django.db import migrations

ADD = """
CREATE FUNCTION ledger_is_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND coalesce(current_setting('marketplace.may_truncate', true), '') = 'on' THEN
        RETURN NULL;  -- a test database empties itself between tests
    END IF;
    RAISE EXCEPTION 'The ledger is added to, never edited: book a reversal.' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION ledger_booking_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booking settlement_journal%ROWTYPE;
    lines integer; total numeric; currencies integer; strangers integer;
BEGIN
    IF TG_TABLE_NAME = 'settlement_journal' THEN
        booking := NEW;
    ELSE
        SELECT * INTO booking FROM settlement_journal WHERE id = NEW.journal_id;
    END IF;
    SELECT count(*), coalesce(sum(line.amount), 0), count(DISTINCT account.currency),
           count(*) FILTER (WHERE account.book_id <> booking.book_id)
      INTO lines, total, currencies, strangers
      FROM settlement_ledgerline line JOIN settlement_account account ON account.id = line.account_id
     WHERE line.journal_id = booking.id;
    IF lines <> booking.line_count OR total <> 0 OR currencies <> 1 OR strangers <> 0 THEN
        RAISE EXCEPTION 'Booking % does not balance: % of % lines, sum %, % currencies, % lines in other books.',
            booking.id, lines, booking.line_count, total, currencies, strangers
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER journal_is_never_edited BEFORE UPDATE OR DELETE ON settlement_journal
    FOR EACH ROW EXECUTE FUNCTION ledger_is_never_edited();
CREATE TRIGGER journal_is_never_emptied BEFORE TRUNCATE ON settlement_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_edited();
CREATE TRIGGER line_is_never_edited BEFORE UPDATE OR DELETE ON settlement_ledgerline
    FOR EACH ROW EXECUTE FUNCTION ledger_is_never_edited();
CREATE TRIGGER lines_are_never_emptied BEFORE TRUNCATE ON settlement_ledgerline
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_edited();
CREATE CONSTRAINT TRIGGER journal_is_balanced AFTER INSERT ON settlement_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_booking_is_balanced();
CREATE CONSTRAINT TRIGGER line_is_balanced AFTER INSERT ON settlement_ledgerline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_booking_is_balanced();
"""
DROP = """
DROP TRIGGER line_is_balanced ON settlement_ledgerline;
DROP TRIGGER journal_is_balanced ON settlement_journal;
DROP TRIGGER lines_are_never_emptied ON settlement_ledgerline;
DROP TRIGGER line_is_never_edited ON settlement_ledgerline;
DROP TRIGGER journal_is_never_emptied ON settlement_journal;
DROP TRIGGER journal_is_never_edited ON settlement_journal;
DROP FUNCTION ledger_booking_is_balanced();
DROP FUNCTION ledger_is_never_edited();
"""


def on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql.replace("%", "%%"), params=())

    return run


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
