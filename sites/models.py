"""Where vaccinations happen and who works there."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class District(models.Model):
    """A part of the city, by its GB/T 2260 code."""

    code = models.CharField(_("代码"), primary_key=True, max_length=6)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60)
    longitude = models.FloatField(_("经度"))
    latitude = models.FloatField(_("纬度"))

    class Meta:
        verbose_name = _("区县")
        verbose_name_plural = _("区县")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class Site(models.Model):
    """A place that vaccinates: a hospital or a community clinic."""

    code = models.CharField(_("编号"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="sites", verbose_name=_("区县"))
    street = models.CharField(_("街道"), max_length=60)
    address = models.CharField(_("地址"), max_length=160, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True, help_text=_("对外公布的电话"))
    # WGS 84.
    longitude = models.FloatField(_("经度"))
    latitude = models.FloatField(_("纬度"))
    step_free = models.BooleanField(_("无台阶"), default=False)
    parking = models.BooleanField(_("可停车"), default=False)
    english = models.BooleanField(_("有英语服务"), default=False)
    quota_per_half_hour = models.PositiveSmallIntegerField(_("每半小时能打几人"), default=20)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("接种点")
        verbose_name_plural = _("接种点")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def facilities(self) -> list[str]:
        """The codes of what the site offers: step_free, parking, english."""
        return [name for name in ("step_free", "parking", "english") if getattr(self, name)]


class DeskRole(models.TextChoices):
    REGISTRATION = "registration", _("登记")
    SCREENING = "screening", _("问诊")
    VACCINATION = "vaccination", _("接种")
    OBSERVATION = "observation", _("留观")
    SUPERVISOR = "supervisor", _("值班长")


class StaffMember(models.Model):
    """An account that works at a site, and as what."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts", verbose_name=_("账号"))
    site = models.ForeignKey(Site, models.CASCADE, related_name="staff", verbose_name=_("接种点"))
    role = models.CharField(_("岗位"), max_length=20, choices=DeskRole)
    is_active = models.BooleanField(_("在岗"), default=True)

    class Meta:
        verbose_name = _("工作人员")
        verbose_name_plural = _("工作人员")
        constraints = [models.UniqueConstraint(fields=["user", "site", "role"], name="one_post_per_site_and_role")]

    def __str__(self) -> str:
        return f"{self.user} · {self.site}"
