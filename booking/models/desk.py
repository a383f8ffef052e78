import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.slot import Slot
from booking.models.visit import Visit
from sites.models import District, Site


class ActKind(models.TextChoices):
    CHECK_IN = "CHECK_IN", _("签到")
    UNDO_CHECK_IN = "UNDO_CHECK_IN", _("撤销签到")
    CALL = "CALL", _("叫号")
    ANSWER = "ANSWER", _("健康询问")
    VACCINATE = "VACCINATE", _("接种")
    REACT = "REACT", _("登记反应")
    LEAVE = "LEAVE", _("离开")
    CORRECT = "CORRECT", _("更正")
    BRING_FORWARD = "BRING_FORWARD", _("改到现在")
    WALK_IN = "WALK_IN", _("现场取号")


class Outcome(models.TextChoices):
    DONE = "DONE", _("已办")
    # It contradicts what happened meanwhile: a person has to look at it. Nothing of it is dropped.
    CONFLICT = "CONFLICT", _("有出入")


class DeskAct(models.Model):
    """Something that was done at a desk, with or without the network, as the device told it. Rows are only added.

    An act that was refused changed nothing and has no row; its key may come again.
    """

    # The device's own key for this act: however often it is sent, it has one effect.
    key = models.CharField(max_length=64)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("接种点"))
    device = models.UUIDField(_("设备"))
    # Counts up on the device, so that its acts have an order of their own.
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(_("类型"), max_length=14, choices=ActKind)
    desk = models.CharField(_("服务台"), max_length=20)
    # NULL where what was scanned is no appointment of ours.
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, related_name="acts", verbose_name=_("预约")
    )
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="acts", verbose_name=_("到访"))
    # Who did it, and whose session brought it: a supervisor may send what a colleague's device kept.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发送人"))
    # By the device's clock, put right by the server's where it was off, and never later than it was received.
    happened_at = models.DateTimeField(_("发生时间"))
    received_at = models.DateTimeField(_("收到时间"))
    offline = models.BooleanField(_("断网时办的"), default=False)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome, default=Outcome.DONE)
    # What the outcome says in one word, as rules.check_in and others name it.
    code = models.CharField(_("结果代码"), max_length=30, blank=True)
    # What was said and answered, without a name, a number or anything about health.
    facts = models.JSONField(_("详情"), default=dict)

    class Meta:
        verbose_name = _("服务台记录")
        verbose_name_plural = _("服务台记录")
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="one_act_per_device_and_key")]
        indexes = [
            models.Index(fields=["site", "received_at"], condition=Q(outcome="CONFLICT"), name="acts_in_conflict"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d %H:%M}"


class ConflictAnswer(models.Model):
    """That a person has looked at an act in conflict, and what they decided."""

    act = models.OneToOneField(DeskAct, models.PROTECT, related_name="answer", verbose_name=_("服务台记录"))
    decision = models.CharField(_("处理"), max_length=20)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("处理人"))
    at = models.DateTimeField(_("处理时间"))

    class Meta:
        verbose_name = _("出入的处理")
        verbose_name_plural = _("出入的处理")

    def __str__(self) -> str:
        return self.decision


class DeskDevice(models.Model):
    """A device at a desk, as it last reported: what it still has to send is what it would lose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("接种点"))
    desk = models.CharField(_("服务台"), max_length=20, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("使用人"))
    seen_at = models.DateTimeField(_("最近联网"))
    # What it said it had still to send, and the highest sequence of its acts that has arrived.
    pending = models.PositiveIntegerField(_("待传"), default=0)
    last_sequence = models.PositiveBigIntegerField(default=0)
    # How far its clock is ahead of the server's, in milliseconds.
    clock_ahead_ms = models.BigIntegerField(_("时钟偏差"), default=0)

    class Meta:
        verbose_name = _("服务台设备")
        verbose_name_plural = _("服务台设备")

    def __str__(self) -> str:
        return f"{self.site} {self.desk}"


class WalkInSource(models.TextChoices):
    KEPT = "KEPT", _("现场留号")
    UNBOOKED = "UNBOOKED", _("没约出去的号")
    LATE = "LATE", _("迟到的号")
    LEFTOVER = "LEFTOVER", _("余苗")


class WalkIn(models.Model):
    """A same-day ticket: whose place outside the quota was given out, and when they are to be back."""

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="walk_in", verbose_name=_("预约"))
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="walk_ins", verbose_name=_("时段"))
    source = models.CharField(_("来源"), max_length=8, choices=WalkInSource)
    return_at = models.DateTimeField(_("请几点来"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发号人"))
    at = models.DateTimeField(_("发号时间"))

    class Meta:
        verbose_name = _("现场号")
        verbose_name_plural = _("现场号")

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.return_at:%H:%M}"


class PublicScreen(models.Model):
    """A screen that nobody is signed in at: in a site's waiting room, or the city's on a wall.

    It is paired by a code that it shows and somebody types who may.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # NULL: a city screen, of one district or of all.
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接种点"))
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区县")
    )
    # What the screen's cookie is known by: a keyed hash.
    secret = models.UUIDField(unique=True, editable=False)
    paired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("配对人"))
    paired_at = models.DateTimeField(_("配对时间"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("叫号屏")
        verbose_name_plural = _("叫号屏")

    def __str__(self) -> str:
        return str(self.site or self.district or _("全市"))
