from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.quota_change import QuotaChange


class EventKind(models.TextChoices):
    BOOKED = "BOOKED", _("预约")
    CANCELLED = "CANCELLED", _("取消")
    RESTORED = "RESTORED", _("恢复")
    MOVED = "MOVED", _("改时间")
    RENUMBERED = "RENUMBERED", _("调整号位")
    PLACE_RELEASED = "PLACE_RELEASED", _("放回号源")
    HANDED_OVER = "HANDED_OVER", _("转到本人账号")
    RELOCATED = "RELOCATED", _("接种点换号")
    CHECKED_IN = "CHECKED_IN", _("签到")
    CHECK_IN_UNDONE = "CHECK_IN_UNDONE", _("撤销签到")
    FULFILLED = "FULFILLED", _("接种")
    NO_SHOW = "NO_SHOW", _("未到")
    CORRECTED = "CORRECTED", _("更正")


class AppointmentEvent(models.Model):
    """Who did what to an appointment, and when. Rows are only added: a trigger refuses anything else.

    The statement that writes the appointment writes its event, so the database need not check the reference again.
    """

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="events", verbose_name=_("预约"), db_constraint=False
    )
    kind = models.CharField(_("事件"), max_length=20, choices=EventKind)
    at = models.DateTimeField(_("时间"))
    # NULL: the system itself, by a job.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("操作人"),
        db_index=False,
        db_constraint=False,
    )
    facts = models.JSONField(_("详情"), default=dict)

    class Meta:
        verbose_name = _("预约记录")
        verbose_name_plural = _("预约记录")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class SlotEventKind(models.TextChoices):
    PUBLISHED = "PUBLISHED", _("发布")
    QUOTA_SET = "QUOTA_SET", _("改号源数")
    CLOSED = "CLOSED", _("停诊")
    REOPENED = "REOPENED", _("恢复开诊")
    WITHDRAWN = "WITHDRAWN", _("撤回")
    KEPT_SET = "KEPT_SET", _("改留号数")
    RELEASE_SET = "RELEASE_SET", _("改放号时间")
    PORTION = "PORTION", _("放出一批")
    WALK_IN = "WALK_IN", _("现场加号")
    LATER_DOSE = "LATER_DOSE", _("给了后续剂次")
    LATER_DOSES_BACK = "LATER_DOSES_BACK", _("后续剂次的号放回")


class SlotEvent(models.Model):
    """Who changed a slot, and from what to what. Rows are only added."""

    slot = models.ForeignKey("booking.Slot", models.PROTECT, related_name="events", verbose_name=_("时段"))
    kind = models.CharField(_("事件"), max_length=20, choices=SlotEventKind)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("操作人")
    )
    facts = models.JSONField(_("详情"), default=dict)
    # The bulk change that it was part of.
    change = models.ForeignKey(
        QuotaChange, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("批量调整")
    )

    class Meta:
        verbose_name = _("时段记录")
        verbose_name_plural = _("时段记录")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
