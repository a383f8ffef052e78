"""Names our own admin site instead of Django's; a file of its own, because an app has one configuration only."""

from django.contrib.admin.apps import AdminConfig


class GuardedAdminConfig(AdminConfig):
    """Django's admin behind two factors."""

    default_site = "accounts.admin_site.GuardedAdminSite"
