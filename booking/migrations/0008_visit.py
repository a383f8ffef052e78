from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0007_desk_history_is_only_added")]
    operations = [
        migrations.AlterField(
            model_name="vaccinationrecord",
            name="lifted",
            field=models.CharField(blank=True, max_length=100, verbose_name="放行的限制"),
        ),
    ]
