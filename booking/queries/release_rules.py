"""Which release rule counts for which site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from booking.models import ReleaseRule
from booking.rules.release import ALL_AT_ONCE, Portion, Release
from sites.models import Site


@dataclass(slots=True)
class _Rules:
    """The rules of one programme: those of sites, of districts, and of the city."""

    by_site: dict[int, ReleaseRule] = field(default_factory=dict)
    by_district: dict[str, ReleaseRule] = field(default_factory=dict)
    city: ReleaseRule | None = None

    def add(self, rule: ReleaseRule, sites: Sequence[int], districts: Sequence[str]) -> None:
        self.by_site.update((site_id, rule) for site_id in sites)
        self.by_district.update((code, rule) for code in districts)
        self.city = self.city if sites or districts else rule


class ReleaseRules:
    """The active rules of some programmes, or of all: read once, in one statement, and asked many times.

    A site's own rule counts before its district's, then the city's. Of two of the same kind the one made last counts.
    """

    def __init__(self, programme_ids: Iterable[int] | None = None) -> None:
        rules = ReleaseRule.objects.filter(is_active=True)
        if programme_ids is not None:
            rules = rules.filter(programme_id__in=list(programme_ids))
        self._programmes: dict[int, _Rules] = {}
        sites = ReleaseRule.sites.through.objects.filter(releaserule_id=OuterRef("pk"))
        districts = ReleaseRule.districts.through.objects.filter(releaserule_id=OuterRef("pk"))
        found = rules.order_by("pk").annotate(
            site_ids=ArraySubquery(sites.values("site_id")), codes=ArraySubquery(districts.values("district_id"))
        )
        for rule in found:
            self._programmes.setdefault(rule.programme_id, _Rules()).add(rule, rule.site_ids, rule.codes)

    def rule_of(self, *, programme_id: int, site_id: int, district: str) -> ReleaseRule | None:
        """The rule that counts for the programme at the site, None if there is none."""
        rules = self._programmes.get(programme_id) or _Rules()
        return rules.by_site.get(site_id) or rules.by_district.get(district) or rules.city

    def portions_of(self, *, programme_id: int, site_id: int, district: str) -> Sequence[Portion]:
        """In which portions places come; without a rule all at once."""
        rule = self.rule_of(programme_id=programme_id, site_id=site_id, district=district)
        return release_by(rule).portions if rule is not None else ALL_AT_ONCE


def releases_of(*, programme_id: int, site_ids: Sequence[int]) -> dict[int, Release]:
    """The release of each site that has a rule for the programme; sites without any are missing."""
    rules = ReleaseRules([programme_id])
    found: dict[int, Release] = {}
    for pk, district in Site.objects.filter(pk__in=site_ids).values_list("pk", "district_id"):
        rule = rules.rule_of(programme_id=programme_id, site_id=pk, district=district)
        if rule is not None:
            found[pk] = release_by(rule)
    return found


def sites_ruled_by(rule: ReleaseRule) -> list[Site]:
    """The sites for which this rule counts now, by code: those of its group that no narrower or later rule has."""
    if not rule.is_active:
        return []
    rules = ReleaseRules([rule.programme_id])
    sites = Site.objects.order_by("code")
    return [
        site
        for site in sites
        if rules.rule_of(programme_id=rule.programme_id, site_id=site.pk, district=site.district_id) == rule
    ]


def release_by(rule: ReleaseRule) -> Release:
    """What the rule says, as the rules take it."""
    portions = tuple(Portion(percent, minutes) for percent, minutes in rule.portions) or ALL_AT_ONCE
    return Release(rule.opens, rule.days_ahead, portions)
