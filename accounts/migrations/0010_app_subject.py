
import accounts.encryption
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_names_of_fields'),
    ]

    operations = [
        migrations.AddField(
            model_name='linkedidentity',
            name='app_subject',
            field=accounts.encryption.EncryptedTextField(associated='linked_identity.app_subject', blank=True, editable=False, null=True),
        ),
    ]
