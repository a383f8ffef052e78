from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from booking.models.programme import Programme


class ReleaseQueue(models.Model):
    """The minutes around an open release in which nobody books without a place in its queue.

    Whoever comes before `opens_at` stands in a random order, decided by `seed` and the person; whoever comes later
    stands behind them in the order of coming. So many people a minute are let in.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="queues", verbose_name=_("接种项目"))
    # From when people may take a place in the queue.
    lobby_from = models.DateTimeField(_("几点起可以排"))
    opens_at = models.DateTimeField(_("放号时间"))
    # From then on nobody needs a place in the queue any more.
    ends_at = models.DateTimeField(_("排队结束"))
    people_a_minute = models.PositiveIntegerField(_("每分钟放进几人"))
    seed = EncryptedTextField(_("次序的种子"), associated="booking.ReleaseQueue.seed", editable=False)
    # How many stood in it before it opened, as far as it was counted; final once it was counted after the opening.
    early = models.PositiveIntegerField(_("放号前人数"), default=0, db_default=0, editable=False)
    # The last number that is known to have been given behind them.
    behind = models.PositiveIntegerField(_("放号后人数"), default=0, db_default=0, editable=False)
    counted_at = models.DateTimeField(_("点数时间"), null=True, blank=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    made_at = models.DateTimeField(_("建立时间"))
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("放号排队")
        verbose_name_plural = _("放号排队")
        ordering = ["-opens_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "opens_at"], condition=Q(cancelled_at=None), name="one_queue_per_release"
            ),
            models.CheckConstraint(
                condition=Q(lobby_from__lt=F("opens_at"), ends_at__gt=F("opens_at"), people_a_minute__gte=1),
                name="queues_open_before_they_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {timezone.localtime(self.opens_at):%Y-%m-%d %H:%M}"
