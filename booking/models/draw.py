import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from accounts.models import Patient
from booking.models.appointment import Appointment
from booking.models.programme import Programme
from booking.models.slot import Slot


class DrawState(models.TextChoices):
    ANNOUNCED = "ANNOUNCED", _("已公布")
    CLOSED = "CLOSED", _("登记已截止")
    # The public value is known; ranks, places and appointments are being written.
    DRAWING = "DRAWING", _("正在摇号")
    DRAWN = "DRAWN", _("已摇号")
    CALLED_OFF = "CALLED_OFF", _("已取消")


class Draw(models.Model):
    """A release by lot over everyone who entered during its window; anyone can run it again from what is published.

    `commitment` is published when the draw is announced, `seed` only after it; `public_value` is what the source that
    was named beforehand says after the window has closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="draws", verbose_name=_("接种项目"))
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120)
    # The draw whose losers move up in this one.
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="next", verbose_name=_("上一轮")
    )
    opens_at = models.DateTimeField(_("登记开始"))
    closes_at = models.DateTimeField(_("登记截止"))
    # Its places: the programme's slots on these days of the city, both inclusive, at the sites that have any.
    first_day = models.DateField(_("接种日期（起）"))
    last_day = models.DateField(_("接种日期（止）"))
    public_source = models.CharField(_("公开数值的来源"), max_length=200)
    public_source_en = models.CharField(_("公开数值的来源（英文）"), max_length=300)
    public_value = models.CharField(_("公开数值"), max_length=200, blank=True)
    # 64 hexadecimal digits; secret until it is drawn.
    seed = EncryptedTextField(_("种子"), associated="booking.Draw.seed", editable=False)
    commitment = models.CharField(_("种子的摘要"), max_length=64, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=DrawState, default=DrawState.ANNOUNCED)
    # When every loser of the round before who can has been entered.
    carried_over_at = models.DateTimeField(_("上一轮带入完成"), null=True, blank=True)
    # When the entries were frozen, and the digest of them and of the places that was published at that moment.
    closed_at = models.DateTimeField(_("登记封存时间"), null=True, blank=True)
    entries_digest = models.CharField(_("登记名单的摘要"), max_length=64, blank=True)
    drawn_at = models.DateTimeField(_("摇号时间"), null=True, blank=True)
    # Who entered the public value.
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("摇号操作人")
    )
    # SHA-256 of the published file.
    digest = models.CharField(_("结果文件的摘要"), max_length=64, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    made_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("摇号")
        verbose_name_plural = _("摇号")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at"), last_day__gte=F("first_day")),
                name="draws_open_before_they_close",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DrawFile(models.Model):
    """What is published of a draw, to the byte, compressed with gzip: the sealed list, and later the whole file.

    Not its second part alone: of two gzip files, one behind the other, browsers read the first only.
    """

    draw = models.OneToOneField(Draw, models.PROTECT, primary_key=True, related_name="file", verbose_name=_("摇号"))
    entry_list = models.BinaryField(_("登记名单"))
    # The list and, behind it, what came of everybody; NULL until it is drawn.
    outcome = models.BinaryField(_("结果"), null=True)

    class Meta:
        verbose_name = _("摇号文件")
        verbose_name_plural = _("摇号文件")

    def __str__(self) -> str:
        return str(self.draw_id)


class DrawOutcome(models.TextChoices):
    """What came of an entry; everything but the first two means that the drawn place could not be given."""

    BOOKED = "BOOKED", _("已约好")
    NOT_PLACED = "NOT_PLACED", _("未中签")
    ALREADY_BOOKED = "ALREADY_BOOKED", _("这一剂已有预约")
    NOT_ELIGIBLE = "NOT_ELIGIBLE", _("不再符合条件")
    PATIENT_GONE = "PATIENT_GONE", _("接种人已删除")
    SLOT_GONE = "SLOT_GONE", _("时段已停诊或没有号")


class DrawEntry(models.Model):
    """One person in a draw: once, whoever entered them. Which sites and days they would like, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="entries", verbose_name=_("摇号"))
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="draw_entries", verbose_name=_("接种人"))
    person = models.UUIDField(editable=False)
    # What the citizen finds the own line with in the published file.
    code = models.CharField(_("登记号"), max_length=16, unique=True)
    # Codes of sites, the most wanted first, and days of the draw; empty: any day.
    sites = ArrayField(models.CharField(max_length=20), verbose_name=_("想去的接种点"), default=list, blank=True)
    days = ArrayField(models.DateField(), verbose_name=_("可以的日期"), default=list, blank=True)
    # Whether any other site would do if those are full.
    any_site = models.BooleanField(_("服从调剂"), default=False)
    # How many earlier rounds were lost: whoever lost more comes first.
    rounds_lost = models.PositiveSmallIntegerField(_("已落选几轮"), default=0)
    entered_at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    # The place in the drawn order, from 1; NULL until drawn.
    rank = models.PositiveIntegerField(_("名次"), null=True, blank=True)
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("时段"))
    # Empty until it has been dealt with.
    outcome = models.CharField(_("结果"), max_length=20, choices=DrawOutcome, blank=True, default="", db_default="")
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="draw_entry", verbose_name=_("预约")
    )

    class Meta:
        verbose_name = _("摇号登记")
        verbose_name_plural = _("摇号登记")
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "person"], condition=Q(withdrawn_at=None), name="one_entry_per_draw_and_person"
            ),
        ]
        indexes = [
            models.Index(fields=["account"], name="draw_entries_of_an_account"),
            models.Index(
                fields=["draw", "rank"], condition=Q(outcome="", rank__isnull=False), name="draw_entries_to_deal_with"
            ),
        ]

    def __str__(self) -> str:
        return self.code
