from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.models.programme import Programme
from sites.models import District


class QuotaPlan(models.Model):
    """A weekly pattern of quotas for one programme, applied to sites and dates."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="plans", verbose_name=_("接种项目"))
    # Whose plan it is; empty: the city's, which districts may apply and not change.
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, verbose_name=_("区县"))
    # Percent of each slot's places; rounded down, so that what is left for booking is never rounded away.
    walk_in_percent = models.PositiveSmallIntegerField(_("留给现场（%）"), default=0)
    community_percent = models.PositiveSmallIntegerField(_("留给社区（%）"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("号源模板")
        verbose_name_plural = _("号源模板")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(walk_in_percent__lte=100 - F("community_percent")), name="shares_leave_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Weekday(models.IntegerChoices):
    MONDAY = 1, _("周一")
    TUESDAY = 2, _("周二")
    WEDNESDAY = 3, _("周三")
    THURSDAY = 4, _("周四")
    FRIDAY = 5, _("周五")
    SATURDAY = 6, _("周六")
    SUNDAY = 7, _("周日")


class PlanSession(models.Model):
    """On one weekday from when to when, in slots of so many minutes, for how many people each."""

    plan = models.ForeignKey(QuotaPlan, models.CASCADE, related_name="sessions", verbose_name=_("号源模板"))
    weekday = models.PositiveSmallIntegerField(_("星期"), choices=Weekday)
    begins = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))
    minutes = models.PositiveSmallIntegerField(
        _("每段几分钟"), default=30, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    # Empty: as many as the site's own "per half hour" says, in proportion to the minutes.
    places = models.PositiveIntegerField(
        _("每段号源数"), null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )

    class Meta:
        verbose_name = _("时间段")
        verbose_name_plural = _("时间段")
        ordering = ["weekday", "begins"]
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="sessions_end_after_they_begin")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H:%M}–{self.ends:%H:%M}"
