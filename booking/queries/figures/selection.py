"""Which figures somebody wants to see, of those that are theirs to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from booking.models import HourFigure, Programme
from sites.models import District, Site
from sites.scope import Scope


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, and what can be chosen: everything in it lies within the scope."""

    scope: Scope
    first: date
    last: date
    district: District | None
    site: Site | None
    programme: Programme | None
    districts: Sequence[District]
    # Of the chosen district, by district and code, with their districts.
    sites: Sequence[Site]
    programmes: Sequence[Programme]

    def figures(self, ledger: str, first: date, last: date) -> "QuerySet[HourFigure]":
        """What was counted for these days, as the database of that alias has it."""
        found = (
            HourFigure.objects.using(ledger)
            .filter(self.scope.of_sites("site"), day__gte=first, day__lte=last)
            .order_by()
        )
        if self.site is not None:
            found = found.filter(site=self.site)
        elif self.district is not None:
            found = found.filter(site__district=self.district)
        return found if self.programme is None else found.filter(programme=self.programme)


def select(
    *, scope: Scope, first: date, last: date, district: str = "", site: str = "", programme: str = ""
) -> Selection | None:
    """The selection by codes, empty for all; None if one of them is not there, or is somebody else's."""
    districts = list(District.objects.filter(scope.of_districts()).distinct())
    programmes = list(Programme.objects.order_by("code"))
    every_site = list(Site.objects.filter(scope.of_sites()).select_related("district").order_by("district_id", "code"))
    of_district = [one for one in every_site if district in ("", one.district_id)]
    found_district = next((one for one in districts if one.pk == district), None)
    found_site = next((one for one in of_district if one.code == site), None)
    found_programme = next((one for one in programmes if one.code == programme), None)
    for asked, found in ((district, found_district), (site, found_site), (programme, found_programme)):
        if asked and found is None:
            return None
    return Selection(
        scope, first, last, found_district, found_site, found_programme, districts, of_district, programmes
    )
