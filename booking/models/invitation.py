import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from booking.models.programme import Programme


class InvitationSource(models.TextChoices):
    IMPORTED = "imported", _("导入名单")
    DUE = "due", _("到期该打下一剂的人")


class InvitationList(models.Model):
    """People who are invited to a programme together, until a deadline."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="invitation_lists", verbose_name=_("接种项目")
    )
    name = models.CharField(_("名称"), max_length=80)
    source = models.CharField(_("来源"), max_length=8, choices=InvitationSource)
    expires_at = models.DateTimeField(_("截止时间"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    made_at = models.DateTimeField(_("建立时间"))
    # Nobody is invited by a list before it has been sent.
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    # Those who had not booked by then were told once more.
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    # How many of its people have been gone through since it was sent, or since the reminder.
    done = models.PositiveIntegerField(_("已处理"), default=0, editable=False)

    class Meta:
        verbose_name = _("邀请名单")
        verbose_name_plural = _("邀请名单")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """One person's right to book, for one appointment. The link only leads there: the right is the person's.

    `person` is the blind index of the document, so whoever has the link and another document has nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(InvitationList, models.PROTECT, related_name="invitations", verbose_name=_("名单"))
    person = models.UUIDField(editable=False)
    # Where the link is sent; empty for somebody who is told in their account or by post.
    phone = EncryptedTextField(_("手机号"), associated="booking.Invitation.phone", null=True, blank=True)
    language = models.CharField(_("语言"), max_length=8, default="zh-hans")
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    opened_at = models.DateTimeField(_("第一次打开"), null=True, blank=True)

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        constraints = [models.UniqueConstraint(fields=["list", "person"], name="one_invitation_per_list_and_person")]
        indexes = [models.Index(fields=["person"], condition=Q(withdrawn_at=None), name="invitations_of_a_person")]

    def __str__(self) -> str:
        return str(self.pk)
