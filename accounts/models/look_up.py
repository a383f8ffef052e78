"""Who of the city's own looked at whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import User


class LookUpKind(models.TextChoices):
    SEARCHED = "SEARCHED", _("按证件或手机号查找")
    OPENED = "OPENED", _("打开详情")


class LookUp(models.Model):
    """That somebody of the city's own looked at a person's data, and why. Rows are only added.

    It holds keyed hashes and primary keys, never a number or a name.
    """

    kind = models.CharField(_("方式"), max_length=10, choices=LookUpKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("查看人"))
    at = models.DateTimeField(_("时间"))
    # The blind index of the document; NULL where an account was looked for.
    person = models.UUIDField(_("所查的人"), null=True, db_index=True, editable=False)
    # What was opened, as "accounts.patient 3f…"; empty for a search.
    what = models.CharField(_("对象"), max_length=80, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    found = models.PositiveSmallIntegerField(_("找到几条"), default=1)

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        indexes = [
            models.Index(fields=["at"], name="look_ups_by_time"),
            models.Index(fields=["what"], condition=models.Q(person__isnull=True), name="look_ups_of_accounts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
