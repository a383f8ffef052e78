from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Patient
from booking.models.programme import Programme
from booking.models.slot import Slot


class Status(models.TextChoices):
    BOOKED = "BOOKED", _("已预约")
    CHECKED_IN = "CHECKED_IN", _("已签到")
    FULFILLED = "FULFILLED", _("已接种")
    CANCELLED = "CANCELLED", _("已取消")
    NO_SHOW = "NO_SHOW", _("未到")


# An appointment in one of these occupies the patient's dose, and a place.
LIVE = (Status.BOOKED, Status.CHECKED_IN, Status.FULFILLED)


class Appointments(models.QuerySet["Appointment"]):
    def live(self) -> "Appointments":
        """Those that occupy a dose and a place."""
        return self.filter(status__in=LIVE)

    def holding_a_place(self) -> "Appointments":
        """Those with a place number: the live ones, and the cancelled ones whose undo window is open."""
        return self.filter(place__isnull=False)


class Appointment(models.Model):
    """A patient's place in a slot.

    Written thousands of times a minute, so it carries no index that another one serves as well, and the database checks
    only the references that could be wrong: programme and account come from the slot's and the patient's own rows.
    """

    # 12 digits, the last one a check digit; the code that a citizen quotes.
    reference = models.CharField(_("预约号"), max_length=12)
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="appointments", verbose_name=_("时段"), db_index=False)
    # 1 to the slot's quota. NULL once the place was given up: taken simply means "has a number".
    place = models.PositiveIntegerField(_("第几个号"), null=True, blank=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="appointments", verbose_name=_("接种人"))
    person = models.UUIDField(editable=False)
    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name=_("接种项目"), db_index=False, db_constraint=False
    )
    dose = models.PositiveSmallIntegerField(_("第几剂"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.BOOKED)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="bookings",
        verbose_name=_("预约人"),
        db_index=False,
        db_constraint=False,
    )
    booked_at = models.DateTimeField(_("预约时间"))
    # The caller's own key for the try that booked, and what it asked for: a repeat gets this appointment again.
    request_key = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=32)
    # What the gate knows this place by.
    claim = models.CharField(max_length=32)
    moves = models.PositiveSmallIntegerField(_("已改次数"), default=0)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    # Until then a cancelled appointment keeps its place, so that an undo never fails.
    restorable_until = models.DateTimeField(_("可恢复到"), null=True, blank=True)
    # When the number of a cancelled appointment goes on: to the waitlist, or back to everybody. Never before the above.
    release_at = models.DateTimeField(_("何时放出"), null=True, blank=True)
    # The offer that the number is kept for meanwhile: a number is in one offer at most.
    kept_for = models.ForeignKey(
        "booking.Offer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        verbose_name=_("留给的候补通知"),
        db_index=False,
        db_constraint=False,
    )

    objects = Appointments.as_manager()

    class Meta:
        verbose_name = _("预约")
        verbose_name_plural = _("预约")
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_appointment_per_reference"),
            # The promise against overbooking. The statement that inserts also checks place <= quota.
            models.UniqueConstraint(fields=["slot", "place"], name="one_appointment_per_place"),
            models.UniqueConstraint(
                fields=["person", "programme", "dose"],
                condition=Q(status__in=["BOOKED", "CHECKED_IN", "FULFILLED"]),
                name="one_live_appointment_per_person_and_dose",
            ),
            models.UniqueConstraint(fields=["booked_by", "request_key"], name="one_appointment_per_request_key"),
            models.CheckConstraint(condition=Q(place__gte=1) | Q(place__isnull=True), name="places_count_from_one"),
            models.CheckConstraint(
                condition=Q(place__isnull=False) | Q(status__in=["CANCELLED", "NO_SHOW"]),
                name="live_appointments_have_a_place",
            ),
        ]
        indexes = [
            models.Index(
                fields=["release_at"],
                condition=Q(status="CANCELLED", place__isnull=False),
                name="cancelled_still_holding",
            ),
            models.Index(fields=["kept_for"], condition=Q(kept_for__isnull=False), name="places_kept_for_offers"),
        ]

    def __str__(self) -> str:
        return self.reference
