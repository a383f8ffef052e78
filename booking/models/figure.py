from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.programme import Programme
from sites.models import Site


class HourFigure(models.Model):
    """What an hour at a site came to for one programme; a job counts it, so that figures need not count millions."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("接种点"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", verbose_name=_("接种项目"))
    day = models.DateField(_("日期"))
    # 0 to 23, the city's time, by the slot's start.
    hour = models.PositiveSmallIntegerField(_("小时"))
    quota = models.PositiveIntegerField(_("号源数"))
    # Held by appointments, also by cancelled ones that can still be restored.
    taken = models.PositiveIntegerField(_("已占"))
    # Arrived and not vaccinated yet.
    checked_in = models.PositiveIntegerField(_("已签到"), default=0)
    fulfilled = models.PositiveIntegerField(_("已接种"))
    no_show = models.PositiveIntegerField(_("未到"))
    cancelled = models.PositiveIntegerField(_("已取消"))
    # Days from booking to the slot, summed over `lead_count` appointments.
    lead_days = models.PositiveIntegerField(_("提前天数合计"))
    lead_count = models.PositiveIntegerField(_("计入人数"))
    counted_at = models.DateTimeField(_("统计时间"))

    class Meta:
        verbose_name = _("统计")
        verbose_name_plural = _("统计")
        constraints = [models.UniqueConstraint(fields=["site", "programme", "day", "hour"], name="one_figure_per_hour")]
        indexes = [models.Index(fields=["day"], name="figures_by_day")]

    def __str__(self) -> str:
        return f"{self.site} {self.day} {self.hour}:00"
