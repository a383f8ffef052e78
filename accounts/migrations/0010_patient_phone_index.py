from django.db import migrations, models

from accounts.encryption import blind_index


def fill(apps, schema_editor):
    rows = apps.get_model("accounts", "Patient").objects.filter(phone__isnull=False).only("pk", "phone")
    for row in rows.iterator(chunk_size=1000):
        row.phone_index = blind_index("phone", str(row.phone))
        row.save(update_fields=["phone_index"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_names_of_fields")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="phone_index",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                condition=models.Q(("phone_index__isnull", False)), fields=["phone_index"], name="patient_by_phone"
            ),
        ),
    ]
