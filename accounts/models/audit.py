"""Who changed what, from what to what."""

from django.db import models
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

    def __str__(self) -> str:
        return f"{self.action} {self.label}"


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
