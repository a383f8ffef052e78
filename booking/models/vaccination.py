import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.stock import Batch
from booking.models.vaccine import Vaccine
from booking.models.visit import Visit


class RecordStatus(models.TextChoices):
    """As FHIR's Immunization names them."""

    COMPLETED = "COMPLETED", _("已接种")
    NOT_DONE = "NOT_DONE", _("未接种")
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR", _("误记")


class BodySite(models.TextChoices):
    LEFT_ARM = "left_arm", _("左上臂")
    RIGHT_ARM = "right_arm", _("右上臂")
    LEFT_THIGH = "left_thigh", _("左大腿")
    RIGHT_THIGH = "right_thigh", _("右大腿")
    MOUTH = "mouth", _("口服")


class Route(models.TextChoices):
    INTRAMUSCULAR = "intramuscular", _("肌内注射")
    SUBCUTANEOUS = "subcutaneous", _("皮下注射")
    INTRADERMAL = "intradermal", _("皮内注射")
    ORAL = "oral", _("口服")


class VaccinationRecord(models.Model):
    """The dose that was given, or that one was not given and why. What was wrong stays, marked as such.

    The law asks for vaccine, holder, pack, expiry, time, who gave it and who got it; the batch knows the middle ones.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="records", verbose_name=_("到访"))
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="records", verbose_name=_("预约"))
    # The blind index of the document: a dose is the person's, whichever account booked it.
    person = models.UUIDField(editable=False, db_index=True)
    vaccine = models.ForeignKey(Vaccine, models.PROTECT, related_name="+", verbose_name=_("疫苗"))
    dose = models.PositiveSmallIntegerField(_("第几剂"))
    status = models.CharField(_("状态"), max_length=16, choices=RecordStatus, default=RecordStatus.COMPLETED)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("批次")
    )
    body_site = models.CharField(_("接种部位"), max_length=12, choices=BodySite, blank=True)
    route = models.CharField(_("接种途径"), max_length=14, choices=Route, blank=True)
    given_at = models.DateTimeField(_("时间"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("接种人员"))
    # A bar that a doctor lifted (codes of rules.dose), and why.
    lifted = models.CharField(_("放行的限制"), max_length=100, blank=True)
    lifted_reason = models.CharField(_("放行的原因"), max_length=200, blank=True)
    # Why it was not done, or what was wrong with it.
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("接种记录")
        verbose_name_plural = _("接种记录")
        constraints = [
            models.UniqueConstraint(
                fields=["visit"], condition=~Q(status="ENTERED_IN_ERROR"), name="one_record_per_visit"
            ),
            models.CheckConstraint(
                condition=~Q(status="COMPLETED") | Q(batch__isnull=False), name="given_doses_have_a_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.given_at:%Y-%m-%d}"
