from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    """Vaccination sites. The label `sites` means that django.contrib.sites can never be installed beside it."""

    name = "sites"
    verbose_name = _("接种点")
