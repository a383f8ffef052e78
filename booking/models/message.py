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
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="messages_to_send")]

    def __str__(self) -> str:
        return self.key

    @property
    def told(self) -> User | None:
        """The account that is told: the one named, or whoever booked."""
        return self.account if self.appointment is None else self.appointment.booked_by
