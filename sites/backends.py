"""What an account may do in the admin follows from its offices, not from groups that somebody has to keep right."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from sites.scope import offices_of


class OfficeBackend(BaseBackend):
    """Gives each office the permissions that settings.ROLE_PERMISSIONS lists for its role; signs nobody in."""

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """The permissions of all the account's offices together; which rows they are about is sites.scope's."""
        if obj is not None:
            return set()
        return {name for office in offices_of(user_obj) for name in settings.ROLE_PERMISSIONS[office.role]}

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the account may do anything in the app; the admin's first page asks this before anything else."""
        return any(name.startswith(f"{app_label}.") for name in self.get_user_permissions(user_obj))
