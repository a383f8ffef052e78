from django.apps import AppConfig


class SitesConfig(AppConfig):
    """Vaccination sites. The label `sites` means that django.contrib.sites can never be installed beside it."""

    name = "sites"
    verbose_name = "接种点"
