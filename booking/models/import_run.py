import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.invitation import InvitationList


class ImportKind(models.TextChoices):
    SITES = "sites", _("接种点")
    STAFF = "staff", _("工作人员")
    PLANS = "plans", _("号源模板")
    INVITATIONS = "invitations", _("邀请名单")
    OUTSIDE = "outside", _("外地接种记录")


class ImportState(models.TextChoices):
    CHECKING = "checking", _("核对中")
    CHECKED = "checked", _("待确认")
    RUNNING = "running", _("导入中")
    DONE = "done", _("已完成")
    REFUSED = "refused", _("读不了")
    DROPPED = "dropped", _("已放弃")


class ImportRun(models.Model):
    """A file that somebody uploaded: checked row by row, shown, and taken in whole or in its good rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=12, choices=ImportKind)
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.CHECKING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    created_at = models.DateTimeField(_("上传时间"))
    file_name = models.CharField(_("文件名"), max_length=120)
    # Kept until it was taken in or dropped, or for a day.
    content = models.BinaryField(null=True)
    encoding = models.CharField(_("编码"), max_length=12, blank=True)
    total = models.PositiveIntegerField(_("总行数"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    # What the check found: new, changed, same, and bad rows.
    summary = models.JSONField(_("结果"), default=dict)
    # [{"row": 17, "field": "places", "value": "二十", "reason": "…"}, …], at most some thousand.
    errors = models.JSONField(_("错误"), default=list)
    # Where the rows of a file of people to invite belong.
    invitation_list = models.ForeignKey(
        InvitationList, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("邀请名单")
    )
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
