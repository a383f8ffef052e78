"""E-mail addresses are encrypted like phones; language, epoch, known devices, linked identities, used tickets."""

import accounts.encryption
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def encrypt(apps, schema_editor):
    # A historical model has no save() of ours, so the index is made here; the first account keeps a shared address.
    User = apps.get_model("accounts", "User")
    seen = set()
    for pk, plain in User.objects.exclude(plain_email="").order_by("pk").values_list("pk", "plain_email").iterator():
        email = plain.strip().lower()
        if email in seen:
            continue
        seen.add(email)
        User.objects.filter(pk=pk).update(email=email, email_index=accounts.encryption.blind_index("email", email))


def decrypt(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for pk, email in User.objects.exclude(email=None).values_list("pk", "email").iterator():
        User.objects.filter(pk=pk).update(plain_email=email)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_look_ups_are_only_added'),
    ]

    operations = [
        migrations.RenameField('user', 'email', 'plain_email'),
        migrations.AddField(
            model_name='user',
            name='email',
            field=accounts.encryption.EncryptedTextField(associated='user.email', blank=True, editable=True, null=True, verbose_name='邮箱'),
        ),
        migrations.AddField(
            model_name='user',
            name='email_index',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.RunPython(encrypt, decrypt),
        migrations.RemoveField('user', 'plain_email'),
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(choices=[('zh-hans', '中文'), ('en', 'English')], db_default='zh-hans', default='zh-hans', max_length=10, verbose_name='语言'),
        ),
        migrations.AddField(
            model_name='user',
            name='epoch',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('epoch__gt', 0)), fields=['epoch'], name='accounts_signed_out'),
        ),
        migrations.CreateModel(
            name='KnownDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('device', models.UUIDField()),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'device'), name='one_row_per_account_and_device')],
            },
        ),
        migrations.CreateModel(
            name='LinkedIdentity',
            fields=[
                ('subject', models.UUIDField(primary_key=True, serialize=False)),
                ('linked_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='linked_identities', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='UsedTicket',
            fields=[
                ('ticket', models.UUIDField(primary_key=True, serialize=False)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
        ),
    ]
