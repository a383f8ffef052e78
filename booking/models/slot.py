from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.programme import Programme
from sites.models import Site


class Slots(models.QuerySet["Slot"]):
    def standing(self) -> "Slots":
        """Without those that were withdrawn: made by a change that was undone."""
        return self.filter(withdrawn_at=None)


class Slot(models.Model):
    """A stretch of time at one site for one programme, with room for `quota` people who book.

    Places kept back lie outside the quota, so that no booking can reach them: for walk-ins, for community workers, for
    second and later doses, and for a later portion of the release. Giving one out means one fewer kept and a quota one
    higher.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="slots", verbose_name=_("接种点"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="slots", verbose_name=_("接种项目"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    opens_at = models.DateTimeField(_("放号时间"))
    quota = models.PositiveIntegerField(_("号源数"))
    kept_walk_in = models.PositiveIntegerField(_("留给现场"), default=0, db_default=0)
    kept_community = models.PositiveIntegerField(_("留给社区"), default=0, db_default=0)
    kept_doses = models.PositiveIntegerField(_("留给后续剂次"), default=0, db_default=0)
    kept_later = models.PositiveIntegerField(_("留待再放"), default=0, db_default=0)
    # When the next portion of kept_later joins the quota; NULL: nothing is waiting.
    next_portion_at = models.DateTimeField(_("下次放号"), null=True, blank=True)
    closed_at = models.DateTimeField(_("停诊时间"), null=True, blank=True)
    # Since when it differs from its plan because somebody set it by hand; plans leave it alone then.
    edited_at = models.DateTimeField(_("单独改过"), null=True, blank=True)
    # A change that made it was undone: nobody ever booked it, and no list shows it.
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = Slots.as_manager()

    class Meta:
        verbose_name = _("时段")
        verbose_name_plural = _("时段")
        constraints = [
            models.UniqueConstraint(fields=["site", "programme", "starts_at"], name="one_slot_per_site_and_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(quota__lte=100_000), name="quota_is_plausible"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(quota=0, closed_at__isnull=False), name="withdrawn_slots_take_nobody"
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "starts_at"], name="slot_by_programme_and_start"),
            models.Index(
                fields=["next_portion_at"], condition=Q(next_portion_at__isnull=False), name="slots_with_a_portion_due"
            ),
        ]
        permissions = [
            ("close_slot", "Can close and reopen slots"),
            ("export_figures", "Can download figures"),
        ]

    def __str__(self) -> str:
        start = timezone.localtime(self.starts_at)
        return f"{self.site} {start:%Y-%m-%d %H:%M}"


class ClosedDay(models.Model):
    """That a site takes nobody on a day, whatever plans say. Slots made for it later are made closed."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="closed_days", verbose_name=_("接种点"))
    day = models.DateField(_("日期"))
    reason = models.CharField(_("原因"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("停诊日")
        verbose_name_plural = _("停诊日")
        ordering = ["day", "site"]
        constraints = [models.UniqueConstraint(fields=["site", "day"], name="one_closed_day_per_site")]

    def __str__(self) -> str:
        return f"{self.site} {self.day}"
