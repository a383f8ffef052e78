from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.programme import Programme
from sites.models import District, Site


class ReleaseRule(models.Model):
    """When a programme's slots at a group of sites become bookable, how far ahead, and in which portions."""

    name = models.CharField(_("名称"), max_length=80)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="release_rules", verbose_name=_("接种项目"))
    # Neither chosen: the whole city. The narrowest rule counts: of a site, then of a district, then of the city.
    districts = models.ManyToManyField(District, verbose_name=_("区县"), blank=True)
    sites = models.ManyToManyField(Site, verbose_name=_("接种点"), blank=True)
    opens = models.TimeField(_("几点放号"))
    days_ahead = models.PositiveSmallIntegerField(_("提前几天"), default=14)
    # [[percent, minutes after opening], …]; the percents add up to 100 and the first comes at 0 minutes.
    portions = models.JSONField(_("分几批"), default=list, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("放号规则")
        verbose_name_plural = _("放号规则")
        ordering = ["programme", "name"]

    def __str__(self) -> str:
        return self.name


class BookingPause(models.Model):
    """That nobody can book, hold or move in the whole city, from when to when, and what people are told meanwhile."""

    began_at = models.DateTimeField(_("暂停时间"))
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("暂停人"))
    text = models.CharField(_("公告"), max_length=200)
    text_en = models.CharField(_("英文公告"), max_length=300)
    ended_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("恢复人")
    )

    class Meta:
        verbose_name = _("暂停预约")
        verbose_name_plural = _("暂停预约")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False, name="one_pause_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"
