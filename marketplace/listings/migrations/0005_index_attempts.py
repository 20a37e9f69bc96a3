"""How often the matcher has tried a row, when it may try again, and what went wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listings", "0004_search_text")]

    operations = [
        migrations.AddField(
            model_name="projection",
            name="index_after",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="next attempt not before"),
        ),
        migrations.AddField(
            model_name="projection",
            name="index_attempts",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="attempts of the matcher"),
        ),
        migrations.AddField(
            model_name="projection",
            name="index_fault",
            field=models.CharField(blank=True, editable=False, max_length=500, verbose_name="fault of the matcher"),
        ),
    ]
