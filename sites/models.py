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


class AdminRole(models.TextChoices):
    CITY = "city", _("市级管理员")
    DISTRICT = "district", _("区县管理员")
    SITE = "site", _("接种点管理员")
    AUDITOR = "auditor", _("审计员")


class Administrator(models.Model):
    """That an account may enter the admin, as what, and for which part of the city.

    What each role may do is the table in settings.ROLE_PERMISSIONS; what of it the account sees is sites.scope.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="offices", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=10, choices=AdminRole)
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, verbose_name=_("区县"))
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, verbose_name=_("接种点"))
    is_active = models.BooleanField(_("启用"), default=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("由谁授权")
    )
    given_at = models.DateTimeField(_("授权时间"))

    class Meta:
        verbose_name = _("管理员")
        verbose_name_plural = _("管理员")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "district", "site"], nulls_distinct=False, name="one_office_per_role_and_place"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["city", "auditor"], district=None, site=None)
                | models.Q(role="district", district__isnull=False, site=None)
                | models.Q(role="site", district=None, site__isnull=False),
                name="offices_name_their_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
