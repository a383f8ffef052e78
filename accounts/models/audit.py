"""Who changed what, from what to what."""

import uuid

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models.account import User


class AuditEntry(models.Model):
    """One change that somebody made in the admin, or an export, with its before and after. Rows are only added.

    It never holds a number, a password or a name of a patient: fields that are encrypted say only that they changed.
    """

    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    # A verb: add, change, apply, undo, invite, deactivate, import, export, pause …
    action = models.CharField(_("动作"), max_length=20)
    # What it was done to, as "sites.site 17"; and how people call it.
    what = models.CharField(_("对象"), max_length=80)
    label = models.CharField(_("名称"), max_length=160)
    before = models.JSONField(_("改前"), default=dict)
    after = models.JSONField(_("改后"), default=dict)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    # The network address it came from.
    origin = models.GenericIPAddressField(_("来源"), null=True, blank=True)
    # Whose part of the city it is about, empty for the whole city.
    district_code = models.CharField(_("区县"), max_length=6, blank=True)

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        indexes = [
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["what", "at"], name="audit_by_object"),
        ]
        permissions = [("export_auditentry", "Can ask for, approve and download exports")]

    def __str__(self) -> str:
        return f"{self.label} {localtime(self.at):%Y-%m-%d}"


class AuditExport(models.Model):
    """That somebody asked for a file of the audit trail. Another one has to approve it before it can be fetched."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    first_day = models.DateField(_("从哪天"))
    last_day = models.DateField(_("到哪天"))
    reason = models.CharField(_("原因"), max_length=200)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    refused_at = models.DateTimeField(_("拒绝时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("操作记录导出")
        verbose_name_plural = _("操作记录导出")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")),
                name="exports_need_a_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"


class Invitation(models.Model):
    """Lets somebody who was added by phone choose a password, once and within its time.

    The link's secret is kept as a keyed hash only. The phone is the work phone: it does not sign anybody in.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations", verbose_name=_("账号"))
    secret_index = models.UUIDField(unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("邀请人"))
    made_at = models.DateTimeField(_("邀请时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")

    def __str__(self) -> str:
        return f"{self.user} {self.made_at:%Y-%m-%d}"
