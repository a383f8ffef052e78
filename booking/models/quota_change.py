import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeKind(models.TextChoices):
    PLAN = "plan", _("套用模板")
    COPY = "copy", _("复制一周")
    SET = "set", _("设置号源数")
    CLOSE = "close", _("停诊")
    REOPEN = "reopen", _("恢复开诊")


class ChangeState(models.TextChoices):
    PREVIEWED = "previewed", _("待确认")
    RUNNING = "running", _("执行中")
    STOPPED = "stopped", _("已停下")
    DONE = "done", _("已完成")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")


class WithAppointments(models.TextChoices):
    """What happens to the appointments that a change leaves without their place."""

    KEEP = "keep", _("保留不动")
    MOVE = "move", _("换到最近的同等或更好的号")
    CANCEL = "cancel", _("取消并通知")


class QuotaChange(models.Model):
    """A change of many slots at once: looked at first, then carried out by a job in steps, and undone the same way."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=10, choices=ChangeKind)
    state = models.CharField(_("状态"), max_length=10, choices=ChangeState, default=ChangeState.PREVIEWED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    created_at = models.DateTimeField(_("提出时间"))
    # All sites it is about: whoever may not change every one of them neither sees nor applies it.
    site_ids = ArrayField(models.BigIntegerField(), verbose_name=_("接种点"))
    # What was asked for, in the terms of its kind.
    params = models.JSONField(_("内容"), default=dict)
    appointments = models.CharField(
        _("受影响的预约"), max_length=10, choices=WithAppointments, default=WithAppointments.KEEP
    )
    reason = models.CharField(_("原因"), max_length=120, blank=True)
    # What the preview counted, and later what was done.
    summary = models.JSONField(_("结果"), default=dict)
    # The last slot event that the preview had seen: what came after it, it did not know.
    seen_event = models.BigIntegerField(default=0)
    # Steps: one for each site.
    total = models.PositiveIntegerField(_("总数"), default=0)
    done = models.PositiveIntegerField(_("已完成"), default=0)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("批量调整")
        verbose_name_plural = _("批量调整")
        ordering = ["-created_at"]
        permissions = [("apply_quotachange", "Can apply and undo changes")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"
