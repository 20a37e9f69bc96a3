"""Guarantees did not hear what open claims ask of them: what is open already is told them."""

from django.db import migrations
from django.db.models import Sum


def tell_guarantees(apps, schema_editor):
    lines = apps.get_model("settlement", "ClaimLine").objects.filter(claim__state__in=["filed", "asked", "accepted"])
    for guarantee, held in lines.order_by().values_list("guarantee_id").annotate(held=Sum("held")):
        apps.get_model("contracts", "Guarantee").objects.filter(pk=guarantee).update(asked_amount=held)


class Migration(migrations.Migration):
    dependencies = [("settlement", "0011_contracts_know_write_offs"), ("contracts", "0008_asked_cover")]

    operations = [migrations.RunPython(tell_guarantees, migrations.RunPython.noop)]
