from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from booking.models.appointment import Appointment
from sites.models import Site


class VisitStatus(models.TextChoices):
    """As FHIR's Encounter names them; a check-in that was undone is a cancelled visit."""

    ARRIVED = "ARRIVED", _("已签到")
    TRIAGED = "TRIAGED", _("已问诊")
    IN_PROGRESS = "IN_PROGRESS", _("留观中")
    FINISHED = "FINISHED", _("已离开")
    CANCELLED = "CANCELLED", _("已撤销签到")


# In these somebody is at the site.
PRESENT = (VisitStatus.ARRIVED, VisitStatus.TRIAGED, VisitStatus.IN_PROGRESS)


class Visit(models.Model):
    """What happens at the site: arrived, asked, vaccinated, observed, left. One for an appointment, while it counts."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="visits", verbose_name=_("预约"))
    # Where it takes place, which is where somebody arrived.
    site = models.ForeignKey(Site, models.PROTECT, related_name="visits", verbose_name=_("接种点"))
    day = models.DateField(_("日期"))
    # The number that is called; counted from 1 for each site and day.
    ticket = models.PositiveIntegerField(_("号码"))
    status = models.CharField(_("状态"), max_length=12, choices=VisitStatus, default=VisitStatus.ARRIVED)
    arrived_at = models.DateTimeField(_("签到时间"))
    arrived_desk = models.CharField(_("签到台"), max_length=20)
    called_at = models.DateTimeField(_("叫号时间"), null=True, blank=True)
    called_desk = models.CharField(_("叫到哪个台"), max_length=20, blank=True)
    triaged_at = models.DateTimeField(_("问诊时间"), null=True, blank=True)
    vaccinated_at = models.DateTimeField(_("接种时间"), null=True, blank=True)
    observe_until = models.DateTimeField(_("留观到"), null=True, blank=True)
    left_at = models.DateTimeField(_("离开时间"), null=True, blank=True)
    # Why somebody left before the observation was over.
    left_early = models.CharField(_("提前离开的原因"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("到访")
        verbose_name_plural = _("到访")
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"], condition=~Q(status="CANCELLED"), name="one_visit_per_appointment"
            ),
            models.UniqueConstraint(fields=["site", "day", "ticket"], name="one_visit_per_ticket"),
        ]
        indexes = [models.Index(fields=["site", "day", "status"], name="visits_of_a_day")]

    def __str__(self) -> str:
        return f"A{self.ticket:03}"


class Decision(models.TextChoices):
    MAY = "MAY", _("可以接种")
    DEFER = "DEFER", _("暂缓接种")
    REFUSE = "REFUSE", _("不接种")


class HealthAnswers(models.Model):
    """The yes/no questions asked before a dose, with the decision. The latest of a visit counts."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="answers", verbose_name=_("到访"))
    # The codes of the questions that were answered with yes (rules.health_questions); encrypted: they are about health.
    said_yes = EncryptedTextField(_("回答“是”的问题"), associated="healthanswers.said_yes", blank=True)
    note = EncryptedTextField(_("说明"), associated="healthanswers.note", blank=True)
    decision = models.CharField(_("结论"), max_length=6, choices=Decision)
    deferred_until = models.DateField(_("暂缓到"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("问诊人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("健康询问")
        verbose_name_plural = _("健康询问")

    def __str__(self) -> str:
        return self.get_decision_display()


class Reaction(models.Model):
    """An adverse event after a dose."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reactions", verbose_name=_("到访"))
    # A code of rules.reactions; what exactly was seen and done is about health, so it is encrypted.
    kind = models.CharField(_("反应"), max_length=20)
    action = models.CharField(_("处理"), max_length=20)
    note = EncryptedTextField(_("说明"), associated="reaction.note", blank=True)
    began_at = models.DateTimeField(_("出现时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("不良反应")
        verbose_name_plural = _("不良反应")

    def __str__(self) -> str:
        return self.kind
