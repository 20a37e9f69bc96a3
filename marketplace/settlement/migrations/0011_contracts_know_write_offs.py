"""Contracts did not hear of write-offs: what is written off already is told them. The clock, or the next act, does the rest."""

from django.db import migrations


def tell_contracts(apps, schema_editor):
    rows = apps.get_model("settlement", "Obligation").objects.exclude(write_off_reason="").select_related("contract")
    for row in rows.order_by("id").iterator():
        contract = apps.get_model("contracts", "Contract").objects.get(pk=row.contract_id)
        contract.written_off = sorted({*contract.written_off, row.key})
        contract.save(update_fields=["written_off"])


class Migration(migrations.Migration):
    dependencies = [("settlement", "0010_what_a_line_holds"), ("contracts", "0007_written_off")]

    operations = [migrations.RunPython(tell_contracts, migrations.RunPython.noop)]
