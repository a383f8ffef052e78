from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment


class MessageKind(models.TextChoices):
    BOOKED = "BOOKED", _("预约成功")
    CANCELLED = "CANCELLED", _("已取消")
    MOVED = "MOVED", _("已改时间")


class Message(models.Model):
    """Something a person is to be told. Written in the transaction that causes it, sent by a job."""

    # The same key is the same message, however often it is sent: receivers show it once.
    key = models.CharField(max_length=60)
    kind = models.CharField(_("类型"), max_length=20, choices=MessageKind)
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        related_name="messages",
        verbose_name=_("预约"),
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
        constraints = [models.UniqueConstraint(fields=["key"], name="one_message_per_key")]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="messages_to_send")]

    def __str__(self) -> str:
        return self.key
