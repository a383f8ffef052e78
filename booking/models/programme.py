from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Sex
from booking.models.vaccine import Vaccine
from sites.models import District


class ReleaseMode(models.TextChoices):
    OPEN = "open", _("到点开放")
    COHORT = "cohort", _("分批次")
    INVITATION = "invitation", _("凭邀请")
    DRAW = "draw", _("摇号")


class Programme(models.Model):
    """One vaccination effort: the vaccine, its doses and intervals, and who may book."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120)
    vaccine = models.ForeignKey(Vaccine, models.PROTECT, verbose_name=_("疫苗"))
    doses = models.PositiveSmallIntegerField(_("剂次"), default=1)
    # Days from dose n to dose n+1: one fewer than there are doses.
    intervals = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("间隔天数"), default=list, blank=True)
    min_age = models.PositiveSmallIntegerField(_("最小年龄"), default=0, help_text=_("周岁，含"))
    max_age = models.PositiveSmallIntegerField(_("最大年龄"), default=120, help_text=_("周岁，含"))
    sex = models.CharField(_("性别限制"), max_length=1, choices=Sex, blank=True)
    districts = models.ManyToManyField(
        District, verbose_name=_("限定区县"), blank=True, help_text=_("不选表示全市都可以约")
    )
    release_mode = models.CharField(_("放号方式"), max_length=10, choices=ReleaseMode, default=ReleaseMode.OPEN)
    # Of the places of each slot, how many in a hundred are kept for second and later doses.
    kept_for_later_doses = models.PositiveSmallIntegerField(
        _("留给后续剂次的百分比"),
        default=0,
        db_default=0,
        help_text=_("每段号源里留给第 2 剂及以后的，没用完的在接种前几天放回给所有人。以后新排的时段才算"),
    )
    # Who on the waitlist comes first: names of rules.priority, the most important first; then whoever joined first.
    waitlist_order = ArrayField(models.CharField(max_length=20), verbose_name=_("候补次序"), default=list, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("接种项目")
        verbose_name_plural = _("接种项目")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(doses__gte=1), name="at_least_one_dose"),
            models.CheckConstraint(condition=Q(min_age__lte=F("max_age")), name="ages_in_order"),
            models.CheckConstraint(condition=Q(kept_for_later_doses__lte=100), name="kept_for_later_doses_is_a_share"),
        ]

    def __str__(self) -> str:
        return self.name
