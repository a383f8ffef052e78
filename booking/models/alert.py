from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sites.models import District, Site


class Severity(models.TextChoices):
    RED = "red", _("红色")
    ORANGE = "orange", _("橙色")
    YELLOW = "yellow", _("黄色")


class Alert(models.Model):
    """Something that somebody must look at, since when, and until when; who has taken it, and what they did."""

    # One of booking.rules.alerts.
    kind = models.CharField(_("类型"), max_length=40)
    severity = models.CharField(
        _("等级"), max_length=6, choices=Severity, default=Severity.RED, db_default=Severity.RED
    )
    # Where: "site 17", "district 430102"; empty for the whole city. One alert of a kind is open at a place.
    place = models.CharField(max_length=20, blank=True, default="", db_default="", editable=False)
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接种点"), db_index=False
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区县"), db_index=False
    )
    # How bad it is, in the kind's own measure: minutes, percent, doses, people.
    number = models.IntegerField(_("数值"), null=True, blank=True)
    began_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    facts = models.JSONField(_("情况"), default=dict)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("认领人"),
        db_index=False,
    )
    claimed_at = models.DateTimeField(_("认领时间"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
        db_index=False,
    )
    handled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    # What was done, in the words of whoever did it.
    note = models.CharField(_("处理说明"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("警报")
        verbose_name_plural = _("警报")
        ordering = ["-began_at"]
        permissions = [
            ("see_city_screen", "Can see the city screen"),
            ("handle_alert", "Can claim and handle alerts"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place"], condition=models.Q(ended_at=None), name="one_open_alert_per_kind_and_place"
            ),
        ]

    def __str__(self) -> str:
        return self.kind
