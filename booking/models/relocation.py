from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.quota_change import QuotaChange
from booking.models.slot import Slot


class RelocationState(models.TextChoices):
    PENDING = "PENDING", _("等本人确认")
    ACCEPTED = "ACCEPTED", _("已接受")
    CHOSE_ANOTHER = "CHOSE_ANOTHER", _("另选了时间")
    DECLINED = "DECLINED", _("不要了")
    NO_PLACE = "NO_PLACE", _("没有合适的号，已取消")
    TAKEN_BACK = "TAKEN_BACK", _("已撤回")


class Relocation(models.Model):
    """That the city had to move an appointment, where to, and what the citizen said to it.

    The new place is the citizen's from the start; answering only says whether it suits.
    """

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="relocations", verbose_name=_("预约"))
    change = models.ForeignKey(
        QuotaChange, models.PROTECT, null=True, blank=True, related_name="relocations", verbose_name=_("批量调整")
    )
    from_slot = models.ForeignKey(Slot, models.PROTECT, related_name="+", verbose_name=_("原时段"))
    to_slot = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("新时段"))
    # Metres between the two sites, along the surface.
    distance_m = models.PositiveIntegerField(_("相距（米）"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=15, choices=RelocationState, default=RelocationState.PENDING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    made_at = models.DateTimeField(_("时间"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("换号")
        verbose_name_plural = _("换号")
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"], condition=Q(state="PENDING"), name="one_open_relocation_per_appointment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.appointment} {self.get_state_display()}"
