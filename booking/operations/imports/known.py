"""What rows of a file may name: districts, sites, programmes and accounts, of its sender's part of the city."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from booking.models import ImportRun, Programme, Vaccine
from booking.rules.cells import BadCell, code
from sites.models import District, Site
from sites.scope import NOWHERE, Scope, scope_of

_UNKNOWN = {
    "districts": "unknown_district",
    "sites": "unknown_site",
    "programmes": "unknown_programme",
    "users": "unknown_account",
    "vaccines": "unknown_vaccine",
}


class Known:
    """Looked up for some rows at a time, in one statement for each kind of thing."""

    def __init__(self, scope: Scope, *, site_codes: Iterable[str] = (), accounts: Iterable[str] = ()) -> None:
        self.scope = scope
        districts = District.objects.all() if scope.everywhere else District.objects.filter(pk__in=scope.districts)
        self._by: dict[str, dict[str, Any]] = {
            "districts": {},
            "sites": {},
            "programmes": {},
            "users": {},
            "vaccines": {},
        }
        for district in districts:
            self._by["districts"] |= {district.name: district, district.pk: district}
        if site_codes := set(site_codes):
            mine = Site.objects.filter(scope.of_sites(), code__in=site_codes)
            self._by["sites"] = {site.code: site for site in mine}
        if accounts := set(accounts):
            users = User.objects.filter(username__in=accounts, is_active=True).only("pk", "username")
            self._by["users"] = {user.username: user for user in users}

    def find(self, what: str, code: str) -> Any:
        """The district, site, programme or account. Raises BadCell, the same for what is not there and not theirs."""
        if what == "programmes" and not self._by[what]:
            self._by[what] = {programme.code: programme for programme in Programme.objects.all()}
        if what == "vaccines" and not self._by[what]:
            self._by[what] = {vaccine.code: vaccine for vaccine in Vaccine.objects.all()}
        found = self._by[what].get(code)
        if found is None:
            places = what in ("districts", "sites")
            raise BadCell("outside" if places and not self.scope.everywhere else _UNKNOWN[what])
        return found


def sender_scope(run: ImportRun) -> Scope:
    """The part of the city that the sender is responsible for now, which may be less than when the file was sent."""
    return scope_of(run.by) if run.by.has_perm("booking.add_importrun") else NOWHERE


def texts(rows: Iterable[dict[str, str]], column: str) -> set[str]:
    """What the rows say in a column of codes, where it can be read."""
    found = set()
    for row in rows:
        try:
            found.add(code(row.get(column, "")))
        except BadCell:
            continue
    return found - {""}
