from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.message import MessageKind


class MessageTemplate(models.Model):
    """The city's own words for a kind of message, instead of those that the system brings."""

    kind = models.CharField(_("类型"), max_length=20, choices=MessageKind)
    language = models.CharField(_("语言"), max_length=8, choices=settings.LANGUAGES)
    text = models.TextField(_("正文"), max_length=500)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("修改人"))
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("消息模板")
        verbose_name_plural = _("消息模板")
        ordering = ["kind", "language"]
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="one_template_per_kind_and_language")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.language}"


class InboundText(models.Model):
    """An SMS that came in: its number at the gateway, so that it counts once, and what came of it. Not its sender."""

    key = models.CharField(_("网关编号"), max_length=80, unique=True)
    came_at = models.DateTimeField(_("收到时间"))
    # What the word meant, and what was done: codes.
    meant = models.CharField(_("意思"), max_length=20, blank=True)
    outcome = models.CharField(_("结果"), max_length=40)

    class Meta:
        verbose_name = _("收到的短信")
        verbose_name_plural = _("收到的短信")
        ordering = ["-came_at"]

    def __str__(self) -> str:
        return self.key
