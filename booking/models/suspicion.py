import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SuspicionState(models.TextChoices):
    OPEN = "OPEN", _("待看")
    DISMISSED = "DISMISSED", _("没有问题")
    LOCKED = "LOCKED", _("已停用预约")
    RESTORED = "RESTORED", _("申诉后恢复")


class Suspicion(models.Model):
    """That an account looks like one of many in one hand, with the evidence. Only a person locks it, or lets it go.

    A locked account books nothing; it reads, cancels and appeals.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="suspicions", verbose_name=_("账号")
    )
    # What was noticed, by its name in rules.bulk, and the numbers: no phone, no document, no name.
    sign = models.CharField(_("迹象"), max_length=40)
    evidence = models.JSONField(_("依据"), default=dict)
    raised_at = models.DateTimeField(_("发现时间"))
    state = models.CharField(_("状态"), max_length=9, choices=SuspicionState, default=SuspicionState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    appeal = models.CharField(_("申诉"), max_length=1000, blank=True)
    appealed_at = models.DateTimeField(_("申诉时间"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("批量账号")
        verbose_name_plural = _("批量账号")
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sign"],
                condition=Q(state__in=["OPEN", "LOCKED"]),
                name="one_open_suspicion_per_sign",
            ),
        ]

    def __str__(self) -> str:
        return self.sign
