from django.db import models
from django.utils.translation import gettext_lazy as _


class Vaccine(models.Model):
    """What is given."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120)
    manufacturer = models.CharField(_("生产企业"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("疫苗")
        verbose_name_plural = _("疫苗")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
