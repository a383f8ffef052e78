import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Patient
from booking.models.appointment import Appointment
from booking.models.programme import Programme
from booking.models.slot import Slot
from booking.models.stock import Batch
from sites.models import District, Site


class WaitlistEntry(models.Model):
    """One person's wish for a place, in the order in which it was made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="waitlist", verbose_name=_("登记人")
    )
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="waitlist", verbose_name=_("接种人"))
    person = models.UUIDField(editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="waitlist", verbose_name=_("接种项目"))
    # Any of these; without sites and districts the whole city.
    sites = models.ManyToManyField(Site, verbose_name=_("接种点"), blank=True)
    districts = models.ManyToManyField(District, verbose_name=_("区县"), blank=True)
    # Who comes along: they take places in one slot together, or none.
    companions = models.ManyToManyField(Patient, related_name="+", verbose_name=_("同行的人"), blank=True)
    people = models.PositiveSmallIntegerField(_("几个人"), default=1, db_default=1)
    # Days of the week, 1 for Monday to 7, and parts of the day (rules.hours); empty: any.
    days = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("星期几"), default=list, blank=True)
    parts_of_day = ArrayField(models.CharField(max_length=10), verbose_name=_("时段"), default=list, blank=True)
    # Whether a place that somebody gave up would do, and whether a leftover dose of today would, for which the answer
    # is wanted within minutes.
    takes_places = models.BooleanField(_("接受空出来的号"), default=True, db_default=True)
    takes_leftovers = models.BooleanField(_("接受当天余苗"), default=True)
    # The last day for which a place would do.
    until = models.DateField(_("候补到"))
    joined_at = models.DateTimeField(_("登记时间"))
    # Left, got a place, or until is over.
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("候补")
        verbose_name_plural = _("候补")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"], condition=Q(ended_at=None), name="one_entry_per_person_and_programme"
            )
        ]
        indexes = [
            models.Index(fields=["programme", "joined_at"], condition=Q(ended_at=None), name="waiting_in_order"),
            # How often somebody was asked, by whichever wish.
            models.Index(fields=["person"], name="waitlist_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.joined_at:%Y-%m-%d %H:%M}"


class RoundState(models.TextChoices):
    RUNNING = "RUNNING", _("进行中")
    DONE = "DONE", _("都有人要了")
    OVER = "OVER", _("到时间了")
    STOPPED = "STOPPED", _("已停止")


class LeftoverRound(models.Model):
    """So many leftover doses of a site, to be offered to the waitlist until a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("接种点"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", verbose_name=_("接种项目"))
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批次"))
    doses = models.PositiveSmallIntegerField(_("余苗剂数"))
    # Until when whoever accepts must be at the site.
    until = models.DateTimeField(_("最晚到达"))
    state = models.CharField(_("状态"), max_length=8, choices=RoundState, default=RoundState.RUNNING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发起人"))
    begun_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("余苗")
        verbose_name_plural = _("余苗")
        indexes = [models.Index(fields=["until"], condition=Q(state="RUNNING"), name="leftovers_running")]

    def __str__(self) -> str:
        return f"{self.site} {self.doses}"


class OfferState(models.TextChoices):
    PENDING = "PENDING", _("等答复")
    ACCEPTED = "ACCEPTED", _("要")
    DECLINED = "DECLINED", _("不要")
    EXPIRED = "EXPIRED", _("过时了")
    WITHDRAWN = "WITHDRAWN", _("已收回")


class Offer(models.Model):
    """A place kept for one entry until `expires_at`. It is taken once, by whoever it was made to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, related_name="offers", verbose_name=_("候补"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("接种点"))
    # For a leftover dose: of which round.
    round = models.ForeignKey(
        LeftoverRound, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("余苗")
    )
    # For freed places: of which slot. The places are the given-up appointments that are kept for this offer.
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("时段"))
    state = models.CharField(_("状态"), max_length=9, choices=OfferState, default=OfferState.PENDING)
    made_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("答复期限"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="offer", verbose_name=_("预约")
    )

    class Meta:
        verbose_name = _("候补通知")
        verbose_name_plural = _("候补通知")
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(state="PENDING"), name="one_open_offer_per_entry"),
            models.UniqueConstraint(fields=["entry", "round"], name="one_offer_per_entry_and_round"),
            models.CheckConstraint(
                condition=Q(round__isnull=False) | Q(slot__isnull=False), name="offers_are_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="PENDING"), name="offers_running_out"),
            # How often somebody was asked today.
            models.Index(fields=["made_at"], name="offers_by_day"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
