"""The exposure of a past day counts a claim until the day it was withdrawn: told by the last change of its row."""

from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone


def tell_days(apps, schema_editor):
    withdrawn = apps.get_model("settlement", "Claim").objects.filter(state="withdrawn")
    for claim in withdrawn.only("changed_at", "filed_on"):
        on = max(claim.filed_on, timezone.localdate(claim.changed_at))
        withdrawn.filter(pk=claim.pk).update(withdrawn_on=on)


class Migration(migrations.Migration):
    dependencies = [("settlement", "0012_asked_cover")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="withdrawn_on",
            field=models.DateField(blank=True, null=True, verbose_name="withdrawn on"),
        ),
        migrations.RunPython(tell_days, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_on__isnull=False, withdrawn_on__gte=F("filed_on"))
                | (~Q(state="withdrawn") & Q(withdrawn_on__isnull=True)),
                name="a_withdrawn_claim_alone_has_its_day",
            ),
        ),
    ]
