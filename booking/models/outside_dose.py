import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.programme import Programme
from booking.models.vaccine import Vaccine


class OutsideDose(models.Model):
    """A dose that somebody received elsewhere, as a paper or a register says. What was wrong stays, marked as such."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField(editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", verbose_name=_("接种项目"))
    vaccine = models.ForeignKey(Vaccine, models.PROTECT, related_name="+", verbose_name=_("疫苗"))
    dose = models.PositiveSmallIntegerField(_("第几剂"))
    given_on = models.DateField(_("接种日期"))
    where = models.CharField(_("在哪里打的"), max_length=120)
    batch = models.CharField(_("批号"), max_length=40, blank=True)
    # Which paper or register it was read from.
    evidence = models.CharField(_("凭据"), max_length=120)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人"))
    entered_at = models.DateTimeField(_("录入时间"))
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("作废人")
    )
    voided_reason = models.CharField(_("作废原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("外地接种记录")
        verbose_name_plural = _("外地接种记录")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme", "dose"], condition=Q(voided_at=None), name="one_outside_dose_per_number"
            ),
            models.CheckConstraint(condition=Q(dose__gte=1), name="outside_doses_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.dose}"
