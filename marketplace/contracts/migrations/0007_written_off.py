from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0006_days_of_a_demand")]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="written_off",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
    ]
