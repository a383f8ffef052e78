
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_app_subject'),
        ('booking', '0009_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('receiver', models.CharField(max_length=60, verbose_name='收件人')),
                ('count', models.PositiveIntegerField(verbose_name='条数')),
                ('last_at', models.DateTimeField(blank=True, null=True, verbose_name='最后一条')),
            ],
            options={
                'verbose_name': '消息条数',
                'verbose_name_plural': '消息条数',
            },
        ),
        migrations.RemoveIndex(
            model_name='message',
            name='messages_to_send',
        ),
        migrations.AddField(
            model_name='message',
            name='dropped_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='不再发送自'),
        ),
        migrations.AddField(
            model_name='message',
            name='failing_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='发送失败自'),
        ),
        migrations.AddField(
            model_name='message',
            name='told_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=30, verbose_name='已经由'),
        ),
        migrations.AddField(
            model_name='message',
            name='held',
            field=models.CharField(blank=True, db_default='', default='', max_length=12, verbose_name='原因'),
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('BOOKED', '预约成功'), ('CANCELLED', '已取消'), ('MOVED', '已改时间'), ('HANDED_OVER', '家人已转出'), ('RELOCATED', '已换到新的号'), ('CANCELLED_BY_SITE', '接种点停诊，已取消'), ('TAKEN_OVER', '已转到本人账号'), ('LEFTOVER_OFFERED', '有余苗'), ('REMINDER_DAY', '前一天提醒'), ('REMINDER_HOURS', '两小时前提醒'), ('PLACE_OFFERED', '候补有号了'), ('DOSE_DUE', '该打下一剂了'), ('INVITED', '邀请预约'), ('PLACED_BY_DRAW', '中签，已约好'), ('NOT_DRAWN', '未中签'), ('LOCKED', '预约已停用'), ('APPEAL_ANSWERED', '申诉有了答复'), ('TEXT_WHICH', '回短信：问是哪一个'), ('TEXT_DECLINED', '回短信：不要了'), ('TEXT_FAILED', '回短信：办不了'), ('TEXT_HELP', '回短信：怎么回复')], max_length=20, verbose_name='类型'),
        ),
        migrations.AlterField(
            model_name='messagetemplate',
            name='kind',
            field=models.CharField(choices=[('BOOKED', '预约成功'), ('CANCELLED', '已取消'), ('MOVED', '已改时间'), ('HANDED_OVER', '家人已转出'), ('RELOCATED', '已换到新的号'), ('CANCELLED_BY_SITE', '接种点停诊，已取消'), ('TAKEN_OVER', '已转到本人账号'), ('LEFTOVER_OFFERED', '有余苗'), ('REMINDER_DAY', '前一天提醒'), ('REMINDER_HOURS', '两小时前提醒'), ('PLACE_OFFERED', '候补有号了'), ('DOSE_DUE', '该打下一剂了'), ('INVITED', '邀请预约'), ('PLACED_BY_DRAW', '中签，已约好'), ('NOT_DRAWN', '未中签'), ('LOCKED', '预约已停用'), ('APPEAL_ANSWERED', '申诉有了答复'), ('TEXT_WHICH', '回短信：问是哪一个'), ('TEXT_DECLINED', '回短信：不要了'), ('TEXT_FAILED', '回短信：办不了'), ('TEXT_HELP', '回短信：怎么回复')], max_length=20, verbose_name='类型'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('dropped_at__isnull', True), ('sent_at__isnull', True)), fields=['due_at'], name='messages_due'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('dropped_at__isnull', True), ('failing_since__isnull', False), ('sent_at__isnull', True)), fields=['failing_since'], name='messages_failing'),
        ),
        migrations.AddConstraint(
            model_name='messagecount',
            constraint=models.UniqueConstraint(fields=('day', 'receiver'), name='one_count_per_day_and_receiver'),
        ),
    ]
