"""The words by which a public listing is found; rows that exist are filled from their own public values."""

from django.db import migrations, models

from marketplace.listings.searching import search_text


def fill(apps, schema_editor):
    rows = apps.get_model("listings", "Projection").objects.using(schema_editor.connection.alias)
    batch = []
    for row in rows.iterator(chunk_size=500):
        row.search_text = search_text(vars(row))
        batch.append(row)
    rows.bulk_update(batch, ["search_text"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("listings", "0003_best_twenty")]

    operations = [
        migrations.AddField(
            "projection",
            "search_text",
            models.TextField(blank=True, default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
