from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.programme import Programme
from sites.models import Site


class Slot(models.Model):
    """A stretch of time at one site for one programme, with room for `quota` people."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="slots", verbose_name=_("接种点"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="slots", verbose_name=_("接种项目"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    opens_at = models.DateTimeField(_("放号时间"))
    quota = models.PositiveIntegerField(_("号源数"))
    closed_at = models.DateTimeField(_("停诊时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("时段")
        verbose_name_plural = _("时段")
        constraints = [
            models.UniqueConstraint(fields=["site", "programme", "starts_at"], name="one_slot_per_site_and_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(quota__lte=100_000), name="quota_is_plausible"),
        ]
        indexes = [models.Index(fields=["programme", "starts_at"], name="slot_by_programme_and_start")]

    def __str__(self) -> str:
        start = timezone.localtime(self.starts_at)
        return f"{self.site} {start:%Y-%m-%d %H:%M}"
