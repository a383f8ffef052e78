from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.vaccine import Vaccine
from sites.models import Site


class Batch(models.Model):
    """A lot of a vaccine at a site, with its number and expiry."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="batches", verbose_name=_("接种点"))
    vaccine = models.ForeignKey(Vaccine, models.PROTECT, related_name="batches", verbose_name=_("疫苗"))
    number = models.CharField(_("批号"), max_length=40)
    # The last day on which it may be given.
    expires_on = models.DateField(_("有效期至"))
    doses_per_vial = models.PositiveSmallIntegerField(_("每瓶剂数"), default=1)
    # The drug trace code or GTIN of its packs, where it is known: 64 characters at the most, of no fixed form.
    pack_code = models.CharField(_("追溯码或商品码"), max_length=64, blank=True)
    # Nobody is offered a finished batch any more.
    finished_at = models.DateTimeField(_("用完时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("批次")
        verbose_name_plural = _("批次")
        ordering = ["expires_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["site", "vaccine", "number"], name="one_batch_per_site_and_number"),
            models.CheckConstraint(condition=Q(doses_per_vial__gte=1), name="vials_hold_doses"),
        ]

    def __str__(self) -> str:
        return self.number


class MovementKind(models.TextChoices):
    RECEIVED = "RECEIVED", _("收到")
    USED = "USED", _("用了")
    WASTED = "WASTED", _("报废")
    RETURNED = "RETURNED", _("退回")
    CORRECTED = "CORRECTED", _("更正")


class StockMovement(models.Model):
    """Doses that came (positive) or went (negative). Rows are only added; what is left of a batch is their sum."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="movements", verbose_name=_("批次"))
    kind = models.CharField(_("类型"), max_length=10, choices=MovementKind)
    doses = models.IntegerField(_("剂数"))
    # The dose that used it, or whose record was corrected.
    record = models.ForeignKey(
        "booking.VaccinationRecord", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接种记录")
    )
    reason = models.CharField(_("原因"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    at = models.DateTimeField(_("时间"))
    # The caller's own key for one try.
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("出入库")
        verbose_name_plural = _("出入库")
        constraints = [models.CheckConstraint(condition=~Q(doses=0), name="movements_move_something")]
        indexes = [models.Index(fields=["batch", "at"], name="movements_of_a_batch")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.doses:+d}"


class DayClose(models.Model):
    """That a site's day was closed: what came, went and is left, counted, and why it does not come out even."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("接种点"))
    day = models.DateField(_("日期"))
    # A list: batch, expected, counted; as it was when the day was closed.
    sums = models.JSONField(_("合计"))
    explanation = models.CharField(_("差额说明"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("日结")
        verbose_name_plural = _("日结")
        constraints = [models.UniqueConstraint(fields=["site", "day"], name="one_close_per_site_and_day")]

    def __str__(self) -> str:
        return f"{self.site} {self.day}"
