"""What was accepted and never paid is held no more; of old compensations, what had stayed open is worked out."""

import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models import Sum

from marketplace.core.money import ZERO, to_fen

PAID = ("compensated", "closed")


def fill(apps, schema_editor):
    lines = apps.get_model("settlement", "ClaimLine").objects
    losses = apps.get_model("settlement", "Loss").objects
    for loss in losses.order_by("pk"):
        borne = loss.amount - loss.compensated
        for row in lines.filter(loss=loss).select_related("claim", "guarantee", "payment").order_by("pk"):
            held, left = state_of(row, loss)
            lines.filter(pk=row.pk).update(held=held, left=left)
            borne = borne if left is None else left
        claimed = lines.filter(loss=loss).aggregate(held=Sum("held", default=ZERO))["held"]
        losses.filter(pk=loss.pk).update(claimed=to_fen(claimed), borne=borne)


def state_of(row, loss):
    """What a line holds, and what was open after its compensation.

    Paid less than accepted, it was paid its share of what was still lost then. Otherwise all was lost still.
    """
    if not row.stands:
        return ZERO, None
    accepted = row.amount if row.accepted is None else row.accepted
    if row.claim.state not in PAID:
        return accepted, None
    if row.payment is None:
        return ZERO, ZERO
    paid = row.payment.amount
    if paid == accepted:
        return paid, loss.amount - loss.compensated
    return paid, to_fen(paid / row.guarantee.cover_share) - paid


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0009_nominees"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="claimline",
            name="a_guarantee_pays_a_loss_once",
        ),
        migrations.AddField(
            model_name="claimline",
            name="held",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="held by the claim"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="claimline",
            name="left",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="open after it"
            ),
        ),
        migrations.AddField(
            model_name="loss",
            name="borne",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="borne by the licensor"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("payment__isnull", True), ("held__gt", 0)),
                fields=("guarantee", "loss"),
                name="a_guarantee_is_asked_for_a_loss_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held__gte", 0),
                    ("held__lte", django.db.models.functions.comparison.Coalesce("accepted", "amount")),
                ),
                name="a_line_holds_no_more_than_was_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("stands", True), models.Q(("held", 0), ("payment__isnull", True)), _connector="OR"),
                name="a_line_that_does_not_stand_holds_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="loss",
            constraint=models.CheckConstraint(
                condition=models.Q(("borne__gte", 0)), name="a_licensor_bears_no_less_than_nothing"
            ),
        ),
    ]
