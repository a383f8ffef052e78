from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from booking.models.programme import Programme


class Cohort(models.Model):
    """Those who may book a programme that is released by cohort, from when to when.

    By the last digit of the document, or by the day of birth; by both, both must fit. Somebody may be in several.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="cohorts", verbose_name=_("接种项目"))
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80)
    # "0" to "9"; a document that ends in a letter counts by its last digit before it. Empty: any.
    digits = ArrayField(models.CharField(max_length=1), verbose_name=_("证件尾号"), default=list, blank=True)
    # Both inclusive. NULL: any.
    born_from = models.DateField(_("生于（起）"), null=True, blank=True)
    born_until = models.DateField(_("生于（止）"), null=True, blank=True)
    opens_at = models.DateTimeField(_("从"))
    closes_at = models.DateTimeField(_("到"), null=True, blank=True)

    class Meta:
        verbose_name = _("批次")
        verbose_name_plural = _("批次")
        ordering = ["opens_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")), name="cohorts_open_before_they_close"
            ),
        ]

    def __str__(self) -> str:
        return self.name
