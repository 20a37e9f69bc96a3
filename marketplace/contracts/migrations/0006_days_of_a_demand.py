from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_used_cover")]

    operations = [
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(("cure_until__isnull", True), ("demanded_on__isnull", True))
                | models.Q(
                    ("cure_until__gt", models.F("demanded_on")),
                    ("cure_until__isnull", False),
                    ("demanded_on__isnull", False),
                ),
                name="a_demand_gives_its_days",
            ),
        ),
    ]
