"""Which part of the city an administrator sees: all of it, some districts, or some sites.

Lists, searches, choices, exports and single rows all go through here, so that nothing of another district shows up
anywhere, not even as "you may not see this".
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import User
from sites.models import Administrator, AdminRole, Site


@dataclass(frozen=True, slots=True)
class Scope:
    """`everywhere`, or the districts (codes) and sites (keys) that the account is responsible for."""

    everywhere: bool
    districts: frozenset[str] = frozenset()
    sites: frozenset[int] = frozenset()

    def of_sites(self, path: str = "") -> Q:
        """A condition on rows whose site lies at the end of `path` ("slot__site"; empty for sites themselves)."""
        if self.everywhere:
            return Q()
        start = f"{path}__" if path else ""
        return Q(**{f"{start}district__in": self.districts}) | Q(**{f"{start}pk__in": self.sites})

    def of_districts(self, path: str = "") -> Q:
        """The same for rows that belong to a district as a whole; a site's manager sees the site's district only."""
        if self.everywhere:
            return Q()
        start = f"{path}__" if path else ""
        return Q(**{f"{start}pk__in": self.districts}) | Q(**{f"{start}sites__in": self.sites})

    def has_site(self, site: Site) -> bool:
        """Whether the site is the account's to look after."""
        return self.everywhere or site.district_id in self.districts or site.pk in self.sites

    def has_sites(self, site_ids: "list[int]") -> bool:
        """Whether every one of these sites is; false for a site that does not exist."""
        wanted = set(site_ids)
        return Site.objects.filter(self.of_sites(), pk__in=wanted).count() == len(wanted)


NOWHERE = Scope(False)


def offices_of(user: Any) -> list[Administrator]:
    """The account's offices that count now. Read once for each request's user object."""
    if not isinstance(user, User) or not user.is_active:
        return []
    # By getattr and setattr, which reach the account inside the wrappers that requests have around it.
    found: list[Administrator] | None = getattr(user, "_offices", None)
    if found is None:
        found = list(Administrator.objects.filter(user=user, is_active=True))
        setattr(user, "_offices", found)  # noqa: B010
    return found


def scope_of(user: Any) -> Scope:
    """What the account sees in the admin; NOWHERE for whoever has no office."""
    if getattr(user, "is_superuser", False) and user.is_active:
        return Scope(True)
    offices = offices_of(user)
    if any(office.role in (AdminRole.CITY, AdminRole.AUDITOR) for office in offices):
        return Scope(True)
    return Scope(
        False,
        frozenset(office.district_id for office in offices if office.district_id),
        frozenset(office.site_id for office in offices if office.site_id),
    )
