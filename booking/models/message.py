from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Patient, User
from booking.models.appointment import Appointment
from booking.models.invitation import Invitation


class MessageKind(models.TextChoices):
    BOOKED = "BOOKED", _("预约成功")
    CANCELLED = "CANCELLED", _("已取消")
    MOVED = "MOVED", _("已改时间")
    HANDED_OVER = "HANDED_OVER", _("家人已转出")
    RELOCATED = "RELOCATED", _("已换到新的号")
    CANCELLED_BY_SITE = "CANCELLED_BY_SITE", _("接种点停诊，已取消")
    TAKEN_OVER = "TAKEN_OVER", _("已转到本人账号")
    LEFTOVER_OFFERED = "LEFTOVER_OFFERED", _("有余苗")
    REMINDER_DAY = "REMINDER_DAY", _("前一天提醒")
    REMINDER_HOURS = "REMINDER_HOURS", _("两小时前提醒")
    PLACE_OFFERED = "PLACE_OFFERED", _("候补有号了")
    DOSE_DUE = "DOSE_DUE", _("该打下一剂了")
    INVITED = "INVITED", _("邀请预约")
    PLACED_BY_DRAW = "PLACED_BY_DRAW", _("中签，已约好")
    NOT_DRAWN = "NOT_DRAWN", _("未中签")
    DRAW_CALLED_OFF = "DRAW_CALLED_OFF", _("摇号取消")
    LOCKED = "LOCKED", _("预约已停用")
    APPEAL_ANSWERED = "APPEAL_ANSWERED", _("申诉有了答复")
    # Answers to a text message that somebody has sent.
    TEXT_WHICH = "TEXT_WHICH", _("回短信：问是哪一个")
    TEXT_DECLINED = "TEXT_DECLINED", _("回短信：不要了")
    TEXT_FAILED = "TEXT_FAILED", _("回短信：办不了")
    TEXT_HELP = "TEXT_HELP", _("回短信：怎么回复")


class MessageState(models.TextChoices):
    """How a message stands; from its columns, for those who look after it."""

    WAITING = "WAITING", _("等着发")
    HELD_NIGHT = "night", _("夜里不打扰，早上发")
    HELD_PERSON = "person", _("这个人今天的条数满了，明天发")
    HELD_CITY = "city", _("全市今天的短信条数满了，明天发")
    FAILING = "FAILING", _("没发出去，还会再试")
    SENT = "SENT", _("已发")
    OVER = "over", _("没发：已经过时")
    UNREACHABLE = "unreachable", _("没发：没有手机号和邮箱")


class Message(models.Model):
    """Something a person is to be told. Written in the transaction that causes it, sent by a job."""

    # The same key is the same message, however often it is sent: receivers show it once.
    key = models.CharField(_("防重复的键"), max_length=60)
    kind = models.CharField(_("类型"), max_length=20, choices=MessageKind)
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("预约"),
        db_index=False,
        db_constraint=False,
    )
    # What is not about an appointment names the account that is told, and the patient it is about.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("收件人"),
        db_index=False,
        db_constraint=False,
    )
    patient = models.ForeignKey(
        Patient,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("接种人"),
        db_index=False,
        db_constraint=False,
    )
    # Somebody without an account is told by the phone of the invitation.
    invitation = models.ForeignKey(
        Invitation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("邀请"),
        db_index=False,
        db_constraint=False,
    )
    created_at = models.DateTimeField(_("产生时间"))
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    # Not before this time: after a failure, or while another worker is sending it.
    due_at = models.DateTimeField(_("最早发送"))
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    # By which channels it has gone: the others are tried again without these.
    told_by = models.CharField(_("已经由"), max_length=30, blank=True, default="", db_default="")
    # Since when its channel has not taken it.
    failing_since = models.DateTimeField(_("发送失败自"), null=True, blank=True)
    # It is not sent any more.
    dropped_at = models.DateTimeField(_("不再发送自"), null=True, blank=True)
    # Why it waits, or was dropped: one of MessageState's small words; empty while nothing is in its way.
    held = models.CharField(_("原因"), max_length=12, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_message_per_key"),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False) | Q(account__isnull=False) | Q(invitation__isnull=False),
                name="messages_are_about_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True, dropped_at__isnull=True), name="messages_due"
            ),
            models.Index(
                fields=["failing_since"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True, failing_since__isnull=False),
                name="messages_failing",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def told(self) -> User | None:
        """The account that is told: the one named, or whoever booked."""
        return self.account if self.appointment is None else self.appointment.booked_by

    @property
    def state(self) -> MessageState:
        """How it stands."""
        if self.sent_at:
            return MessageState.SENT
        if self.dropped_at or self.held:
            return MessageState(self.held)
        return MessageState.FAILING if self.failing_since else MessageState.WAITING


class MessageCount(models.Model):
    """How many messages went on a day to one receiver, or by one channel in all. Kept for the day's limits only."""

    day = models.DateField(_("日期"))
    # "account 17", "invitation …"; "sms", "email" or "city_app" for everybody together.
    receiver = models.CharField(_("收件人"), max_length=60)
    count = models.PositiveIntegerField(_("条数"))
    # When one of them last got through.
    last_at = models.DateTimeField(_("最后一条"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息条数")
        verbose_name_plural = _("消息条数")
        constraints = [models.UniqueConstraint(fields=["day", "receiver"], name="one_count_per_day_and_receiver")]

    def __str__(self) -> str:
        return f"{self.day} {self.count}"
