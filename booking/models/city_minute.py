from django.db import models
from django.utils.translation import gettext_lazy as _

from sites.models import District


class CityMinute(models.Model):
    """A minute of the whole city, written by a job when it is over. Kept for some days, for the city screen only."""

    minute = models.DateTimeField(_("分钟"), primary_key=True)
    # The newest event of an appointment when it was written: later minutes are counted from there.
    last_event = models.BigIntegerField()
    # Tries to book that reached the booking itself, and those that got no answer but "busy" or a fault.
    tries = models.PositiveIntegerField(_("预约请求"), default=0)
    errors = models.PositiveIntegerField(_("出错"), default=0)
    # Text messages that have gone since midnight, and those that wait because they were not taken.
    texts_sent = models.PositiveIntegerField(_("当天已发短信"), default=0)
    texts_failing = models.PositiveIntegerField(_("发不出去的短信"), default=0)

    class Meta:
        verbose_name = _("全市一分钟")
        verbose_name_plural = _("全市一分钟")

    def __str__(self) -> str:
        return f"{self.minute:%Y-%m-%d %H:%M}"


class DistrictMinute(models.Model):
    """What happened in a district in a minute, by the history of its appointments, and how it stood at its end."""

    minute = models.DateTimeField(_("分钟"))
    district = models.ForeignKey(
        District, models.CASCADE, related_name="+", verbose_name=_("区县"), db_index=False, db_constraint=False
    )
    booked = models.IntegerField(_("预约"), default=0)
    # Without those that were undone: a minute in which more was undone than done is below zero.
    checked_in = models.IntegerField(_("签到"), default=0)
    fulfilled = models.IntegerField(_("接种"), default=0)
    no_show = models.IntegerField(_("未到"), default=0)
    # People at the sites who wait for the questions or the dose, and leftover doses nobody has taken yet.
    waiting = models.PositiveIntegerField(_("候种"), default=0)
    leftover = models.PositiveIntegerField(_("余苗"), default=0)

    class Meta:
        verbose_name = _("区县一分钟")
        verbose_name_plural = _("区县一分钟")
        constraints = [models.UniqueConstraint(fields=["minute", "district"], name="one_row_per_minute_and_district")]

    def __str__(self) -> str:
        return f"{self.district_id} {self.minute:%Y-%m-%d %H:%M}"
