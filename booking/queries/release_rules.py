"""Which release rule counts for which site."""

from collections.abc import Sequence

from booking.models import ReleaseRule
from booking.rules.release import ALL_AT_ONCE, Portion, Release
from sites.models import Site


def releases_of(*, programme_id: int, site_ids: Sequence[int]) -> dict[int, Release]:
    """The release of each site that has a rule for the programme: a site's own before its district's, then the city's.

    Sites without any rule are missing. Of two rules of the same kind the one made last counts.
    """
    rules = list(
        ReleaseRule.objects.filter(programme_id=programme_id, is_active=True)
        .order_by("pk")
        .prefetch_related("sites", "districts")
    )
    by_site: dict[int, Release] = {}
    by_district: dict[str, Release] = {}
    city: Release | None = None
    for rule in rules:
        release, sites, districts = _release(rule), list(rule.sites.all()), list(rule.districts.all())
        by_site.update((site.pk, release) for site in sites)
        by_district.update((district.pk, release) for district in districts)
        city = city if sites or districts else release
    found: dict[int, Release] = {}
    for pk, district in Site.objects.filter(pk__in=site_ids).values_list("pk", "district_id"):
        release_of_site = by_site.get(pk) or by_district.get(district) or city
        if release_of_site is not None:
            found[pk] = release_of_site
    return found


def _release(rule: ReleaseRule) -> Release:
    portions = tuple(Portion(percent, minutes) for percent, minutes in rule.portions) or ALL_AT_ONCE
    return Release(rule.opens, rule.days_ahead, portions)
